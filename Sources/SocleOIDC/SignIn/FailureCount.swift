// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Failures of one account from one address within one minute.
package struct FailureCount: Hashable, Sendable {
    /// A `sub`, `client:` and a client id, or `unknown:` and a short digest of what was typed: never what was typed.
    package var account: String
    /// An address, or the network it stands for.
    package var address: String
    /// Minutes since the epoch.
    package var minute: Int64
    package var count: Int64
    /// How many of them the journal already tells of.
    package var reported: Int64
    package var last: Instant

    package init(
        account: String, address: String, minute: Int64, count: Int64, reported: Int64 = 0, last: Instant
    ) {
        self.account = account
        self.address = address
        self.minute = minute
        self.count = count
        self.reported = reported
        self.last = last
    }

    package static func minute(of instant: Instant) -> Int64 { instant.seconds / 60 }
}

/// Failures since an instant, as back-off needs them.
package struct RecentFailures: Hashable, Sendable {
    package struct Tally: Hashable, Sendable {
        package var count: Int64
        package var last: Instant?

        package init(count: Int64 = 0, last: Instant? = nil) {
            self.count = count
            self.last = last
        }
    }

    /// Of this account from this address.
    package var pair: Tally
    /// Of this account from anywhere.
    package var account: Tally
    /// Of any account from this address.
    package var address: Tally

    package init(pair: Tally = Tally(), account: Tally = Tally(), address: Tally = Tally()) {
        self.pair = pair
        self.account = account
        self.address = address
    }
}

package protocol FailureRecords: Sendable {
    func recent(account: String, address: String, since: Instant) async throws(RecordsUnavailable) -> RecentFailures
    /// Counts of minutes before that one, of which the journal does not tell all yet.
    func unreported(beforeMinute minute: Int64, limit: Int) async throws(RecordsUnavailable) -> [FailureCount]
}
