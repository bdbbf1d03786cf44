// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// The scale-out store: PostgreSQL 15 or later, through libpq.
///
/// Reading sessions each belong to a thread; one more session writes. Every session looks for the writable node of
/// those the connection string names, so that reads are never behind an acknowledged write.
package final class PostgresDatabase: WritableDatabase {
    private let conninfo: String
    private let readers: BlockingThreads<PostgresConnection>
    private let writer: PostgresWriter

    /// Connects once, and proves the server durable.
    /// - Parameter conninfo: a libpq connection string or URI.
    /// - Throws: `unavailable` without a connection, `failed` when the server would lose what it answered.
    package init(conninfo: String, readers count: Int = 6) throws(StoreError) {
        self.conninfo = conninfo
        readers = BlockingThreads(name: "store-read", count: count)
        writer = PostgresWriter(conninfo: conninfo)
        try assertDurable()
    }

    package func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await reading { connection throws(StoreError) in
            try connection.execute(PostgresDatabase.beginRead)
            let value: Value
            do throws(StoreError) {
                value = try body(connection)
            } catch {
                if !connection.isLost { _ = try? connection.execute(Transaction.rollback) }
                throw error
            }
            try connection.execute(Transaction.commit)
            return value
        }
    }

    package func rows(_ statement: Statement, _ parameters: [DatabaseValue]) async throws(StoreError) -> [Row] {
        try await reading { connection throws(StoreError) in try connection.rows(statement, parameters) }
    }

    package func write<Value>(
        _ body: (any Connection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try writer.write(body)
    }

    package func assertDurable() throws(StoreError) {
        // Each writing session is checked as it opens.
        try writer.write { connection throws(StoreError) in try PostgresWriter.assertDurable(connection) }
    }

    private static let beginRead: Statement = "BEGIN ISOLATION LEVEL REPEATABLE READ"

    /// Runs on a reader's own session; once more on a new one when the session had been lost since its last use.
    private func reading<Value: Sendable>(
        _ body: @Sendable @escaping (PostgresConnection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let conninfo = conninfo
        return try await readers.run { session throws(StoreError) in
            let reused = session != nil
            do throws(StoreError) {
                return try body(try PostgresDatabase.opened(&session, conninfo))
            } catch {
                guard session?.isLost ?? true else { throw error }
                session = nil
                guard reused else { throw error }
            }
            return try body(try PostgresDatabase.opened(&session, conninfo))
        }
    }

    private static func opened(
        _ session: inout PostgresConnection?, _ conninfo: String
    ) throws(StoreError) -> PostgresConnection {
        if let session { return session }
        let opened = try PostgresConnection(conninfo: conninfo, readOnly: true)
        session = opened
        return opened
    }
}

/// The one writing session, opened again when it is lost.
///
/// INVARIANT: `connection` is used under `lock` only. A `Mutex` cannot lend a value that is not `Sendable` to a
/// body that returns one.
final class PostgresWriter: @unchecked Sendable {
    private let conninfo: String
    private let lock = NSLock()
    private var connection: PostgresConnection?

    init(conninfo: String) { self.conninfo = conninfo }

    func write<Value>(_ body: (any Connection) throws(StoreError) -> Value) throws(StoreError) -> Value {
        lock.lock()
        defer { lock.unlock() }
        let connection = try opened()
        do throws(StoreError) {
            return try body(connection)
        } catch {
            if error.kind == .unavailable || connection.isLost {
                self.connection = nil
            } else if connection.inTransaction {
                do throws(StoreError) {
                    try connection.execute(Transaction.rollback)
                } catch { self.connection = nil }
            }
            throw error
        }
    }

    private func opened() throws(StoreError) -> PostgresConnection {
        if let connection, !connection.isLost { return connection }
        let opened = try PostgresConnection(conninfo: conninfo, readOnly: false)
        // A server restarted with other settings, or another node after a failover, is checked like the first.
        try PostgresWriter.assertDurable(opened)
        connection = opened
        return opened
    }

    static func assertDurable(_ connection: any Connection) throws(StoreError) {
        for (name, accepted) in [
            ("fsync", ["on"]), ("full_page_writes", ["on"]), ("synchronous_commit", ["on", "remote_apply"]),
        ] {
            let value = try connection.row("SELECT current_setting($1)", [.text(name)])?.text(0) ?? ""
            guard accepted.contains(value) else {
                throw StoreError(
                    .failed, "this PostgreSQL server is not durable: `\(name)` is `\(value)`; set it to `on`")
            }
        }
    }
}
