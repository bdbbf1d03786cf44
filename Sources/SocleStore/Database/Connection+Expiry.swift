// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A statement that deletes what ended before `$1`, at most `$2` rows.
struct Expiry {
    var statement: Statement
    var before: DatabaseValue

    /// Rows in one step at most, of all kinds together: a step holds the writer no longer than that (DESIGN 6).
    static let step = 1000
}

extension Connection {
    /// One step of expiry: the deletions in their order, until so many rows are gone.
    /// - Returns: the rows deleted; zero when nothing has expired.
    func delete(_ expiries: [Expiry], limit: Int) throws(StoreError) -> Int {
        let limit = max(0, min(limit, Expiry.step))
        var deleted = 0
        for expiry in expiries where deleted < limit {
            deleted += try execute(expiry.statement, [expiry.before, .integer(Int64(limit - deleted))])
        }
        return deleted
    }
}
