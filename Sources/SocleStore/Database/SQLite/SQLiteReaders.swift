// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import GRDB
import Synchronization

/// The reading connections of one file: as many as there are threads reading at once, each used by one at a time.
///
/// The pool's own readers are handed out under a barrier that parks the waiting threads, and ask SQLite for the
/// version of the schema before each use: that cost more than the reads.
final class SQLiteReaders: Sendable {
    private let idle = Mutex<[DatabaseQueue]>([])
    private let path: String

    init(path: String) { self.path = path }

    func read<Value>(
        _ body: (SQLiteConnection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let free = idle.withLock { $0.popLast() }
        let reader = if let free { free } else { try open() }
        defer { idle.withLock { $0.append(reader) } }
        return try reader.unsafeRead { database -> Result<Value, StoreError> in
            do throws(StoreError) {
                return .success(try body(SQLiteConnection(database)))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    private func open() throws(StoreError) -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try StoreError.catching { try DatabaseQueue(path: path, configuration: configuration) }
    }
}
