// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleJSON
import SocleStore
import Testing

@Suite("Journal in the store · DESIGN 7")
struct StoredJournalTests {
    @Test("what lanes write verifies, page by page, while it is being written") func verifies() async throws {
        try await withStores { store in
            let other = try await store.openLane(seed: 2)
            for index in 0..<40 {
                _ = try await (index % 2 == 0 ? store.lane : other).commit(Submission(entry: store.draft("\(index)")))
            }
            await other.close()
            let report = try await verify(store)
            #expect(report.faults == [], "\(store.name)")
            #expect(report.entries == 43)
            #expect(report.chains == 2)
            #expect(report.openChains == 1)
            // One at the end, and one for each minute that this took.
            #expect(report.checkpoints >= 1)
        }
    }

    @Test("a row altered, removed or given another type by hand is named") func tampered() async throws {
        let tamperings: [(Statement, Int64)] = [
            ("UPDATE journal_entries SET instant = 7 WHERE sequence = 4", 4),
            ("UPDATE journal_entries SET body = digest WHERE sequence = 5", 5),
            ("UPDATE journal_entries SET body = NULL, patient = NULL WHERE sequence = 6", 6),
            ("DELETE FROM journal_entries WHERE sequence = 3", 3),
            ("DELETE FROM journal_entries WHERE sequence = 1", 1),
            ("DELETE FROM journal_entries WHERE sequence > 6", 7),
            ("DELETE FROM journal_entries", 1),
        ]
        for (statement, sequence) in tamperings {
            try await withStores { store in
                for _ in 0..<8 { _ = try await store.lane.commit(Submission(entry: store.draft(patient: "p"))) }
                await store.lane.close()
                _ = try store.database.write { connection throws(StoreError) in try connection.execute(statement) }
                let fault = try await verify(store).faults.first
                #expect(
                    fault?.place == .entry(EntryPosition(chain: store.lane.chain, sequence: sequence)),
                    "\(store.name): \(statement.text)")
            }
        }
    }

    @Test("an entry about several patients is kept under each, and one taken away is named") func severalPatients()
        async throws
    {
        let pair = Set(["p", "q"].compactMap { PatientIdentifier($0) })
        let tamperings: [Statement] = [
            "DELETE FROM journal_patients WHERE patient = 'q'",
            "UPDATE journal_patients SET patient = 'r'  WHERE patient = 'q'",
            "DELETE FROM journal_patients",
            "UPDATE journal_patients SET instant = 7 WHERE sequence = 2 AND patient = 'q'",
            "UPDATE journal_entries SET body = NULL WHERE sequence = 2",
            "INSERT INTO journal_patients (chain, sequence, patient, instant) SELECT chain, 2, 'r', 7 FROM journal_chains",
        ]
        for tampering in tamperings {
            try await withStores { store in
                for _ in 0..<3 {
                    let draft = EntryDraft(
                        kind: .decision, instant: store.clock.now(), actor: "a", patients: pair, details: [:])
                    _ = try await store.lane.commit(Submission(entry: draft))
                }
                await store.lane.close()
                #expect(try await verify(store).faults == [], "\(store.name)")
                #expect(try await store.database.integer("SELECT count(*) FROM journal_patients") == 6)
                _ = try store.database.write { connection throws(StoreError) in try connection.execute(tampering) }
                let fault = try await verify(store).faults.first
                #expect(
                    fault?.place == .entry(EntryPosition(chain: store.lane.chain, sequence: 2)),
                    "\(store.name): \(tampering.text)")
            }
        }
    }

    @Test("a checkpoint is signed at the interval, without waiting for the next entry") func interval() async throws {
        try await withStores { store in
            var settings = StoreLane.Settings()
            settings.checkpointInterval = .milliseconds(50)
            let lane = try await store.openLane(seed: 4, settings: settings)
            _ = try await lane.commit(Submission(entry: store.draft()))
            let reader = JournalReader(store.database)
            for _ in 0..<100 where try await reader.lastCheckpoint() == nil {
                try await Task.sleep(for: .milliseconds(20))
            }
            _ = try #require(try await reader.lastCheckpoint()?.checkpoint)
            let covered = try await store.database.integer(
                "SELECT covered FROM journal_chains WHERE chain = $1", [.text(store.lane.chain)])
            #expect(covered == 1, "the heads of all chains, \(store.name)")
            await lane.close()
            let report = try await verify(store)
            #expect(report.faults == [])
        }
    }

    @Test("a chain ended by a crash, then continued by a new process, verifies") func crash() async throws {
        try await withStores { store in
            _ = try await store.lane.commit(Submission(entry: store.draft()))
            // A second process starts while the first has not closed its chain, as after a kill.
            let second = try await store.openLane(seed: 5)
            await second.close()
            let report = try await verify(store)
            #expect(report.faults == [], "\(store.name)")
            #expect(report.openChains == 1)
        }
    }

    private func verify(_ store: TestStore) async throws -> JournalReport {
        try await JournalReader(store.database, pageSize: 7).verify(
            with: JournalVerifier(verify: JournalSigner.test.verify, at: store.clock.now()))
    }
}
