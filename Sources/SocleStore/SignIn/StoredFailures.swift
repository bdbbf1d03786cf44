// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleOIDC

/// `FailureRecords` on either store.
package struct StoredFailures: FailureRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func recent(
        account: String, address: String, since: Instant
    ) async throws(RecordsUnavailable) -> RecentFailures {
        let minute = FailureCount.minute(of: since)
        return try await database.readForSignIn { connection throws(StoreError) in
            RecentFailures(
                pair: try Self.tally(
                    try connection.row(
                        Self.ofPair, [.text(account), .text(address), .integer(minute), .instant(since)])),
                account: try Self.tally(
                    try connection.row(Self.ofAccount, [.text(account), .integer(minute), .instant(since)])),
                address: try Self.tally(
                    try connection.row(Self.ofAddress, [.text(address), .integer(minute), .instant(since)])))
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

    private static func tally(_ row: Row?) throws(StoreError) -> RecentFailures.Tally {
        guard let row, let last = try row.optionalInstant(1) else { return RecentFailures.Tally() }
        return RecentFailures.Tally(count: try row.integer(0), last: last)
    }

    // PostgreSQL makes a numeric of the sum of bigints: it is brought back. The minute finds the rows by index, the
    // instant leaves out what is older than the window within its first minute.
    private static let sums = "SELECT CAST(COALESCE(SUM(failures), 0) AS BIGINT), MAX(last_at) FROM sign_in_failures"
    private static let ofPair = Statement(
        "\(sums) WHERE account = $1 AND address = $2 AND minute >= $3 AND last_at >= $4")
    private static let ofAccount = Statement("\(sums) WHERE account = $1 AND minute >= $2 AND last_at >= $3")
    private static let ofAddress = Statement("\(sums) WHERE address = $1 AND minute >= $2 AND last_at >= $3")
    private static let untold: Statement = """
        SELECT account, address, minute, failures, reported, last_at FROM sign_in_failures
        WHERE reported < failures AND minute < $1 ORDER BY minute, account, address LIMIT $2
        """
}
