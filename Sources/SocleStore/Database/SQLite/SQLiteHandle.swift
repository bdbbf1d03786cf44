// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CSQLite

/// One open connection and its prepared statements.
///
/// INVARIANT: used by one thread at a time: SQLite's own locks are off. `SQLiteReaders` and `SQLiteWriter` see to it.
final class SQLiteHandle: @unchecked Sendable {
    let connection: OpaquePointer
    private var prepared: [Statement: OpaquePointer] = [:]

    /// How long a statement waits for a lock of another process.
    private static let busyMilliseconds: Int32 = 5000
    /// SQLite reads its configuration once, before the first connection.
    private static let configured = socle_sqlite_configure()

    init(path: String, readOnly: Bool) throws(StoreError) {
        guard SQLiteHandle.configured == SQLITE_OK else {
            throw StoreError(sqlite: SQLiteHandle.configured, message: "SQLite was started by something else")
        }
        var opened: OpaquePointer?
        let flags =
            SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE)
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened else { throw StoreError(.unavailable, "no memory for a connection to `\(path)`") }
        guard code == SQLITE_OK else {
            let message = String(cString: sqlite3_errmsg(opened))
            sqlite3_close_v2(opened)
            throw StoreError(sqlite: code, message: message)
        }
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, SQLiteHandle.busyMilliseconds)
        connection = opened
    }

    deinit {
        for statement in prepared.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(connection)
    }

    var inTransaction: Bool { sqlite3_get_autocommit(connection) == 0 }
    var message: String { String(cString: sqlite3_errmsg(connection)) }

    /// The statement compiled, once for this connection.
    func prepared(_ statement: Statement) throws(StoreError) -> OpaquePointer {
        if let known = prepared[statement] { return known }
        var compiled: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, statement.sqlite, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK, let compiled else { throw StoreError(sqlite: code, message: message) }
        prepared[statement] = compiled
        return compiled
    }
}

extension StoreError {
    init(sqlite code: Int32, message: String) {
        let kind: Kind =
            switch code & 0xFF {
            case SQLITE_CONSTRAINT: .constraint
            case SQLITE_BUSY, SQLITE_LOCKED: .contention
            case SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_NOTADB: .unavailable
            default: .failed
            }
        self.init(kind, "\(message) (SQLite \(code))")
    }
}
