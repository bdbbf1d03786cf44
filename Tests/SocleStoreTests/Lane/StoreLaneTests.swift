// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleJSON
import SocleStore
import Synchronization
import Testing

@Suite("Commit lane · DESIGN 4.5")
struct StoreLaneTests {
    @Test("changes and entry are durable together, the entry in the next place") func together() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let outcome = try await store.lane.commit(
                Submission(changes: [CounterChange.add("a", 5)], entry: store.draft(patient: "pat-1")))
            #expect(outcome == .committed(EntryPosition(chain: store.lane.chain, sequence: 2)), "\(store.name)")
            #expect(try await store.counter("a") == 5)
            let row = try await store.database.row(
                "SELECT kind, patient, body FROM journal_entries WHERE chain = $1 AND sequence = 2",
                [.text(store.lane.chain)])
            #expect(try row?.text(0) == "decision")
            #expect(try row?.text(1) == "pat-1")
            let body = try JSONValue(parsing: try #require(try row?.blob(2)))
            #expect(body["details"]?["note"] == "a test")
            #expect(body["actor"] == "tester")
        }
    }

    @Test("what is not journalled rides along without a place") func unjournalled() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let outcome = try await store.lane.commit(Submission(changes: [CounterChange.add("a", 1)], entry: nil))
            #expect(outcome == .committed(nil))
            #expect(try await store.sequences(of: store.lane.chain) == [1], "\(store.name)")
        }
    }

    @Test("a changed record of the stamp is a conflict, and nothing is applied") func conflict() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let stamp = Stamp([RecordKey(.patient, "a"): 0, RecordKey(.person, "b"): 0])
            _ = try await store.lane.commit(Submission(changes: [CounterChange.add("a", 1)], entry: nil))
            for changes in [[], [CounterChange.add("a", 1)]] {
                let outcome = try await store.lane.commit(
                    Submission(changes: changes, entry: store.draft(), stamp: stamp))
                #expect(outcome == .conflict(RecordKey(.patient, "a")), "\(store.name)")
            }
            #expect(try await store.counter("a") == 1)
            #expect(try await store.sequences(of: store.lane.chain) == [1])
            let fresh = Stamp([RecordKey(.patient, "a"): 1, RecordKey(.person, "b"): 0])
            let outcome = try await store.lane.commit(Submission(entry: store.draft(), stamp: fresh))
            #expect(outcome == .committed(EntryPosition(chain: store.lane.chain, sequence: 2)))
        }
    }

    @Test("a change before it in the same group is seen by a stamp") func conflictWithinGroup() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let stamp = Stamp([RecordKey(.patient, "a"): 0])
            let submissions =
                [Submission(changes: [CounterChange.add("a", 1)], entry: store.draft())]
                + (0..<20).map { _ in Submission(entry: store.draft(), stamp: stamp) }
            let outcomes = try await store.commitTogether(submissions)
            // Those committed before the change, if any, saw revision 0; all after it conflict.
            let committed = outcomes.dropFirst().filter { $0 == .conflict(RecordKey(.patient, "a")) }.count
            let entries = try await store.sequences(of: store.lane.chain).count
            #expect(committed + entries - 2 == 20, "\(store.name)")
        }
    }

    @Test("a precondition that does not hold leaves nothing of its submission") func refused() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let outcome = try await store.lane.commit(
                Submission(
                    changes: [CounterChange.add("a", 1), CounterChange.require("a", 7)], entry: store.draft()))
            #expect(outcome == .refused(changeIndex: 1), "\(store.name)")
            #expect(try await store.counter("a") == 0)
            #expect(try await store.sequences(of: store.lane.chain) == [1])
        }
    }

    @Test("of two redemptions sent at once exactly one wins") func singleUse() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let redeem = Submission(
                changes: [CounterChange.require("a", 0), CounterChange.add("a", 1)], entry: store.draft())
            let outcomes = try await store.commitTogether(Array(repeating: redeem, count: 50))
            #expect(outcomes.filter { $0 == .refused(changeIndex: 0) }.count == 49, "\(store.name)")
            #expect(try await store.counter("a") == 1)
        }
    }

    @Test("a failed submission does not spoil its neighbours") func isolation() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let failures = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        let change: any RecordChange =
                            switch index % 6 {
                            case 1: CounterChange.broken
                            case 3: CounterChange.create("a")
                            case 5: UnknownChange()
                            default: CounterChange.add("a", 1)
                            }
                        let submission = Submission(
                            changes: [CounterChange.add("a", 100), change], entry: store.draft())
                        return (try? await store.lane.commit(submission)) == nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failures == 30, "\(store.name)")
            #expect(try await store.counter("a") == 30 * 101)
            #expect(try await store.sequences(of: store.lane.chain) == Array(1...31))
        }
    }

    @Test("200 tasks give a chain without a gap") func concurrency() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let outcomes = try await store.commitTogether(
                (0..<200).map { Submission(changes: [CounterChange.add("a", 1)], entry: store.draft("\($0)")) })
            let sequences = outcomes.compactMap { outcome -> Int64? in
                guard case .committed(let position?) = outcome else { return nil }
                return position.sequence
            }
            #expect(sequences.sorted() == Array(2...201), "\(store.name)")
            #expect(try await store.sequences(of: store.lane.chain) == Array(1...201))
            #expect(try await store.counter("a") == 200)
        }
    }

    @Test("two lanes on one store keep a chain each, and no change is lost") func twoLanes() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let other = try await store.openLane(seed: 2)
            #expect(other.chain != store.lane.chain)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    let lane = index % 2 == 0 ? store.lane : other
                    group.addTask {
                        let submission = Submission(changes: [CounterChange.add("a", 1)], entry: store.draft())
                        guard case .committed = try await lane.commit(submission) else { throw TestFailure() }
                    }
                }
                try await group.waitForAll()
            }
            await other.close()
            #expect(try await store.counter("a") == 100, "\(store.name)")
            #expect(try await store.sequences(of: store.lane.chain) == Array(1...51))
            #expect(try await store.sequences(of: other.chain) == Array(1...52))
        }
    }

    @Test("a read, then a stamped change: of many at once none is lost, whichever lane takes it")
    func optimistic() async throws {
        try await withStores { store in
            try await store.makeCounters("a")
            let other = try await store.openLane(seed: 2)
            let key = RecordKey(.patient, "a")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<10 {
                    let lane = index % 2 == 0 ? store.lane : other
                    group.addTask {
                        while true {
                            let (stamp, value) = try await store.database.read { connection throws(StoreError) in
                                let stamp = try connection.revision(of: [key])
                                let row = try connection.row("SELECT value FROM counters WHERE name = 'a'")
                                return (stamp, try row?.integer(0) ?? -1)
                            }
                            let outcome = try await lane.commit(
                                Submission(
                                    changes: [SetCounter(name: "a", value: value + 1)], entry: nil, stamp: stamp))
                            if case .committed = outcome { return }
                        }
                    }
                }
                try await group.waitForAll()
            }
            await other.close()
            #expect(try await store.counter("a") == 10, "\(store.name)")
        }
    }

    @Test("closing writes what waits, the closing entry and a checkpoint; then the lane refuses") func close()
        async throws
    {
        try await withStores { store in
            let outcomes = try await withThrowingTaskGroup(of: CommitOutcome?.self) { group in
                for _ in 0..<40 { group.addTask { try? await store.lane.commit(Submission(entry: store.draft())) } }
                try await Task.sleep(for: .milliseconds(5))
                await store.lane.close()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let committed = outcomes.compactMap(\.self).count
            #expect(try await store.sequences(of: store.lane.chain).count == committed + 2, "\(store.name)")
            let last = try await store.database.row(
                "SELECT kind FROM journal_entries WHERE chain = $1 ORDER BY sequence DESC LIMIT 1",
                [.text(store.lane.chain)])
            #expect(try last?.text(0) == "chain")
            let row = try await store.database.row("SELECT body FROM journal_checkpoints ORDER BY number DESC LIMIT 1")
            let checkpoint = try JSONValue(parsing: try #require(try row?.blob(0)))
            #expect(checkpoint["heads"]?.array?.first?["sequence"] == .integer(Int64(committed + 2)))
            await #expect(throws: LaneUnavailable.self) {
                try await store.lane.commit(Submission(entry: store.draft()))
            }
        }
    }

    @Test("a lane that cannot write says so until it writes again, and counts once each submission it refused")
    func health() async throws {
        try await withStores { store in
            func rename(_ statement: Statement) throws {
                try store.database.write { connection throws(StoreError) in _ = try connection.execute(statement) }
            }
            #expect(await store.lane.isWorking())
            #expect(store.lane.takeFailures() == nil)
            try rename("ALTER TABLE journal_chains RENAME TO chains_away")
            #expect(await store.lane.isWorking(), "\(store.name): nothing had to be written yet")
            for _ in 1...3 {
                await #expect(throws: LaneUnavailable.self) {
                    try await store.lane.commit(Submission(entry: store.draft()))
                }
            }
            let failures = try #require(store.lane.takeFailures())
            #expect(failures.unwritten == 3 && !failures.detail.isEmpty)
            #expect(store.lane.takeFailures() == nil)
            // What writes nothing still passes: that proves nothing.
            #expect(try await store.lane.commit(Submission(entry: nil)) == .committed(nil))
            for _ in 1...2 { #expect(await !store.lane.isWorking(), "\(store.name)") }
            #expect(store.lane.takeFailures()?.unwritten == 2)
            try rename("ALTER TABLE chains_away RENAME TO journal_chains")
            #expect(await store.lane.isWorking(), "\(store.name)")
            let outcome = try await store.lane.commit(Submission(entry: store.draft()))
            #expect(outcome == .committed(EntryPosition(chain: store.lane.chain, sequence: 2)))
            #expect(store.lane.takeFailures() == nil)
        }
    }

    @Test("a checkpoint that cannot be signed is told, stops no answer, and the next covers what it left")
    func unsigned() async throws {
        struct NoKey: Error {}
        // The only lane there is: another would cover what this one leaves.
        try await withReopenableDatabases { name, reopen in
            let database = try reopen()
            try database.migrate()
            let clock = TestClock()
            let isLocked = Mutex(false)
            var signer = JournalSigner.test
            signer.sign = { [sign = signer.sign] message in
                if isLocked.withLock({ $0 }) { throw NoKey() }
                return try sign(message)
            }
            var settings = StoreLane.Settings()
            settings.checkpointInterval = .milliseconds(5)
            let lane = try await StoreLane.open(
                database, signer: signer, random: .fixed(seed: 4), clock: clock.now, settings: settings)
            let store = TestStore(name: name, database: database, lane: lane, clock: clock, reopen: reopen)
            isLocked.withLock { $0 = true }
            let outcome = try await lane.commit(Submission(entry: store.draft()))
            var failures = lane.takeFailures()
            while failures == nil {
                try await Task.sleep(for: .milliseconds(2))
                failures = lane.takeFailures()
            }
            #expect(outcome == .committed(EntryPosition(chain: lane.chain, sequence: 2)), "\(store.name)")
            #expect(failures?.unwritten == 0)
            #expect(failures?.detail.contains("signed") == true)
            #expect(await lane.isWorking())
            let uncovered: Statement = "SELECT count(*) FROM journal_chains WHERE covered < sequence"
            let left = try await store.database.integer(uncovered)
            #expect(left ?? 0 > 0)
            isLocked.withLock { $0 = false }
            while try await store.database.integer(uncovered) != 0 { try await Task.sleep(for: .milliseconds(2)) }
            #expect(lane.takeFailures()?.unwritten ?? 0 == 0)
            await lane.close()
        }
    }

    @Test("beyond the bound of its queue the lane refuses at once") func bounded() async throws {
        try await withStores { store in
            var settings = StoreLane.Settings()
            settings.queueLimit = 4
            let lane = try await store.openLane(seed: 3, settings: settings)
            let refused = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<500 {
                    group.addTask { (try? await lane.commit(Submission(entry: store.draft()))) == nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(lane.takeFailures()?.unwritten ?? 0 == refused)
            await lane.close()
            #expect(try await store.sequences(of: lane.chain).count == 500 - refused + 2, "\(store.name)")
        }
    }
}

struct TestFailure: Error {}

/// Writes a value decided from a reading: only a stamp protects it.
struct SetCounter: StoredChange {
    var name: String
    var value: Int64

    func apply(on connection: any Connection) throws(StoreError) -> Bool {
        try connection.bump(.patient, name)
        return try connection.execute(
            "UPDATE counters SET value = $2 WHERE name = $1", [.text(name), .integer(value)]) == 1
    }
}

extension TestStore {
    /// Submits all at once; the outcomes in the order of the submissions.
    func commitTogether(_ submissions: [Submission]) async throws -> [CommitOutcome] {
        try await withThrowingTaskGroup(of: (Int, CommitOutcome).self) { group in
            for (index, submission) in submissions.enumerated() {
                group.addTask { (index, try await lane.commit(submission)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
