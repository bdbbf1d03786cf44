// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleStore
import Synchronization
import Testing

@Suite("Unknown outcome of a commit · DESIGN 4.5")
struct UnknownOutcomeTests {
    @Test("a session lost before COMMIT is replaced, and the submission committed once") func lostBefore() async throws
    {
        try await withPostgresStore { store, killer in
            let outcome = try await store.lane.commit(
                Submission(
                    changes: [CounterChange.add("a", 1), KillSession(done: Flag(), killer: killer)],
                    entry: store.draft()))
            #expect(outcome == .committed(EntryPosition(chain: store.lane.chain, sequence: 2)))
            #expect(try await store.counter("a") == 1)
        }
    }

    @Test("sessions killed at any moment under load: what is told is what is stored, and the chain has no gap")
    func killedUnderLoad() async throws {
        try await withPostgresStore { store, killer in
            let stop = Flag()
            let schema = try await store.database.row("SELECT CAST(current_schema() AS TEXT)")?.text(0) ?? ""
            let committed = try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask {
                    while !stop.isSet {
                        try killer.write { connection throws(StoreError) in
                            _ = try connection.rows(KillSession.terminateWriters, [.text(schema)])
                        }
                        try await Task.sleep(for: .milliseconds(7))
                    }
                    return 0
                }
                for _ in 0..<8 {
                    group.addTask {
                        var count = 0
                        for _ in 0..<60 {
                            let submission = Submission(changes: [CounterChange.add("a", 1)], entry: store.draft())
                            if let outcome = try? await store.lane.commit(submission), case .committed = outcome {
                                count += 1
                            }
                        }
                        return count
                    }
                }
                var total = 0
                for _ in 0..<8 { total += try await group.next() ?? 0 }
                stop.set()
                try await group.waitForAll()
                return total
            }
            #expect(committed > 0)
            #expect(try await store.counter("a") == Int64(committed))
            #expect(try await store.sequences(of: store.lane.chain) == Array(1...Int64(committed + 1)))
        }
    }

    /// A store on PostgreSQL with one counter, and another session to kill those of the lane with.
    private func withPostgresStore(_ body: (TestStore, PostgresDatabase) async throws -> Void) async throws {
        guard let server = PostgresServer.shared else { return }
        let killer = try PostgresDatabase(conninfo: server.conninfo)
        try await withStores { store in
            guard store.name == "PostgreSQL" else { return }
            try await store.makeCounters("a")
            try await body(store, killer)
            let report = try await JournalReader(store.database).verify(
                with: JournalVerifier(verify: JournalSigner.test.verify, at: store.clock.now()))
            #expect(report.faults == [])
        }
    }
}

private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    /// - Returns: whether it was set before.
    @discardableResult
    func set() -> Bool {
        value.withLock { value in
            defer { value = true }
            return value
        }
    }
}

/// Ends the very session that applies it, the first time.
private struct KillSession: StoredChange {
    let done: Flag
    let killer: PostgresDatabase

    func apply(on connection: any Connection) throws(StoreError) -> Bool {
        guard !done.set() else { return true }
        let session = try connection.row("SELECT pg_backend_pid()")?.integer(0) ?? 0
        try killer.write { connection throws(StoreError) in
            _ = try connection.rows("SELECT pg_terminate_backend(CAST($1 AS INTEGER))", [.integer(session)])
        }
        return true
    }

    /// The sessions that write the table of counters of a schema at this moment.
    static let terminateWriters: Statement = """
        SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE relation = to_regclass($1 || '.counters') AND mode = 'RowExclusiveLock'
        AND pid <> pg_backend_pid()
        """
}
