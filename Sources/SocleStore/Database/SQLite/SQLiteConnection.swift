// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CSQLite

/// A connection for the time of one read or write.
struct SQLiteConnection: Connection {
    private let handle: SQLiteHandle

    init(_ handle: SQLiteHandle) { self.handle = handle }

    var inTransaction: Bool { handle.inTransaction }

    func rows(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> [Row] {
        var rows: [Row] = []
        try run(statement, parameters) { handle throws(StoreError) in rows.append(try SQLiteConnection.row(handle)) }
        return rows
    }

    @discardableResult
    func execute(_ statement: Statement, _ parameters: [DatabaseValue]) throws(StoreError) -> Int {
        try run(statement, parameters) { _ in }
        return Int(sqlite3_changes(handle.connection))
    }

    private func run(
        _ statement: Statement, _ parameters: [DatabaseValue],
        each: (OpaquePointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        let prepared = try handle.prepared(statement)
        defer {
            sqlite3_reset(prepared)
            if !parameters.isEmpty { sqlite3_clear_bindings(prepared) }
        }
        let expected = Int(sqlite3_bind_parameter_count(prepared))
        guard expected == parameters.count else {
            throw StoreError(.failed, "a statement of \(expected) parameters was given \(parameters.count)")
        }
        for (index, value) in parameters.enumerated() { try bind(value, at: Int32(index + 1), of: prepared) }
        while true {
            let code = sqlite3_step(prepared)
            switch code {
            case SQLITE_ROW: try each(prepared)
            case SQLITE_DONE: return
            default: throw StoreError(sqlite: code, message: handle.message)
            }
        }
    }

    private func bind(_ value: DatabaseValue, at index: Int32, of statement: OpaquePointer) throws(StoreError) {
        let code: Int32
        switch value {
        case .null: code = sqlite3_bind_null(statement, index)
        case .integer(let number): code = sqlite3_bind_int64(statement, index, number)
        case .text(var text):
            code = text.withUTF8 { bytes in
                // PostgreSQL cannot hold U+0000 in a text, and C code reading ours would stop there.
                guard !bytes.contains(0) else { return SQLITE_MISMATCH }
                // An empty text has no address, and a null one would bind NULL.
                guard let start = bytes.baseAddress else { return socle_sqlite_bind_text(statement, index, "", 0) }
                return socle_sqlite_bind_text(statement, index, start, Int32(bytes.count))
            }
            guard code != SQLITE_MISMATCH else { throw StoreError(.failed, "a text holds U+0000") }
        case .blob(let blob):
            code =
                blob.isEmpty
                ? sqlite3_bind_zeroblob(statement, index, 0)
                : blob.withUnsafeBytes {
                    socle_sqlite_bind_blob(statement, index, $0.baseAddress, Int32($0.count))
                }
        }
        guard code == SQLITE_OK else { throw StoreError(sqlite: code, message: handle.message) }
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
}
