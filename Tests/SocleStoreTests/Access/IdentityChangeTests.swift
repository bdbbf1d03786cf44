// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleStore
import Testing

@Suite("Merge and split of patients · one contract, every driver")
struct IdentityChangeTests {
    private let now = Instant(seconds: 2000)

    private func id(_ name: String) throws -> PatientIdentifier { try #require(PatientIdentifier(name)) }

    private func merge(_ survivor: String, _ absorbed: String) throws -> IdentityChange {
        .merge(survivor: try id(survivor), absorbed: try id(absorbed), at: now)
    }

    /// Three patients, each with one choice of its own and one membership.
    private func populate(_ store: TestStore) async throws {
        let professional = try Sample.professional().id
        for name in ["PAT-A", "PAT-B", "PAT-C"] {
            let patient = Patient(id: try id(name), name: name)
            try await store.write(
                PersonChange.patient(patient),
                ConsentChange.choose(Sample.choice("c", .mask(.document("DOC-\(name)")), of: patient.id)),
                ConsentChange.join(
                    Membership(
                        id: "m", patient: patient.id, member: .professional(professional),
                        period: Period(start: Instant(seconds: 1)), legalBasis: .recognised)))
        }
    }

    /// What a question about that identifier rests on, as far as a merge can change it.
    private func masks(_ name: String, in store: TestStore) async throws -> Set<String> {
        let file = try await StoredAccessRecords(database: store.database).file(of: try id(name))
        return Set(
            (file.choices + file.merged.flatMap(\.choices)).compactMap { choice in
                if case .mask(.document(let document)) = choice.kind { document } else { nil }
            })
    }

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

    @Test("what was refused while they were one holds for both after a split; a grant stays where it was written")
    func split() async throws {
        try await withStores { store in
            try await populate(store)
            try await store.write(try merge("PAT-A", "PAT-B"))
            let professional = try Sample.professional().id
            var late = Sample.choice("late", .oppositionInEmergency, of: try id("PAT-A"))
            late.recordedAt = now + .seconds(1)
            var block = Sample.choice("late", .block(.professional(professional)), of: try id("PAT-B"))
            block.recordedAt = now + .seconds(2)
            var grant = Sample.choice("grant", .administrator(professional), of: try id("PAT-A"))
            grant.recordedAt = now + .seconds(3)
            var lifted = Sample.choice("lifted", .oppositionToSharing, of: try id("PAT-A"))
            lifted.recordedAt = now + .seconds(4)
            lifted.period.end = now + .seconds(5)
            // Directives: what they refuse is shared, what they permit stays where it was written.
            let dissent = ConsentDirective(
                root: ConsentRule(.deny, exceptions: [ConsentRule(.deny, actions: [.disclose])]))
            let assent = ConsentDirective(root: ConsentRule(.deny, exceptions: [ConsentRule(.permit, actions: [.use])]))
            var refusing = Sample.choice("refusing", .directive(dissent), of: try id("PAT-A"))
            refusing.recordedAt = now + .seconds(5)
            var granting = Sample.choice("granting", .directive(assent), of: try id("PAT-A"))
            granting.recordedAt = now + .seconds(6)
            try await store.write(
                ConsentChange.choose(late), ConsentChange.choose(block), ConsentChange.choose(grant),
                ConsentChange.choose(lifted), ConsentChange.choose(refusing), ConsentChange.choose(granting))
            try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: now + .seconds(9)))
            let records = StoredAccessRecords(database: store.database)
            let (a, b) = try await (records.file(of: try id("PAT-A")), records.file(of: try id("PAT-B")))
            #expect(a.patient?.name == "PAT-A" && b.patient?.name == "PAT-B", "\(store.name)")
            #expect(a.merged.isEmpty && b.merged.isEmpty)
            for file in [a, b] {
                #expect(file.choices.contains { $0.kind == .oppositionInEmergency })
                #expect(file.choices.contains { $0.kind == .block(.professional(professional)) })
            }
            for directive in [dissent, assent] {
                let bounded = ConsentDirective(root: directive.root, refusesOnly: true)
                #expect(b.choices.contains { $0.kind == .directive(directive) } == false)
                #expect(b.choices.contains { $0.kind == .directive(bounded) }, "\(store.name)")
            }
            #expect(
                Set(a.choices.map(\.id)) == [
                    "c", "late", "grant", "lifted", "refusing", "granting", "split/PAT-B/late",
                ])
            #expect(b.choices.contains { $0.kind == .administrator(professional) } == false)
            #expect(b.choices.contains { $0.kind == .oppositionToSharing } == false)
            #expect(try await masks("PAT-A", in: store) == ["DOC-PAT-A"], "masks before the merge stay apart")
        }
    }

    @Test("a refusal that was shared and ended is shared again when it is made again") func splitTwice() async throws {
        try await withStores { store in
            try await populate(store)
            let records = StoredAccessRecords(database: store.database)
            var clock = now
            func opposed(_ name: String) async throws -> Bool {
                let instant = clock
                return try await records.file(of: try id(name)).choices.contains {
                    $0.kind == .oppositionToSharing && !$0.period.ended(by: instant)
                }
            }
            func write(_ choice: String, _ version: Int, of name: String, ended: Bool = false) async throws {
                var written = Sample.choice(choice, .oppositionToSharing, of: try id(name))
                written.version = version
                written.recordedAt = clock
                if ended { written.period.end = clock }
                try await store.write(ConsentChange.choose(written))
            }
            for round in 0..<2 {
                clock = clock + .hours(1)
                try await store.write(
                    IdentityChange.merge(survivor: try id("PAT-A"), absorbed: try id("PAT-B"), at: clock))
                clock = clock + .seconds(1)
                try await write("o", 2 * round + 1, of: "PAT-B")
                clock = clock + .seconds(1)
                try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: clock))
                #expect(try await opposed("PAT-A"), "\(store.name) \(round)")
                clock = clock + .seconds(1)
                try await write("o", 2 * round + 2, of: "PAT-B", ended: true)
                try await write("split/PAT-B/o", 2 * round + 2, of: "PAT-A", ended: true)
                #expect(try await opposed("PAT-A") == false, "\(store.name) \(round)")
            }
        }
    }

    @Test("a directive that permits one and refuses another leaves its refusal with both, and no permit")
    func mixedDirective() async throws {
        try await withStores { store in
            try await populate(store)
            try await store.write(try merge("PAT-A", "PAT-B"))
            let professional = try Sample.professional().id
            let mixed = ConsentDirective(
                root: ConsentRule(
                    .permit, exceptions: [ConsentRule(.deny, actors: [.party(.professional(professional))])]))
            let permit = ConsentDirective(root: ConsentRule(.permit, actors: [.party(.professional(professional))]))
            let limited = ConsentDirective(
                root: ConsentRule(.permit, data: DataCondition(codes: ["http://loinc.org|X"])))
            for (index, (directive, age)) in [(mixed, 1), (permit, 1), (limited, 1), (mixed, -1)].enumerated() {
                var choice = Sample.choice("d\(index)", .directive(directive), of: try id("PAT-B"))
                choice.recordedAt = now + .seconds(age)
                try await store.write(ConsentChange.choose(choice))
            }
            var ended = Sample.choice("ended", .directive(mixed), of: try id("PAT-B"))
            ended.recordedAt = now + .seconds(1)
            ended.period.end = now + .seconds(2)
            try await store.write(ConsentChange.choose(ended))
            try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: now + .seconds(9)))
            let file = try await StoredAccessRecords(database: store.database).file(of: try id("PAT-A"))
            let shared = file.choices.filter { if case .directive = $0.kind { true } else { false } }
            #expect(shared.map(\.id).sorted() == ["split/PAT-B/d0", "split/PAT-B/d2"], "\(store.name)")
            for choice in shared {
                guard case .directive(let directive) = choice.kind else { continue }
                #expect(directive.refusesOnly)
                #expect(directive.root == (choice.id.hasSuffix("d0") ? mixed.root : limited.root))
            }
        }
    }

    @Test(
        "of an emergency while they were one both are told after a split; of what came before, and of members, nobody new"
    )
    func emergencies() async throws {
        try await withStores { store in
            try await populate(store)
            func notice(
                _ about: String, of name: String, _ subject: Notice.Subject = .breakGlass,
                to recipient: Notice.Recipient = .patient, after seconds: Int64 = 1
            ) throws -> NoticeChange {
                .queue(
                    Notice(
                        patient: try id(name), recipient: recipient, subject: subject, about: about,
                        createdAt: now + .seconds(seconds)))
            }
            try await store.write(try merge("PAT-A", "PAT-B"))
            let professional = try Sample.professional().id
            try await store.write(
                notice("E1", of: "PAT-A"), notice("E2", of: "PAT-B", .regulation), notice("E0", of: "PAT-A", after: -1),
                notice("m", of: "PAT-A", .memberAdded), notice("E1", of: "PAT-A", to: .professional(professional)))
            try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: now + .seconds(9)))
            let records = StoredNotices(store.database)
            for (name, told) in [("PAT-A", ["E0", "E1", "E1", "E2", "m"]), ("PAT-B", ["E1", "E2"]), ("PAT-C", [])] {
                let notices = try await records.followed(of: try id(name), limit: 10).map(\.notice)
                #expect(notices.map(\.about).sorted() == told, "\(store.name) \(name)")
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
