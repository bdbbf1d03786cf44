// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit

/// A connection of one of the two drivers, used by one thread at a time. All calls block.
package protocol Connection {
    /// Runs one statement, prepared once and cached, and returns its rows (those of RETURNING for a write).
    func rows(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> [Row]

    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    func execute(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> Int
}

extension Connection {
    package func rows(_ statement: Statement) throws(StoreError) -> [Row] { try rows(statement, []) }
    package func row(_ statement: Statement, _ parameters: [DatabaseValue] = []) throws(StoreError) -> Row? {
        try rows(statement, parameters).first
    }
    @discardableResult
    package func execute(_ statement: Statement) throws(StoreError) -> Int { try execute(statement, []) }
}

/// How a domain's change is written. Declared in the store beside the records it writes:
/// `extension ConsentChange: StoredChange { ... }`.
package protocol StoredChange: RecordChange {
    /// Applies the change inside the lane's transaction, bumping the revision of each record it alters.
    /// - Returns: false when its precondition does not hold (a code already redeemed): the submission is undone.
    func apply(on connection: any Connection) throws(StoreError) -> Bool
}

/// A store opened: one of two drivers behind one face.
package protocol Database: Sendable {
    /// Reads in one snapshot: every statement of the body sees the same state. Never writes.
    func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value

    /// Reads with one statement, which is a snapshot by itself and costs no transaction.
    func rows(_ statement: Statement, _ parameters: [DatabaseValue]) async throws(StoreError) -> [Row]

    /// The present epoch; nil when the store cannot tell it without being asked.
    var epoch: StoreEpoch? { get }
}

extension Database {
    package func row(_ statement: Statement, _ parameters: [DatabaseValue] = []) async throws(StoreError) -> Row? {
        try await rows(statement, parameters).first
    }
}

extension Connection {
    /// The first column of every row.
    func texts(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> [String] {
        var texts: [String] = []
        for row in try rows(statement, parameters) { texts.append(try row.text(0)) }
        return texts
    }
}
