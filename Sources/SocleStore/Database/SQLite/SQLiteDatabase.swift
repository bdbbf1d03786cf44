// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import GRDB

/// The embedded store: one file in WAL mode, one writing connection, several reading ones.
///
/// Reads run where they are asked: a look-up by key takes microseconds from memory, less than handing it to another
/// thread and back, and no reader waits for the writer in WAL mode (docs/decisions/0006-sqlite-reads-in-place.md).
package final class SQLiteDatabase: WritableDatabase {
    package let path: String
    /// The writer: its own readers are not used.
    private let pool: DatabasePool
    private let readers: SQLiteReaders

    /// Opens the file, making it (mode 0600) if need be.
    /// - Throws: `failed` when the file cannot be made durable.
    package init(path: String) throws(StoreError) {
        self.path = path
        // WAL and shared-memory files take the mode of the database file.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.unavailable, "cannot open `\(path)`: \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 1
        pool = try StoreError.catching { try DatabasePool(path: path, configuration: configuration) }
        readers = SQLiteReaders(path: path)
        try write { connection throws(StoreError) in
            // INVARIANT: after opening. The pool itself sets NORMAL when it turns WAL on, after any preparation of ours.
            _ = try connection.execute("PRAGMA synchronous = FULL")
        }
        try assertDurable()
    }

    package func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try readers.read { connection throws(StoreError) in
            try connection.execute(SQLiteDatabase.beginRead)
            let value: Value
            do throws(StoreError) {
                value = try body(connection)
            } catch {
                _ = try? connection.execute(Transaction.rollback)
                throw error
            }
            try connection.execute(Transaction.commit)
            return value
        }
    }

    package func rows(
        _ statement: Statement, _ parameters: [DatabaseValue]
    ) async throws(StoreError) -> [Row] {
        // A statement alone is its own snapshot.
        try readers.read { connection throws(StoreError) in
            try connection.rows(statement, parameters)
        }
    }

    package func write<Value>(
        _ body: (any Connection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try pool.writeWithoutTransaction { database -> Result<Value, StoreError> in
            let connection = SQLiteConnection(database)
            do throws(StoreError) {
                return .success(try body(connection))
            } catch {
                if connection.inTransaction { _ = try? connection.execute(Transaction.rollback) }
                return .failure(error)
            }
        }.get()
    }

    package func assertDurable() throws(StoreError) {
        try write { connection throws(StoreError) in
            let mode = try connection.row("PRAGMA journal_mode")?.text(0) ?? ""
            guard mode == "wal" else {
                throw StoreError(.failed, "`\(path)` is not durable: its journal mode is `\(mode)`, not `wal`")
            }
            let level = try connection.row("PRAGMA synchronous")?.integer(0) ?? 0
            guard level >= 2 else {
                throw StoreError(.failed, "`\(path)` is not durable: synchronous is \(level), not FULL (2)")
            }
        }
    }

    private static let beginRead: Statement = "BEGIN DEFERRED"
}
