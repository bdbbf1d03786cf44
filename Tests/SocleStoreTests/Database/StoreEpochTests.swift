// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleStore
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
