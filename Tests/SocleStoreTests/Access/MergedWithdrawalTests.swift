// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleStore
import Testing

@Suite("Merged patients · what is taken back from one is taken back from both")
struct MergedWithdrawalTests: ThreePatients {
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
            try await store.write(try split("PAT-B", after: 3))
            #expect(try await versions() == ["early"], "\(store.name)")
            try await store.write(
                IdentityChange.merge(survivor: try id("PAT-A"), absorbed: try id("PAT-B"), at: now + .seconds(3)))
            try await store.write(
                ConsentChange.choose(late), ConsentChange.choose(new),
                ConsentChange.choose(try #require(late.withdrawn(at: now + .milliseconds(3500), by: nil))))
            try await store.write(try split("PAT-B", after: 9))
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
            // What has ended under both is not moved by who ends it again.
            let ended = try await store.revision(of: RecordKey(.patient, "PAT-B"))
            #expect(try await store.outcome(of: try leave("PAT-B", "m", at: 3)) == .committed(nil))
            #expect(try await store.revision(of: RecordKey(.patient, "PAT-B")) == ended)
            try await store.write(try split("PAT-B", after: 4))
            #expect(try await current("PAT-B") == ["PAT-B other"])
            #expect(try await current("PAT-C") == ["PAT-C m"], "no part of it")
        }
    }

    /// Stays of the same professional, in seconds from then on: what is left of them once they were ended.
    private func ends(
        _ name: String, in store: TestStore
    ) async throws -> [String: Int64?] {
        let file = try await StoredAccessRecords(database: store.database).file(of: try id(name))
        let all = file.memberships + file.merged.flatMap(\.memberships)
        return Dictionary(
            uniqueKeysWithValues: all.filter { $0.id != "m" }.map { stay in
                (stay.id, stay.period.end.map { ($0.milliseconds - now.milliseconds) / 1000 })
            })
    }

    private func join(_ name: String, _ id: String, from start: Int64, to end: Int64? = nil) throws -> ConsentChange {
        .join(
            Membership(
                id: id, patient: try self.id(name), member: .professional(try Sample.professional().id),
                period: Period(start: now + .seconds(start), end: end.map { now + .seconds($0) }),
                legalBasis: .recognised))
    }

    private func leave(_ name: String, _ id: String, at seconds: Int64) throws -> ConsentChange {
        .leave(patient: try self.id(name), membership: id, at: now + .seconds(seconds))
    }

    /// Two records that are one, each with its stay `m` already over.
    private func withMerged(_ body: (TestStore) async throws -> Void) async throws {
        try await withStores { store in
            try await populate(store)
            try await store.write(
                try leave("PAT-A", "m", at: -900), try leave("PAT-B", "m", at: -900), try merge("PAT-A", "PAT-B"))
            try await body(store)
        }
    }

    @Test("a stay of the other record that was lengthened ends with all its parts; one that is to come does not")
    func lengthened() async throws {
        try await withMerged { store in
            try await store.write(
                try join("PAT-A", "a", from: -100), try join("PAT-B", "b1", from: -100, to: 50),
                try join("PAT-B", "b2", from: 50), try join("PAT-B", "b3", from: 500))
            try await store.write(try leave("PAT-A", "a", at: 10))
            let ends = try await ends("PAT-A", in: store)
            #expect(ends == ["a": 10, "b1": 10, "b2": 10, "b3": nil], "\(store.name)")
        }
    }

    @Test("who leaves the last of two teams of a record leaves the other record's when the later of both is over")
    func twoTeams() async throws {
        try await withMerged { store in
            try await store.write(
                try join("PAT-A", "a1", from: -100), try join("PAT-A", "a2", from: -100),
                try join("PAT-A", "a3", from: 300), try join("PAT-B", "b", from: -100))
            try await store.write(try leave("PAT-A", "a1", at: 25))
            let first = try await ends("PAT-A", in: store)
            #expect(first["b"] == .some(nil), "\(store.name): listed still")
            try await store.write(try leave("PAT-A", "a2", at: 0))
            let second = try await ends("PAT-A", in: store)
            #expect(second == ["a1": 25, "a2": 0, "a3": nil, "b": 25], "\(store.name)")
        }
    }

    @Test("stays of both records may end at different instants in one transaction, in whatever order")
    func differentEnds() async throws {
        for order in [[("PAT-A", "a", 5), ("PAT-B", "b", 7)], [("PAT-B", "b", 7), ("PAT-A", "a", 5)]] {
            try await withMerged { store in
                try await store.write(try join("PAT-A", "a", from: -100), try join("PAT-B", "b", from: -100))
                let changes = try order.map { try leave($0.0, $0.1, at: Int64($0.2)) }
                let outcome = try await store.lane.commit(Submission(changes: changes, entry: nil))
                let ends = try await ends("PAT-A", in: store)
                #expect(outcome == .committed(nil), "\(store.name)")
                #expect(ends == ["a": 5, "b": 5], "\(store.name)")
            }
        }
    }

    @Test(
        "a withdrawal for a later day ends the other's grant then, as given by whom; so does the end of what was left")
    func later() async throws {
        try await withStores { store in
            try await populate(store)
            let nurse = Party.professional(try Sample.professional().id)
            func consent(_ name: String, of patient: String, types: Set<String> = ["*"]) throws -> PatientChoice {
                var choice = Sample.choice(
                    name, .consentOutsideTeam(OutsideConsent(grantee: nurse, documentTypes: types, informed: true)),
                    of: try id(patient))
                choice.recordedAt = Instant(seconds: 900)
                return choice
            }
            var given = try consent("given", of: "PAT-B")
            (given.recordedBy, given.evidence) = ("899700100099", "signed")
            var left = try consent("left", of: "PAT-A")
            (left.period.end, left.recordedBy) = (now + .seconds(80), nil)
            let taken = try consent("taken", of: "PAT-A")
            try await store.write(
                ConsentChange.choose(given), ConsentChange.choose(taken), try merge("PAT-A", "PAT-B"),
                ConsentChange.choose(left))
            var announced = taken
            (announced.version, announced.recordedAt, announced.period.end) = (2, now + .seconds(1), now + .seconds(40))
            try await store.write(ConsentChange.choose(announced), try split("PAT-B", after: 9))
            let history = try await StoredAccessRecords(database: store.database).history(of: try id("PAT-B"))
            let last = try #require(history.last { $0.id == "given" })
            #expect(last.version == 2 && last.period.end == now + .seconds(80), "\(store.name)")
            #expect(last.recordedBy == "899700100099" && last.evidence == "signed", "no more the patient's than before")
        }
    }

    @Test("many grants, and as many that were taken back, each for another day, part one by one") func many()
        async throws
    {
        let (professional, patient, other) = (try Sample.professional().id, try id("PAT-A"), try id("PAT-B"))
        func consents(_ patient: PatientIdentifier, _ version: Int, ending: Bool) -> [PatientChoice] {
            (0..<200).map { index in
                var choice = Sample.choice(
                    "c\(index)",
                    .consentOutsideTeam(
                        OutsideConsent(
                            grantee: .professional(professional), documentTypes: ["T\(index)"], informed: true)),
                    of: patient, version: version)
                choice.recordedAt = Instant(seconds: 1000 + Int64(version))
                if ending { choice.period.end = now + .seconds(Int64(index) + 100) }
                return choice
            }
        }
        let taken = consents(other, 1, ending: false) + consents(other, 2, ending: true)
        let ended = SplitRecords.ending(
            consents(patient, 1, ending: false), asIn: [taken], merged: Instant(seconds: 1000), split: now)
        #expect(ended.count == 200)
        #expect(Set(ended.compactMap(\.period.end)).count == 200, "each when nothing of it is left")
    }
}
