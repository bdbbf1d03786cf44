// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleStore
import Synchronization
import Testing

@Suite("Epochs of the store · DESIGN 4.4")
struct StoreEpochTests {
    @Test("entries alone go on with the epoch, and SQLite alone can tell it") func entries() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let before = store.database.epoch
            #expect((before != nil) == (store.name == "SQLite"))
            for _ in 0..<5 {
                _ = try await store.lane.commit(Submission(entry: store.draft()))
                #expect(store.database.epoch?.number == before?.number)
                // What a lane has found is told by the whole value: a count of commits is no part of it.
                #expect(store.database.epoch == before)
            }
        }
    }

    /// A commit that another process makes meanwhile would be taken for the one that was not made.
    @Test("a checkpoint with nothing to cover carries no epoch over a commit, for it makes none")
    func idleCheckpoints() async throws {
        try await withStores { store in
            let watched = WatchedDatabase(store.database)
            var settings = StoreLane.Settings()
            settings.checkpointInterval = .milliseconds(5)
            let lane = try await StoreLane.open(
                watched, signer: .test, random: .fixed(seed: 3), clock: store.clock.now, settings: settings)
            _ = try await lane.commit(Submission(entry: store.draft()))
            func next(_ count: Int) async throws {
                let writes = watched.figures.writes
                while watched.figures.writes < writes + count { try await Task.sleep(for: .milliseconds(1)) }
            }
            // The entry and the opening of the chain are covered in the first of them.
            try await next(4)
            let covered = watched.figures.carries
            try await next(20)
            #expect(watched.figures.carries == covered && (covered > 0) == (store.name == "SQLite"), "\(store.name)")
            await lane.close()
        }
    }

    @Test("a change of records begins another epoch, with an entry or without") func changes() async throws {
        try await withStores { store in
            guard store.name == "SQLite" else { return }
            try await store.makeCounters("a")
            for entry in [nil, store.draft()] {
                let before = try #require(store.database.epoch)
                _ = try await store.lane.commit(Submission(changes: [CounterChange.add("a", 1)], entry: entry))
                let after = try #require(store.database.epoch)
                #expect(after.number != before.number)
            }
        }
    }

    @Test("a change that is refused changes nothing, the epoch neither") func refused() async throws {
        try await withStores { store in
            guard store.name == "SQLite" else { return }
            try await store.makeCounters("a")
            let before = try #require(store.database.epoch)
            let changes = [CounterChange.add("a", 1), CounterChange.require("a", 9)]
            let outcome = try await store.lane.commit(Submission(changes: changes, entry: store.draft()))
            #expect(outcome == .refused(changeIndex: 1))
            #expect(store.database.epoch?.number == before.number)
        }
    }

    @Test("whatever another process writes begins another epoch, were it an entry") func others() async throws {
        try await withStores { store in
            guard store.name == "SQLite" else { return }
            try await store.makeCounters("a")
            let other = try await store.openLane(seed: 2)
            let before = try #require(store.database.epoch)
            _ = try await other.commit(Submission(entry: store.draft()))
            let between = try #require(store.database.epoch)
            #expect(between.number != before.number)
            _ = try await other.commit(Submission(changes: [CounterChange.add("a", 1)], entry: nil))
            let after = try #require(store.database.epoch)
            #expect(after.number != between.number && after.number != before.number)
            await other.close()
        }
    }

    @Test("revisions a lane has found are not believed once another process has moved them") func moved() async throws {
        try await withStores { store in
            try await store.makeCounters("a", "b")
            let other = try await store.openLane(seed: 2)
            func ask(_ name: String, _ revision: Int64) async throws -> CommitOutcome {
                try await store.lane.commit(
                    Submission(entry: store.draft(), stamp: Stamp([RecordKey(.patient, name): revision])))
            }
            for round in 0..<5 as Range<Int64> {
                // Twice: the second time from what the first found.
                for _ in 0..<2 {
                    let standing = try await ask("a", round)
                    guard case .committed = standing else {
                        Issue.record("\(store.name): \(standing) in round \(round)")
                        return
                    }
                }
                _ = try await other.commit(Submission(changes: [CounterChange.add("a", 1)], entry: nil))
                let conflict = try await ask("a", round)
                #expect(conflict == .conflict(RecordKey(.patient, "a")), "\(store.name), round \(round)")
                let ahead = try await ask("b", 7)
                #expect(ahead == .conflict(RecordKey(.patient, "b")), "a revision that is not there yet")
            }
            await other.close()
        }
    }

    @Test("a value confirmed in an epoch is looked at again in the next") func confirmed() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let memory = StampedMemory<String, Int>(limit: 10)
            memory.remember("a", 1, stamp: Stamp([RecordKey(.patient, "a"): 0]))
            let entry = try #require(memory["a"])
            for _ in 0..<2 {
                let stands = try await store.database.stands(entry)
                #expect(stands)
            }
            #expect((entry.confirmed != 0) == (store.name == "SQLite"))
            let other = try await store.openLane(seed: 2)
            _ = try await other.commit(Submission(changes: [CounterChange.add("a", 1)], entry: nil))
            let stands = try await store.database.stands(entry)
            #expect(!stands, "\(store.name)")
            await other.close()
        }
    }
}

/// Counts what a lane asks of its database.
private final class WatchedDatabase: WritableDatabase {
    private let database: any WritableDatabase
    private let counts = Mutex((writes: 0, carries: 0))

    init(_ database: any WritableDatabase) { self.database = database }

    var figures: (writes: Int, carries: Int) { counts.withLock { $0 } }
    var epoch: StoreEpoch? { database.epoch }

    func carry(_ epoch: StoreEpoch) {
        counts.withLock { $0.carries += 1 }
        database.carry(epoch)
    }

    func write<Value>(_ body: (any Connection) throws(StoreError) -> Value) throws(StoreError) -> Value {
        counts.withLock { $0.writes += 1 }
        return try database.write(body)
    }

    func assertDurable() throws(StoreError) { try database.assertDurable() }

    func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value { try await database.read(body) }

    func rows(_ statement: Statement, _ parameters: [DatabaseValue]) async throws(StoreError) -> [Row] {
        try await database.rows(statement, parameters)
    }
}
