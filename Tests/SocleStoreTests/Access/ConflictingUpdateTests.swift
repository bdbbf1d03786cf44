// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleStore
import Testing

@Suite("Conflicting updates · one wins, the other is told, nothing is lost")
struct ConflictingUpdateTests {
    @Test("of several nodes writing the next version of a choice, exactly one succeeds") func versions() async throws {
        try await withStores { store in
            let patient = try Sample.patient().id
            try await store.write(ConsentChange.choose(Sample.choice("c", .oppositionToSharing, of: patient)))
            var lanes = [store.lane]
            for seed: UInt64 in 2...4 { lanes.append(try await store.openLane(seed: seed)) }
            for version in 2...6 {
                let outcomes = try await withThrowingTaskGroup(of: CommitOutcome.self) { group in
                    for (index, lane) in lanes.enumerated() {
                        var choice = Sample.choice("c", .oppositionToSharing, of: patient, version: version)
                        choice.recordedBy = "node-\(index)"
                        let change = ConsentChange.choose(choice)
                        group.addTask { try await lane.commit(Submission(changes: [change], entry: nil)) }
                    }
                    var outcomes: [CommitOutcome] = []
                    for try await outcome in group { outcomes.append(outcome) }
                    return outcomes
                }
                #expect(outcomes.filter { $0 == .committed(nil) }.count == 1, "\(store.name) \(outcomes)")
                #expect(outcomes.filter { $0 == .refused(changeIndex: 0) }.count == lanes.count - 1, "\(outcomes)")
            }
            let history = try await StoredAccessRecords(database: store.database).history(of: patient)
            #expect(history.map(\.version) == Array(1...6))
            for lane in lanes.dropFirst() { await lane.close() }
        }
    }

    @Test("a withdrawal is the next version: the one it ends stays in the history") func withdrawal() async throws {
        try await withStores { store in
            let patient = try Sample.patient().id
            let given = Sample.choice("c", .administrator(try Sample.professional().id), of: patient)
            try await store.write(ConsentChange.choose(given))
            let withdrawn = try #require(given.withdrawn(at: Instant(seconds: 3000), by: nil))
            #expect(withdrawn.withdrawn(at: Instant(seconds: 3000), by: nil) == nil)
            try await store.write(ConsentChange.choose(withdrawn))
            let records = StoredAccessRecords(database: store.database)
            #expect(try await records.history(of: patient) == [given, withdrawn])
            #expect(try await records.file(of: patient).choices == [withdrawn])
        }
    }
}
