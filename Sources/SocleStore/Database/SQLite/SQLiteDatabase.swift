// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// The embedded store: one file in WAL mode, one writing connection, several reading ones.
///
/// Reads run where they are asked: a look-up by key takes microseconds from memory, less than handing it to another
/// thread and back, and no reader waits for the writer in WAL mode (docs/decisions/0006-sqlite-reads-in-place.md).
package final class SQLiteDatabase: WritableDatabase {
    package let path: String
    private let writer: SQLiteWriter
    private let readers: SQLiteReaders
    private let epochs: SQLiteEpochs?

    /// Which of the processes on one file copies its WAL into it, inside a COMMIT.
    package enum Checkpoints: Int, Sendable {
        /// The server, every thousand pages.
        case own = 1000
        /// A command, which may run beside a server: the server makes them, unless 64 MB wait. SQLite before 3.51.3 can
        /// lose what is committed while a second connection checkpoints (https://www.sqlite.org/wal.html#walresetbug).
        case left = 16_384
    }

    /// Opens the file, making it (mode 0600) if need be.
    /// - Throws: `failed` when the file cannot be made durable.
    package init(path: String, checkpoints: Checkpoints = .own) throws(StoreError) {
        self.path = path
        // WAL and shared-memory files take the mode of the database file.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.unavailable, "cannot open `\(path)`: \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        let handle = try SQLiteHandle(path: path, readOnly: false)
        writer = SQLiteWriter(handle)
        readers = SQLiteReaders(path: path)
        try writer.write { connection throws(StoreError) in
            _ = try connection.rows("PRAGMA journal_mode = WAL")
            _ = try connection.execute("PRAGMA synchronous = FULL")
            _ = try connection.rows(Statement("PRAGMA wal_autocheckpoint = \(checkpoints.rawValue)"))
            _ = try connection.execute("PRAGMA foreign_keys = ON")
            // A first read makes the WAL: a reading connection could not.
            _ = try connection.rows("SELECT count(*) FROM sqlite_master")
        }
        epochs = SQLiteEpochs(handle)
        try assertDurable()
    }

    package var epoch: StoreEpoch? { epochs?.current }

    package func carry(_ epoch: StoreEpoch) { epochs?.carry(epoch) }

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
        try writer.write { connection throws(StoreError) in
            do throws(StoreError) {
                return try body(connection)
            } catch {
                if connection.inTransaction { _ = try? connection.execute(Transaction.rollback) }
                throw error
            }
        }
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

/// The one writing connection of this process: writers of one process wait for each other here, and for those of another
/// process in SQLite.
///
/// INVARIANT: `handle` is used under `lock` only. A `Mutex` cannot lend a value to a body that returns one that is not
/// `Sendable`.
final class SQLiteWriter: @unchecked Sendable {
    private let lock = NSLock()
    private let handle: SQLiteHandle

    init(_ handle: SQLiteHandle) { self.handle = handle }

    func write<Value>(_ body: (SQLiteConnection) throws(StoreError) -> Value) throws(StoreError) -> Value {
        lock.lock()
        defer { lock.unlock() }
        return try body(SQLiteConnection(handle))
    }
}
