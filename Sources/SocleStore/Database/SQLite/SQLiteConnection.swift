// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import GRDB
import GRDBSQLite

/// A connection of the pool, for the time of one read or write.
///
/// Statements come from the pool's cache of prepared statements; binding and stepping call SQLite directly, which
/// costs half of what the pool's own value conversions do.
struct SQLiteConnection: Connection {
    private let database: GRDB.Database

    init(_ database: GRDB.Database) { self.database = database }

    var inTransaction: Bool { database.isInsideTransaction }

    func rows(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> [Row] {
        var rows: [Row] = []
        try run(statement, parameters) { handle throws(StoreError) in rows.append(try SQLiteConnection.row(handle)) }
        return rows
    }

    @discardableResult
    func execute(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> Int {
        try run(statement, parameters) { _ in }
        return database.changesCount
    }

    private func run(
        _ statement: Statement, _ parameters: [DatabaseValue],
        each: (OpaquePointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        let prepared = try StoreError.catching { try database.cachedStatement(sql: statement.sqlite) }
        let handle = prepared.sqliteStatement
        defer {
            sqlite3_reset(handle)
            if !parameters.isEmpty { sqlite3_clear_bindings(handle) }
        }
        let expected = Int(sqlite3_bind_parameter_count(handle))
        guard expected == parameters.count else {
            throw StoreError(.failed, "a statement of \(expected) parameters was given \(parameters.count)")
        }
        for (index, value) in parameters.enumerated() { try bind(value, at: Int32(index + 1), of: handle) }
        while true {
            let code = sqlite3_step(handle)
            switch code {
            case SQLITE_ROW: try each(handle)
            case SQLITE_DONE: return
            default: throw StoreError(sqlite: code, message: message)
            }
        }
    }

    private func bind(_ value: DatabaseValue, at index: Int32, of handle: OpaquePointer) throws(StoreError) {
        let code: Int32
        switch value {
        case .null: code = sqlite3_bind_null(handle, index)
        case .integer(let number): code = sqlite3_bind_int64(handle, index, number)
        case .text(var text):
            code = text.withUTF8 { bytes in
                // PostgreSQL cannot hold U+0000 in a text, and C code reading ours would stop there.
                guard !bytes.contains(0) else { return SQLITE_MISMATCH }
                guard let start = bytes.baseAddress else { return sqlite3_bind_text(handle, index, "", 0, transient) }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_bind_text(handle, index, $0, Int32(bytes.count), transient)
                }
            }
            guard code != SQLITE_MISMATCH else { throw StoreError(.failed, "a text holds U+0000") }
        case .blob(let blob):
            code =
                blob.isEmpty
                ? sqlite3_bind_zeroblob(handle, index, 0)
                : blob.withUnsafeBytes {
                    sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count), transient)
                }
        }
        guard code == SQLITE_OK else { throw StoreError(sqlite: code, message: message) }
    }

    private static func row(_ handle: OpaquePointer) throws(StoreError) -> Row {
        var values: [DatabaseValue] = []
        let count = sqlite3_column_count(handle)
        values.reserveCapacity(Int(count))
        for column in 0..<count {
            switch sqlite3_column_type(handle, column) {
            case SQLITE_NULL: values.append(.null)
            case SQLITE_INTEGER: values.append(.integer(sqlite3_column_int64(handle, column)))
            case SQLITE_TEXT:
                let text = UnsafeBufferPointer(
                    start: sqlite3_column_text(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
                values.append(.text(String(decoding: text, as: UTF8.self)))
            case SQLITE_BLOB:
                let bytes = UnsafeRawBufferPointer(
                    start: sqlite3_column_blob(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
                values.append(.blob([UInt8](bytes)))
            default: throw StoreError(.failed, "column \(column) is a floating-point number")
            }
        }
        return Row(values)
    }

    private var message: String {
        database.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) } ?? "connection closed"
    }
}

/// SQLITE_TRANSIENT, a cast that C macros cannot bring over: SQLite copies the bytes before returning.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension StoreError {
    init(sqlite code: Int32, message: String) {
        let kind: Kind =
            switch code & 0xFF {
            case SQLITE_CONSTRAINT: .constraint
            case SQLITE_BUSY, SQLITE_LOCKED: .contention
            case SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_NOTADB:
                .unavailable
            default: .failed
            }
        self.init(kind, "\(message) (SQLite \(code))")
    }

    /// What the pool throws, as ours. The statement's text is left out: only its fault is told.
    static func catching<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StoreError(sqlite: error.extendedResultCode.rawValue, message: error.message ?? "no message")
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.failed, "\(type(of: error))")
        }
    }
}
