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

    /// What was given to one, and in which record; what becomes of it when the other record takes the same back.
    private struct Withdrawal: CustomTestStringConvertible {
        var name: String
        var granted: PatientChoice.Kind
        var withdrawn: PatientChoice.Kind
        var ends = true
        var testDescription: String { name }
    }

    private func withdrawals() throws -> [Withdrawal] {
        let nurse = Party.professional(try Sample.professional().id)
        let stranger = Party.professional(try #require(ProfessionalIdentifier("899700100099")))
        let carer = try #require(RelatedPersonIdentifier("REL-1"))
        let practice = Party.structure(try #require(StructureIdentifier("STR-1")))
        func consent(_ party: Party) -> PatientChoice.Kind {
            .consentOutsideTeam(OutsideConsent(grantee: party, documentTypes: ["*"], informed: true))
        }
        func directive(_ parties: Party...) -> PatientChoice.Kind {
            .directive(ConsentDirective(root: ConsentRule(.permit, actors: Set(parties.map(RuleActor.party)))))
        }
        let anybody = PatientChoice.Kind.directive(ConsentDirective(root: ConsentRule(.permit)))
        let nobody = PatientChoice.Kind.directive(ConsentDirective(root: ConsentRule(.deny)))
        return [
            Withdrawal(name: "a consent", granted: consent(nurse), withdrawn: consent(nurse)),
            Withdrawal(name: "of a structure", granted: consent(practice), withdrawn: consent(practice)),
            Withdrawal(name: "of somebody else", granted: consent(nurse), withdrawn: consent(stranger), ends: false),
            Withdrawal(name: "of another kind", granted: consent(nurse), withdrawn: .oppositionToSharing, ends: false),
            Withdrawal(name: "by a directive", granted: consent(nurse), withdrawn: directive(nurse, stranger)),
            Withdrawal(name: "of a directive", granted: directive(nurse, practice), withdrawn: consent(nurse)),
            Withdrawal(name: "of what is for anybody", granted: anybody, withdrawn: consent(nurse)),
            Withdrawal(name: "for anybody", granted: anybody, withdrawn: anybody),
            Withdrawal(name: "of a refusal", granted: nobody, withdrawn: consent(nurse), ends: false),
            Withdrawal(
                name: "a mandate", granted: .carerMandate(carer, categories: ["agenda"]),
                withdrawn: .carerMandate(carer, categories: ["*"])),
            Withdrawal(
                name: "the circle", granted: .teamConsent(recipients: []), withdrawn: .teamConsent(recipients: ["dac"])),
            Withdrawal(
                name: "an administrator", granted: .administrator(try Sample.professional().id),
                withdrawn: .administrator(try Sample.professional().id)),
        ]
    }

    @Test("what was taken back while they were one is taken back from both after a split") func takenBack() async throws
    {
        let withdrawals = try withdrawals()
        try await withStores { store in
            try await populate(store)
            var clock = now
            func later() -> Instant {
                clock = clock + .seconds(1)
                return clock
            }
            for (granting, ending) in [("PAT-A", "PAT-B"), ("PAT-B", "PAT-A"), ("PAT-C", "PAT-B")] {
                for withdrawal in withdrawals {
                    func said(_ name: String, _ kind: PatientChoice.Kind, of patient: String) throws -> PatientChoice {
                        var choice = Sample.choice("\(name) \(withdrawal.name) \(granting)", kind, of: try id(patient))
                        choice.recordedAt = later()
                        return choice
                    }
                    let granted = try said("granted", withdrawal.granted, of: granting)
                    let taken = try said("taken", withdrawal.withdrawn, of: ending)
                    try await store.write(ConsentChange.choose(granted), ConsentChange.choose(taken))
                    // Two of them stay one.
                    for absorbed in ["PAT-C", "PAT-B"] {
                        try await store.write(
                            IdentityChange.merge(survivor: try id("PAT-A"), absorbed: try id(absorbed), at: later()))
                    }
                    let withdrawn = try #require(taken.withdrawn(at: later(), by: nil))
                    let split = later()
                    try await store.write(
                        ConsentChange.choose(withdrawn),
                        IdentityChange.split(absorbed: try id("PAT-B"), at: split))
                    let history = try await StoredAccessRecords(database: store.database).history(of: granted.patient)
                        .filter { $0.id == granted.id }
                    #expect(history.count == (withdrawal.ends ? 2 : 1), "\(store.name) \(withdrawal) \(granting)")
                    if withdrawal.ends { #expect(history.last?.period.end == split) }
                    // Nothing is left of it for the next.
                    try await store.write(IdentityChange.split(absorbed: try id("PAT-C"), at: later()))
                    if let last = history.last?.withdrawn(at: clock, by: nil) {
                        try await store.write(ConsentChange.choose(last))
                    }
                }
            }
        }
    }

    @Test("what was taken back before the merge, expired in between, or was given after, ends nowhere else")
    func keptApart() async throws {
        try await withStores { store in
            try await populate(store)
            let nurse = Party.professional(try Sample.professional().id)
            let kind = PatientChoice.Kind.consentOutsideTeam(
                OutsideConsent(grantee: nurse, documentTypes: ["*"], informed: true))
            func said(_ name: String, of patient: String, at instant: Instant, until end: Instant? = nil) throws
                -> PatientChoice
            {
                var choice = Sample.choice(name, kind, of: try id(patient))
                (choice.recordedAt, choice.period.end) = (instant, end)
                return choice
            }
            let early = try said("early", of: "PAT-A", at: Instant(seconds: 900))
            let expiring = try said("expiring", of: "PAT-A", at: now, until: now + .seconds(2))
            let kept = try said("kept", of: "PAT-B", at: Instant(seconds: 900))
            try await store.write(ConsentChange.choose(early), ConsentChange.choose(kept))
            try await store.write(
                ConsentChange.choose(try #require(early.withdrawn(at: now - .seconds(5), by: nil))),
                try merge("PAT-A", "PAT-B"), ConsentChange.choose(expiring))
            let late = try said("late", of: "PAT-A", at: now + .seconds(1))
            let new = try said("new", of: "PAT-B", at: now + .seconds(4))
            func versions() async throws -> [String] {
                let records = StoredAccessRecords(database: store.database)
                return try await (records.history(of: id("PAT-A")) + records.history(of: id("PAT-B")))
                    .filter { $0.version > 1 }.map(\.id)
            }
            try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: now + .seconds(3)))
            #expect(try await versions() == ["early"], "\(store.name)")
            try await store.write(
                IdentityChange.merge(survivor: try id("PAT-A"), absorbed: try id("PAT-B"), at: now + .seconds(3)))
            try await store.write(
                ConsentChange.choose(late), ConsentChange.choose(new),
                ConsentChange.choose(try #require(late.withdrawn(at: now + .seconds(3), by: nil))))
            try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: now + .seconds(9)))
            #expect(try await versions().sorted() == ["early", "kept", "late"], "\(store.name)")
        }
    }

    @Test("of a directive that was taken back in the other record the refusals stay, in its own") func keptRefusals()
        async throws
    {
        try await withStores { store in
            try await populate(store)
            let nurse = Party.professional(try Sample.professional().id)
            let directive = ConsentDirective(
                root: ConsentRule(
                    .permit, actors: [.party(nurse)], exceptions: [ConsentRule(.deny, actions: [.disclose])]))
            let granted = Sample.choice("d", .directive(directive), of: try id("PAT-A"))
            let consent = Sample.choice(
                "c2",
                .consentOutsideTeam(OutsideConsent(grantee: nurse, documentTypes: ["*"], informed: true)),
                of: try id("PAT-B"))
            try await store.write(
                ConsentChange.choose(granted), ConsentChange.choose(consent), try merge("PAT-A", "PAT-B"),
                ConsentChange.choose(try #require(consent.withdrawn(at: now + .seconds(1), by: nil))))
            let split = now + .seconds(9)
            try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: split))
            let records = StoredAccessRecords(database: store.database)
            let living = try await records.file(of: try id("PAT-A")).choices.filter { !$0.period.ended(by: split) }
            #expect(living.map(\.id).sorted() == ["c", "split/PAT-A/d"], "\(store.name)")
            let bounded = ConsentDirective(root: directive.root, refusesOnly: true)
            #expect(living.contains { $0.kind == .directive(bounded) })
            #expect(try await records.file(of: try id("PAT-B")).choices.count == 2, "nothing of it is the other's")
        }
    }

    @Test("who leaves the team while they are one leaves it under both, and does not come back by a split")
    func departure() async throws {
        try await withStores { store in
            try await populate(store)
            let other = Party.structure(try #require(StructureIdentifier("STR-1")))
            for name in ["PAT-A", "PAT-B"] {
                try await store.write(
                    ConsentChange.join(
                        Membership(
                            id: "other", patient: try id(name), member: other, period: Period(start: now),
                            legalBasis: .recognised)))
            }
            func leave(_ name: String, _ membership: String, at seconds: Int64) throws -> ConsentChange {
                .leave(patient: try id(name), membership: membership, at: now + .seconds(seconds))
            }
            func current(_ name: String) async throws -> [String] {
                let file = try await StoredAccessRecords(database: store.database).file(of: try id(name))
                let all = file.memberships + file.merged.flatMap(\.memberships)
                return all.filter { !$0.period.ended(by: now + .seconds(5)) }.map { "\($0.patient.value) \($0.id)" }
                    .sorted()
            }
            try await store.write(try merge("PAT-A", "PAT-B"))
            let before = try await store.revision(of: RecordKey(.patient, "PAT-B"))
            // Written in error under one of them: it says nothing of the other.
            try await store.write(try leave("PAT-A", "other", at: 0))
            #expect(try await current("PAT-A") == ["PAT-A m", "PAT-B m", "PAT-B other"], "\(store.name)")
            #expect(try await store.revision(of: RecordKey(.patient, "PAT-B")) == before)
            // Listed twice, and one stay less.
            let professional = Party.professional(try Sample.professional().id)
            try await store.write(
                ConsentChange.join(
                    Membership(
                        id: "m2", patient: try id("PAT-A"), member: professional, period: Period(start: now),
                        legalBasis: .organised)),
                try leave("PAT-A", "m", at: 1))
            #expect(try await current("PAT-A") == ["PAT-A m2", "PAT-B m", "PAT-B other"])
            try await store.write(try leave("PAT-A", "m2", at: 2))
            #expect(try await current("PAT-A") == ["PAT-B other"])
            #expect(try await store.revision(of: RecordKey(.patient, "PAT-B")) != before)
            #expect(try await store.outcome(of: try leave("PAT-B", "m", at: 3)) == .refused(changeIndex: 0))
            try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: now + .seconds(4)))
            #expect(try await current("PAT-B") == ["PAT-B other"])
            #expect(try await current("PAT-C") == ["PAT-C m"], "no part of it")
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

    @Test("of a team that a refusal names, those who are in it are refused in the other record too") func namedTeam()
        async throws
    {
        try await withStores { store in
            try await populate(store)
            let structure = try #require(StructureIdentifier("STR-T"))
            let past = try #require(ProfessionalIdentifier("899700100099"))
            func join(_ id: String, _ member: Party, until end: Instant? = nil) throws -> ConsentChange {
                .join(
                    Membership(
                        id: id, patient: try self.id("PAT-B"), member: member,
                        period: Period(start: Instant(seconds: 1), end: end), legalBasis: .recognised))
            }
            let professional = try Sample.professional().id
            try await store.write(
                try join("t/1.1", .professional(professional)), try join("t/1.2", .structure(structure)),
                try join("t/1.3", .professional(past), until: now), try join("u/1.1", .professional(past)))
            try await store.write(try merge("PAT-A", "PAT-B"))
            let refusal = ConsentDirective(
                root: ConsentRule(.permit, exceptions: [ConsentRule(.deny, actors: [.team("t"), .team("empty")])]))
            var choice = Sample.choice("d", .directive(refusal), of: try id("PAT-B"))
            choice.recordedAt = now + .seconds(1)
            try await store.write(ConsentChange.choose(choice))
            try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: now + .seconds(9)))
            let file = try await StoredAccessRecords(database: store.database).file(of: try id("PAT-A"))
            let shared = file.choices.compactMap { choice -> ConsentDirective? in
                guard case .directive(let directive) = choice.kind else { return nil }
                return directive
            }
            #expect(
                shared.map { $0.root.exceptions.map(\.actors) } == [
                    [
                        [
                            .party(.professional(professional)), .party(.structure(structure)),
                            .unknown("CareTeam/empty"),
                        ]
                    ]
                ], "\(store.name)")
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
