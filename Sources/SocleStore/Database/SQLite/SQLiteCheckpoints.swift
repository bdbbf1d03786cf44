// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Synchronization

/// Copies what the WAL holds into the database file while the lane goes on writing.
///
/// Left alone, SQLite does it inside a COMMIT, each 1,000 pages: whoever waits for that commit, and for those behind it,
/// waits for a thousand copies and an `fdatasync`. Here a connection beside the writer's copies what there is, and again
/// what came meanwhile; the writer is held for the last few pages only, since a WAL starts again at its beginning once
/// all of it has been copied (https://www.sqlite.org/wal.html#ckpt).
final class SQLiteCheckpoints: Sendable {
    private struct State {
        var isRunning = false
        /// Where the WAL stood when it was last copied.
        var copied = 0
    }

    private let path: String
    private let writer: SQLiteWriter
    private let pages: Int
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "sqlite-checkpoints")

    /// Few enough to copy while the writer waits.
    private static let few = 64

    /// - Parameter pages: how many the WAL holds when it is first copied.
    init(path: String, writer: SQLiteWriter, pages: Int) {
        self.path = path
        self.writer = writer
        self.pages = pages
    }

    /// Told after a write how many pages the WAL holds.
    func written(_ count: Int) {
        let isDue = state.withLock { state in
            // A reader of an old snapshot keeps a WAL from starting again: it is not copied at each commit for that.
            let isNew = count < state.copied || count - state.copied >= pages / 4
            guard count >= pages, isNew, !state.isRunning else { return false }
            state.isRunning = true
            return true
        }
        if isDue { queue.async { [self] in run() } }
    }

    private func run() {
        var copied = 0
        do throws(StoreError) {
            let beside = SQLiteConnection(try SQLiteHandle(path: path, readOnly: false))
            _ = try beside.execute("PRAGMA synchronous = FULL")
            for _ in 0..<4 {
                let before = copied
                copied = try SQLiteCheckpoints.copy(beside)
                if copied - before <= SQLiteCheckpoints.few { break }
            }
            copied = try writer.write { connection throws(StoreError) in try SQLiteCheckpoints.copy(connection) }
        } catch {
            // Everything stays in the WAL, as durable as before. A later commit has it tried again.
        }
        state.withLock { state in
            state.isRunning = false
            state.copied = copied
        }
    }

    /// - Returns: how many pages of the WAL are in the file now.
    private static func copy(_ connection: SQLiteConnection) throws(StoreError) -> Int {
        Int(try connection.row("PRAGMA wal_checkpoint(PASSIVE)")?.integer(2) ?? 0)
    }
}
