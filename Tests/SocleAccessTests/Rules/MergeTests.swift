// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

/// Numbers of a fixed seed: the same records at each run.
private struct Draw {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(count))
    }

    mutating func some<Value>(_ values: [Value]) -> Value { values[next(values.count)] }
}

@Suite("Merged patients · every choice kept, the strictest winning")
struct MergeTests {
    /// Refusals that a patient's choice makes. What is only absent (no membership, no information) is no choice.
    private static let refusals: Set<String> = [
        "opposition", "blocked", "emergency_opposition", "masked", "minor_secret", "consent_withdrawn",
    ]

    private func directive(_ root: ConsentRule) -> PatientChoice.Kind { .directive(ConsentDirective(root: root)) }

    private func choices(_ draw: inout Draw, of patient: PatientIdentifier) throws -> [PatientChoice] {
        let nurse = try #require(RuleBench.nurse)
        let practice = try #require(RuleBench.practice)
        let carer = try #require(RelatedPersonIdentifier("REL-1"))
        let grantees: [Party] = [.professional(nurse), .structure(practice)]
        let scopes: [Set<String>] = [["*"], ["T-OPEN"], ["agenda"], ["document", "agenda"]]
        var choices: [PatientChoice] = []
        for index in 0..<draw.next(5) {
            let kinds: [PatientChoice.Kind] = [
                .oppositionToSharing, .oppositionInEmergency, .oppositionToRegulation, .block(draw.some(grantees)),
                .mask(.document("DOC-1")), .mask(.type("T-OPEN")), .mask(.category("document")),
                .minorSecret(document: "DOC-1"), .administrator(nurse),
                .carerMandate(carer, categories: draw.some(scopes)),
                .consentOutsideTeam(
                    OutsideConsent(
                        grantee: draw.some(grantees), documentTypes: draw.some(scopes), informed: draw.next(4) > 0)),
                .consentOutsideTeam(OutsideConsent(grantee: draw.some(grantees), documentTypes: ["*"], informed: true)),
                .occupationalConsent(nurse, informed: true), .teamInformation(recipients: []),
                directive(ConsentRule(.permit, actors: [.party(draw.some(grantees))])),
                directive(
                    ConsentRule(.permit, exceptions: [ConsentRule(.deny, actors: [.party(draw.some(grantees))])])),
                directive(
                    ConsentRule(nil, exceptions: [ConsentRule(.permit, data: DataCondition(codes: ["s|T-SHUT"]))])),
            ]
            let said = RuleBench.now - .days(draw.some([1, 4, 10]))
            let choice = PatientChoice(
                id: "c\(index)", patient: patient, kind: draw.some(kinds),
                period: Period(
                    start: said, end: draw.some([nil, nil, RuleBench.now - .hours(1), RuleBench.now + .hours(1)])),
                recordedAt: said)
            choices.append(choice)
            guard draw.next(3) == 0 else { continue }
            // Taken back before it ends, perhaps before the other record says the same.
            let instant = RuleBench.now - draw.some([Duration.hours(2), .days(3)])
            if instant > said, let withdrawn = choice.withdrawn(at: instant, by: nil) { choices.append(withdrawn) }
        }
        return choices
    }

    /// The records of one patient under two identifiers, and a question that their choices bear on.
    private struct Pair {
        var bench: RuleBench
        var own: [PatientChoice]
        var other: [PatientChoice]

        /// What is decided on one record with such choices.
        func alone(_ choices: [PatientChoice]) throws -> Decision {
            var bench = bench
            let survivor = try #require(RuleBench.patientID)
            bench.choices = choices.map { choice in
                var choice = choice
                choice.patient = survivor
                return choice
            }
            return bench.decision
        }

        func together(_ own: [PatientChoice], _ other: [PatientChoice]) throws -> Decision {
            var bench = bench
            bench.choices = own
            bench.merged = [MergedRecord(patient: try #require(PatientIdentifier("PAT-2")), choices: other)]
            return bench.decision
        }
    }

    private func pair(_ draw: inout Draw) throws -> Pair {
        let survivor = try #require(RuleBench.patientID)
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        let carer = try #require(RelatedPersonIdentifier("REL-1"))
        var bench = try RuleBench()
        bench.question.resource.type = draw.some(["document", "document", "agenda"])
        switch draw.next(6) {
        case 0: bench.emergency()
        case 1: bench.question.context.purpose = "OCCUP"
        case 2:
            bench.become(
                .relatedPerson,
                .relatedPerson(
                    carer, match: .exact,
                    of: [
                        AccountLink.Relation(
                            patient: draw.some([survivor, absorbed]), code: "MTH", legalRepresentative: true)
                    ]))
            bench.patient?.capacity = .minor
        default: bench.memberships = draw.next(3) == 0 ? [] : bench.memberships
        }
        // A team is who it is, whichever record lists it: what differs here is what the patient chose.
        return Pair(bench: bench, own: try choices(&draw, of: survivor), other: try choices(&draw, of: absorbed))
    }

    /// The last version of each choice of a record.
    private func last(_ choices: [PatientChoice]) -> [PatientChoice] {
        choices.filter { choice in !choices.contains { $0.id == choice.id && $0.version > choice.version } }
    }

    /// When the last of the consents outside the team was taken back, if one was.
    private func withdrawal(in choices: [PatientChoice]) -> Instant? {
        last(choices).compactMap { choice in
            guard case .consentOutsideTeam = choice.kind, choice.version == 2 else { return nil }
            return choice.recordedAt
        }.max()
    }

    /// Without what opens care to somebody and was given after that instant; all of it when there is none.
    private func given(by instant: Instant?, _ choices: [PatientChoice]) -> [PatientChoice] {
        choices.filter { choice in
            switch choice.kind {
            case .consentOutsideTeam, .directive: instant.map { choice.period.start <= $0 } ?? false
            default: true
            }
        }
    }

    @Test("nothing is permitted that either record alone refused by a patient's choice") func strictest() throws {
        var draw = Draw(seed: 11)
        var refused: [String: Int] = [:]
        var permitted = 0
        for _ in 0..<2400 {
            let pair = try pair(&draw)
            let (own, other) = (pair.own, pair.other)
            if try pair.together(own, other).isPermit { permitted += 1 }
            for (choices, isOwn) in [(own, true), (other, false)] {
                let alone = try pair.alone(choices)
                guard !alone.isPermit, Self.refusals.contains(alone.reason) else { continue }
                var (mine, theirs) = (own, other)
                if alone.reason == "consent_withdrawn" {
                    // It refuses what was given before it, in the other record, and nothing when it only expired.
                    guard let instant = withdrawal(in: choices) else { continue }
                    if isOwn {
                        theirs = given(by: instant, other)
                    } else {
                        mine = given(by: instant, own)
                    }
                }
                refused[alone.reason, default: 0] += 1
                let together = try pair.together(mine, theirs)
                if together.isPermit {
                    Issue.record("\(alone.reason), then \(together.reason): \(mine) \(theirs)")
                    return
                }
            }
        }
        // The draws are worth something only if each refusal, and permits, are met.
        #expect(Set(refused.keys) == Self.refusals)
        #expect(permitted > 100)
    }

    @Test("what only expired in either record decides nothing in the other") func expiries() throws {
        var draw = Draw(seed: 12)
        var permitted = 0
        var met = 0
        for _ in 0..<1200 {
            let pair = try pair(&draw)
            func living(_ choices: [PatientChoice]) -> [PatientChoice] {
                choices.filter { choice in
                    choice.version == 2 || choices.contains { $0.id == choice.id && $0.version == 2 }
                        || !choice.period.ended(by: RuleBench.now)
                }
            }
            let (own, other) = (living(pair.own), living(pair.other))
            if own != pair.own || other != pair.other { met += 1 }
            let (all, without) = try (pair.together(pair.own, pair.other), pair.together(own, other))
            if all.isPermit { permitted += 1 }
            if all.isPermit != without.isPermit {
                Issue.record("\(all.reason), and without \(without.reason): \(pair.own) \(pair.other)")
                return
            }
        }
        #expect(permitted > 100 && met > 300)
    }

    @Test("a consent given anew opens as it would in one record, whichever identifier it is given under")
    func anew() throws {
        let survivor = try #require(RuleBench.patientID)
        let nurse = try #require(RuleBench.nurse)
        var draw = Draw(seed: 13)
        var permitted = 0
        for _ in 0..<1200 {
            let pair = try pair(&draw)
            guard pair.bench.professional != nil, pair.bench.question.context.purpose == "TREAT" else { continue }
            let minute = RuleBench.now - .minutes(1)
            func consent(_ patient: PatientIdentifier) -> PatientChoice {
                PatientChoice(
                    id: "anew", patient: patient,
                    kind: .consentOutsideTeam(
                        OutsideConsent(grantee: .professional(nurse), documentTypes: ["*"], informed: true)),
                    period: Period(start: minute), recordedAt: minute)
            }
            let absorbed = try #require(PatientIdentifier("PAT-2"))
            let first = try pair.together(pair.own + [consent(survivor)], pair.other)
            let second = try pair.together(pair.own, pair.other + [consent(absorbed)])
            #expect(first.reason != "consent_withdrawn" && second.reason != "consent_withdrawn")
            if first.isPermit { permitted += 1 }
            if (first.isPermit, first.reason) != (second.isPermit, second.reason) {
                Issue.record("\(first.reason), but \(second.reason): \(pair.own) \(pair.other)")
                return
            }
        }
        #expect(permitted > 100)
    }

    @Test("a record merged into another without any choice takes nothing away") func empty() throws {
        var bench = try RuleBench()
        bench.merged = [MergedRecord(patient: try #require(PatientIdentifier("PAT-2")))]
        #expect(bench.outcome == "permit care_team R-TEAM-1")
    }

    @Test("a team and an information recorded under the other identifier count") func team() throws {
        var bench = try RuleBench()
        bench.merged = [
            MergedRecord(
                patient: try #require(PatientIdentifier("PAT-2")), memberships: bench.memberships,
                choices: bench.choices)
        ]
        bench.memberships = []
        bench.choices = []
        #expect(bench.outcome == "permit care_team R-TEAM-1")
    }

    @Test("choices of both records that carry the same name stay two choices") func names() throws {
        var bench = try RuleBench()
        let patient = try #require(PatientIdentifier("PAT-2"))
        var opposition = try bench.choice(.oppositionToSharing)
        opposition.id = bench.choices[0].id
        opposition.patient = patient
        bench.merged = [MergedRecord(patient: patient, choices: [opposition])]
        #expect(bench.outcome == "deny opposition R-OPP-1")
    }

    @Test("one who died under either identifier is dead") func death() throws {
        var bench = try RuleBench()
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        bench.merged = [MergedRecord(patient: absorbed, traits: Patient(id: absorbed))]
        #expect(bench.outcome == "permit care_team R-TEAM-1")
        bench.merged[0].traits?.alive = false
        #expect(bench.outcome == "deny deceased R-DEC-1")
        bench.patient?.alive = false
        bench.merged[0].traits?.alive = true
        #expect(bench.outcome == "deny deceased R-DEC-1")
    }

    @Test("incapacity opens an emergency, and minority a child's file, where every record says so") func capacity()
        throws
    {
        var bench = try RuleBench()
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        let parent = try #require(RelatedPersonIdentifier("REL-1"))
        bench.emergency()
        bench.question.context.patientCapacity = nil
        bench.patient?.capacity = .unableToExpress
        bench.merged = [MergedRecord(patient: absorbed, traits: Patient(id: absorbed, capacity: .unableToExpress))]
        #expect(bench.outcome == "permit break_glass R-BTG-1")
        bench.merged[0].traits?.capacity = .able
        #expect(bench.outcome == "deny btg_conditions_not_met R-BTG-1")
        bench.become(
            .relatedPerson,
            .relatedPerson(
                parent, match: .exact,
                of: [AccountLink.Relation(patient: absorbed, code: "MTH", legalRepresentative: true)]))
        bench.question.context.purpose = "PATRQT"
        bench.patient?.capacity = .minor
        bench.merged[0].traits?.capacity = .minor
        #expect(bench.decision.isPermit, "\(bench.outcome)")
        // Of age by the date of one of them.
        bench.merged[0].traits?.birthDate = CalendarDate("2000-01-01")
        #expect(!bench.decision.isPermit)
    }

    @Test("an identity is qualified unless the other record holds another INS") func identity() throws {
        var bench = try RuleBench()
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        bench.question.action = "publish_dmp"
        bench.merged = [MergedRecord(patient: absorbed, traits: Patient(id: absorbed))]
        #expect(bench.outcome == "permit care_team R-TEAM-1")
        bench.merged[0].traits?.ins = INS("269054958815780")
        #expect(bench.outcome.hasPrefix("deny") && bench.outcome.hasSuffix("R-ID-1"))
        bench.patient?.ins = INS("269054958815780")
        #expect(bench.outcome == "permit care_team R-TEAM-1")
        bench.patient?.insStatus = .provisional
        #expect(bench.outcome.hasSuffix("R-ID-1"))
    }

    /// Both records let the nurse in, by a directive or a consent; one of them took it back.
    @Test("a directive that only refuses opens nothing by what it permits, and refuses what it refused")
    func refusals() throws {
        let nurse = try #require(RuleBench.nurse)
        let other = try #require(ProfessionalIdentifier("899700100099"))
        let root = ConsentRule(
            .permit, actors: [.party(.professional(nurse))],
            exceptions: [ConsentRule(.deny, actors: [.party(.professional(other))])])
        let refusals = try #require(ConsentDirective(root: root).refusals)
        for (directive, isPermitted) in [(ConsentDirective(root: root), true), (refusals, false)] {
            var bench = try RuleBench()
            bench.memberships = []
            try bench.choose(.directive(directive))
            #expect(bench.decision.isPermit == isPermitted)
            bench.memberships = [try bench.stay(.professional(other)), try bench.stay(.professional(nurse))]
            #expect(bench.outcome == "permit care_team R-TEAM-1")
            bench.professional = Professional(
                id: other, name: "Autre",
                profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                activities: bench.professional?.activities ?? [])
            #expect(bench.outcome == "deny opposition R-OPP-1")
        }
        #expect(ConsentDirective(root: ConsentRule(.permit)).refusals == nil)
        let alone = ConsentDirective(root: ConsentRule(.deny))
        #expect(alone.refusals == ConsentDirective(root: alone.root, refusesOnly: true))
        // A root that permits some data refuses the rest.
        let some = ConsentDirective(root: ConsentRule(.permit, data: DataCondition(codes: ["http://loinc.org|X"])))
        #expect(some.refusals?.refusesOnly == true)
    }

    @Test("a patient signed in under the absorbed identifier reads their file, and no other") func account() throws {
        var bench = try RuleBench()
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        bench.become(.patient, .patient(absorbed, match: .exact))
        bench.question.context.purpose = "PATRQT"
        #expect(bench.outcome == "deny not_self R-PAT-1")
        bench.merged = [MergedRecord(patient: absorbed)]
        #expect(bench.outcome == "permit self R-PAT-1")
    }
}
