// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// The reading connections of one file: as many as there are threads reading at once, each used by one at a time.
final class SQLiteReaders: Sendable {
    private let idle = Mutex<[SQLiteHandle]>([])
    private let path: String

    init(path: String) { self.path = path }

    func read<Value>(_ body: (SQLiteConnection) throws(StoreError) -> Value) throws(StoreError) -> Value {
        let free = idle.withLock { $0.popLast() }
        let reader = if let free { free } else { try SQLiteHandle(path: path, readOnly: true) }
        defer { idle.withLock { $0.append(reader) } }
        return try body(SQLiteConnection(reader))
    }
}
