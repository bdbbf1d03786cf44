// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleStore
import Testing

@Suite("Merge of patients · one contract, every driver")
struct IdentityChangeTests: ThreePatients {
    @Test("either identifier answers with both records, as the survivor, and rests on both revisions")
    func merged() async throws {
        try await withStores { store in
            try await populate(store)
            try await store.write(try merge("PAT-A", "PAT-B"))
            let records = StoredAccessRecords(database: store.database)
            for name in ["PAT-A", "PAT-B"] {
                let file = try await records.file(of: try id(name))
                #expect(file.patient?.name == "PAT-A", "\(store.name)")
                #expect(file.merged.map(\.patient.value) == ["PAT-B"])
                #expect(file.memberships.count == 1 && file.merged[0].memberships.count == 1)
                #expect(file.stamp.revisions.keys.contains(RecordKey(.patient, "PAT-A")))
                #expect(file.stamp.revisions.keys.contains(RecordKey(.patient, "PAT-B")))
                #expect(try await masks(name, in: store) == ["DOC-PAT-A", "DOC-PAT-B"])
            }
            #expect(try await masks("PAT-C", in: store) == ["DOC-PAT-C"])
            #expect(try await records.history(of: try id("PAT-B")).count == 1, "no choice is moved")
        }
    }

    @Test("an answer that rested on the absorbed record does not stand, nor one on the survivor") func freshness()
        async throws
    {
        try await withStores { store in
            try await populate(store)
            let records = StoredAccessRecords(database: store.database)
            let before = try await [records.file(of: try id("PAT-A")), records.file(of: try id("PAT-B"))]
            try await store.write(try merge("PAT-A", "PAT-B"))
            for file in before {
                let outcome = try await store.lane.commit(Submission(entry: nil, stamp: file.stamp))
                #expect(outcome != .committed(nil), "\(store.name)")
            }
            let merged = try await records.file(of: try id("PAT-A"))
            let opposition = Sample.choice("late", .oppositionToSharing, of: try id("PAT-B"))
            try await store.write(ConsentChange.choose(opposition))
            let outcome = try await store.lane.commit(Submission(entry: nil, stamp: merged.stamp))
            #expect(outcome == .conflict(RecordKey(.patient, "PAT-B")))
        }
    }

    @Test("merges follow one another, and a group is one person whichever name is asked") func chain() async throws {
        try await withStores { store in
            try await populate(store)
            try await store.write(try merge("PAT-A", "PAT-B"), try merge("PAT-C", "PAT-A"))
            let records = StoredAccessRecords(database: store.database)
            for name in ["PAT-A", "PAT-B", "PAT-C"] {
                #expect(try await records.file(of: try id(name)).patient?.name == "PAT-C", "\(store.name)")
                #expect(try await masks(name, in: store).count == 3)
            }
            try await store.write(IdentityChange.split(absorbed: try id("PAT-A"), at: now))
            #expect(try await masks("PAT-C", in: store) == ["DOC-PAT-C"])
            for name in ["PAT-A", "PAT-B"] {
                #expect(try await records.file(of: try id(name)).patient?.name == "PAT-A")
                #expect(try await masks(name, in: store) == ["DOC-PAT-A", "DOC-PAT-B"])
            }
        }
    }

    @Test("the traits of an absorbed record are read with it") func traits() async throws {
        try await withStores { store in
            try await populate(store)
            try await store.write(try merge("PAT-A", "PAT-B"))
            try await store.write(PersonChange.patient(Patient(id: try id("PAT-B"), name: "B", alive: false)))
            for name in ["PAT-A", "PAT-B"] {
                let file = try await StoredAccessRecords(database: store.database).file(of: try id(name))
                #expect(file.patient?.alive == true && file.merged.map(\.traits?.alive) == [false], "\(store.name)")
            }
        }
    }

    @Test("what is not a merge or a split of this moment is refused, and changes nothing") func refusals() async throws
    {
        try await withStores { store in
            try await populate(store)
            let key = RecordKey(.patient, "PAT-A")
            let before = try await store.revision(of: key)
            for (survivor, absorbed) in [("PAT-A", "PAT-A"), ("PAT-A", "PAT-X"), ("PAT-X", "PAT-A")] {
                #expect(try await store.outcome(of: try merge(survivor, absorbed)) == .refused(changeIndex: 0))
            }
            let early = IdentityChange.split(absorbed: try id("PAT-A"), at: now)
            #expect(try await store.outcome(of: early) == .refused(changeIndex: 0))
            #expect(try await store.revision(of: key) == before)
            try await store.write(try merge("PAT-A", "PAT-B"))
            for (survivor, absorbed) in [("PAT-A", "PAT-B"), ("PAT-B", "PAT-A"), ("PAT-C", "PAT-B")] {
                #expect(
                    try await store.outcome(of: try merge(survivor, absorbed)) == .refused(changeIndex: 0),
                    "\(survivor) \(absorbed)")
            }
            let survivor = IdentityChange.split(absorbed: try id("PAT-A"), at: now)
            #expect(try await store.outcome(of: survivor) == .refused(changeIndex: 0))
        }
    }

    @Test("a correction of traits leaves the choices, the team and the merge as they were") func correction()
        async throws
    {
        try await withStores { store in
            try await populate(store)
            try await store.write(try merge("PAT-A", "PAT-B"))
            try await store.write(PersonChange.patient(Patient(id: try id("PAT-A"), name: "Corrigée")))
            let file = try await StoredAccessRecords(database: store.database).file(of: try id("PAT-B"))
            #expect(file.patient?.name == "Corrigée")
            #expect(file.memberships.count == 1)
            #expect(try await masks("PAT-B", in: store) == ["DOC-PAT-A", "DOC-PAT-B"])
        }
    }
}
