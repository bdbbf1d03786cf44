// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A point in time.
///
/// - Unit: milliseconds since 1970-01-01T00:00:00Z, as stored and compared everywhere.
package struct Instant: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// Whole seconds since the epoch, rounded down: a JWT NumericDate (RFC 7519 §2).
    package var seconds: Int64 { Int64((Double(milliseconds) / 1000).rounded(.down)) }

    /// This one, or the first after the other: what is said after something is later, whatever the clocks say.
    package func after(_ other: Instant?) -> Instant { other.map { max(self, $0 + .milliseconds(1)) } ?? self }

    package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Instant, b: Duration) -> Instant {
        Instant(milliseconds: a.milliseconds + b.milliseconds)
    }
    package static func - (a: Instant, b: Duration) -> Instant {
        Instant(milliseconds: a.milliseconds - b.milliseconds)
    }
    package static func - (a: Instant, b: Instant) -> Duration { .milliseconds(a.milliseconds - b.milliseconds) }
}

extension Duration {
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    package static func minutes(_ count: Int64) -> Duration { .seconds(count * 60) }
    package static func hours(_ count: Int64) -> Duration { .seconds(count * 3600) }
    package static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }
}

/// A half-open period `[start, end)`; no end means it is open.
package struct Period: Hashable, Sendable {
    package var start: Instant
    package var end: Instant?

    package init(start: Instant, end: Instant? = nil) {
        self.start = start
        self.end = end
    }

    package func contains(_ instant: Instant) -> Bool {
        start <= instant && (end.map { instant < $0 } ?? true)
    }

    /// Whether no instant is in it.
    package var isEmpty: Bool { end.map { $0 <= start } ?? false }

    /// Whether the period is over at the instant.
    package func ended(by instant: Instant) -> Bool { end.map { $0 <= instant } ?? false }
}
