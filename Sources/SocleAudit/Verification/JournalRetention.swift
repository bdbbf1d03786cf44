// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// How long the body of an entry must be kept. The chain goes on without it, so that only its age tells an erasure that
/// retention allows from one that hides an access.
package struct JournalRetention: Hashable, Sendable {
    package let years: Int

    /// nil below one year and above a hundred.
    package init?(years: Int) {
        guard (1...100).contains(years) else { return nil }
        self.years = years
    }

    private init(_ years: Int) { self.years = years }

    /// For as long as somebody may have to answer for an act of care (CSP art. L.1142-28).
    package static let usual = JournalRetention(10)

    /// The bodies of that instant and later are to be there: so many years are never fewer days.
    func start(at now: Instant) -> Instant { now - .days(Int64(years * 365 + years / 4)) }
}
