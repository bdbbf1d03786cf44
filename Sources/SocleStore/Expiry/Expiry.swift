// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity

/// Rows that nothing needs after an instant they carry, deleted in the background through the lane: at most 1,000 at
/// a time, so that no answer waits behind a long transaction.
package struct ExpiryRule: Sendable {
    package static let batch: Int64 = 1000

    fileprivate let deletion: Statement
    fileprivate let probe: Statement

    /// - Parameters: names written in the source, never input: the table, its key, and the indexed column that holds
    ///   the instant from which a row is over.
    package init(table: StaticString, key: StaticString, expires: StaticString) {
        deletion = Statement(
            """
            DELETE FROM \(table) WHERE \(key) IN
            (SELECT \(key) FROM \(table) WHERE \(expires) <= $1 ORDER BY \(expires) LIMIT $2)
            """)
        probe = Statement("SELECT 1 FROM \(table) WHERE \(expires) <= $1 LIMIT 1")
    }
}

/// One batch of deletions, as a change of the lane.
struct ExpiryBatch: StoredChange {
    var rule: ExpiryRule
    var instant: Instant

    func apply(on connection: any Connection) throws(StoreError) -> Bool {
        try connection.execute(rule.deletion, [.instant(instant), .integer(ExpiryRule.batch)])
        return true
    }
}

package enum Expiry {
    /// Deletes what those rules say is over at the instant, batch after batch.
    /// - Parameter pause: between two batches, for other work.
    package static func sweep(
        _ rules: [ExpiryRule], _ database: any Database, _ lane: any CommitLane, at instant: Instant,
        pause: Duration = .milliseconds(50)
    ) async throws {
        for rule in rules {
            while try await database.row(rule.probe, [.instant(instant)]) != nil {
                let batch = Submission(changes: [ExpiryBatch(rule: rule, instant: instant)], entry: nil)
                _ = try await lane.commit(batch)
                try await Task.sleep(for: pause)
            }
        }
    }
}
