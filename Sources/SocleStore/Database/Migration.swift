// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One step of the schema, applied once, in one transaction.
///
/// Types that both stores take as written: `TEXT`, `BIGINT` (integers, booleans as 0 and 1, instants in
/// milliseconds) and `BYTEA` (SQLite keeps the bytes as they are).
package struct Migration: Sendable {
    /// `area-number-subject`, never reused nor changed once landed.
    package let id: String
    package let statements: [Statement]

    package init(_ id: String, _ statements: Statement...) { self.init(id, statements: statements) }

    package init(_ id: String, statements: [Statement]) {
        self.id = id
        self.statements = statements
    }
}

/// A database with its one writing connection, as the lane and the migrations use it.
package protocol WritableDatabase: Database {
    /// Runs the body on the writing connection, outside any transaction; blocks the calling thread.
    /// A body that throws leaves no transaction open: what was open is rolled back.
    func write<Value>(_ body: (any Connection) throws(StoreError) -> Value) throws(StoreError) -> Value

    /// Proves that a commit survives a power cut, or throws with the setting to change.
    func assertDurable() throws(StoreError)

    /// Told after a COMMIT on the writing connection that wrote the journal's tables alone, in a transaction that found
    /// that epoch.
    func carry(_ epoch: StoreEpoch)
}

extension WritableDatabase {
    package func carry(_ epoch: StoreEpoch) {}
}

extension WritableDatabase {
    /// Brings the schema to what this binary knows. Two processes may call it at once; a second call does nothing.
    /// - Returns: the identifiers of the migrations applied by this call.
    /// - Throws: `failed` for a database that holds a migration this binary does not know.
    @discardableResult
    package func migrate(_ migrations: [Migration] = Migrations.all) throws(StoreError) -> [String] {
        try write { connection throws(StoreError) in
            try connection.transaction { () throws(StoreError) in
                // Held to the end of the transaction: CREATE TABLE IF NOT EXISTS alone fails in a race.
                try connection.execute(Migrations.lock)
                try connection.execute(Migrations.createTable)
            }
            var applied: [String] = []
            for migration in migrations {
                let done = try connection.transaction { () throws(StoreError) in
                    try connection.execute(Migrations.lock)
                    return try Migrations.apply(migration, known: migrations, on: connection)
                }
                if done { applied.append(migration.id) }
            }
            return applied
        }
    }
}

extension Connection {
    /// One transaction around the body, rolled back when it throws.
    package func transaction<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        try execute(Transaction.begin)
        let value: Value
        do throws(StoreError) {
            value = try body()
            try execute(Transaction.commit)
        } catch {
            _ = try? execute(Transaction.rollback)
            throw error
        }
        return value
    }
}

enum Transaction {
    // SQLite takes the write lock at once: a reader that becomes a writer would fail instead of waiting.
    static let begin = Statement(postgres: "BEGIN", sqlite: "BEGIN IMMEDIATE")
    static let commit: Statement = "COMMIT"
    static let rollback: Statement = "ROLLBACK"
    static let savepoint: Statement = "SAVEPOINT item"
    static let release: Statement = "RELEASE SAVEPOINT item"
    static let undo: Statement = "ROLLBACK TO SAVEPOINT item"
}
