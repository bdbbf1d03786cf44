// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// The stays of one member in one record, the earliest first: what leaving one of several merged records ends in the
/// others.
package struct Stays: Sendable {
    private var stays: [(id: String, period: Period)] = []

    package init() {}

    /// - Parameter period: that begins no earlier than those before.
    package mutating func add(_ id: String, _ period: Period) { stays.append((id, period)) }

    /// Until when the record lists them without a gap, from that instant on; nil when no end is known.
    package func end(from instant: Instant) -> Instant? {
        var last = instant
        for (_, period) in stays where period.start <= last {
            guard let end = period.end else { return nil }
            last = max(last, end)
        }
        return last
    }

    /// Those that had begun by then and go on, with those that begin where one of these ends: a stay that was
    /// lengthened is several. One that is to begin later is left.
    package func lasting(beyond instant: Instant) -> [String] {
        var continued: Set<Instant> = []
        var lasting: [String] = []
        for (id, period) in stays where period.start < instant || continued.contains(period.start) {
            guard !period.ended(by: instant) else { continue }
            lasting.append(id)
            if let end = period.end { continued.insert(end) }
        }
        return lasting
    }
}
