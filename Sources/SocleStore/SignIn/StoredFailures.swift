// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
package import SocleOIDC

/// `FailureRecords` on either store.
package struct StoredFailures: FailureRecords {
    private struct Asked: Hashable {
        var account: String
        var address: String
    }

    private let database: any Database
    /// Of whom nothing was counted, for as long as the epoch lasts in which nothing was.
    private let blameless: StampedMemory<Asked, Void>

    /// - Parameter remembering: how many accounts and addresses without a failure are kept at most.
    package init(_ database: any Database, remembering: Int = 8192) {
        self.database = database
        blameless = StampedMemory(limit: remembering)
    }

    package func recent(
        account: String, address: String, since: Instant
    ) async throws(RecordsUnavailable) -> RecentFailures {
        let asked = Asked(account: account, address: address)
        let epoch = database.epoch
        if let epoch, blameless[asked]?.confirmed == epoch.number { return RecentFailures() }
        do throws(StoreError) {
            // One statement: this is read before every authentication of a client.
            let row = try await database.row(
                Self.recent,
                [.text(account), .text(address), .integer(FailureCount.minute(of: since)), .instant(since)])
            let recent = RecentFailures(
                pair: try Self.tally(row, from: 0), account: try Self.tally(row, from: 2),
                address: try Self.tally(row, from: 4))
            if let epoch, recent == RecentFailures() { blameless.remember(asked, (), stamp: Stamp(), at: epoch.number) }
            return recent
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }

    package func unreported(
        beforeMinute minute: Int64, limit: Int
    ) async throws(RecordsUnavailable) -> [FailureCount] {
        try await database.readForSignIn { connection throws(StoreError) in
            var counts: [FailureCount] = []
            for row in try connection.rows(Self.untold, [.integer(minute), .integer(Int64(max(0, min(limit, 1000))))]) {
                counts.append(
                    FailureCount(
                        account: try row.text(0), address: try row.text(1), minute: try row.integer(2),
                        count: try row.integer(3), reported: try row.integer(4), last: try row.instant(5)))
            }
            return counts
        }
    }

    private static func tally(_ row: Row?, from column: Int) throws(StoreError) -> RecentFailures.Tally {
        guard let row, let last = try row.optionalInstant(column + 1) else { return RecentFailures.Tally() }
        return RecentFailures.Tally(count: try row.integer(column), last: last)
    }

    // PostgreSQL makes a numeric of the sum of bigints: it is brought back. The minute finds the rows by index, the
    // instant leaves out what is older than the window within its first minute.
    private static func sums(_ condition: String) -> String {
        """
        CAST(COALESCE(SUM(CASE WHEN \(condition) THEN failures ELSE 0 END), 0) AS BIGINT),
            MAX(CASE WHEN \(condition) THEN last_at END)
        """
    }
    private static let recent = Statement(
        """
        SELECT \(sums("account = $1 AND address = $2")), \(sums("account = $1")), \(sums("address = $2"))
        FROM sign_in_failures WHERE (account = $1 OR address = $2) AND minute >= $3 AND last_at >= $4
        """)
    private static let untold: Statement = """
        SELECT account, address, minute, failures, reported, last_at FROM sign_in_failures
        WHERE reported < failures AND minute < $1 ORDER BY minute, account, address LIMIT $2
        """
}
