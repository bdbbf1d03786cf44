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
            choices.append(
                PatientChoice(
                    id: "c\(index)", patient: patient, kind: draw.some(kinds),
                    period: Period(
                        start: RuleBench.now - .days(draw.some([1, 10])),
                        end: draw.some([nil, nil, RuleBench.now - .hours(1), RuleBench.now + .hours(1)])),
                    recordedAt: RuleBench.now - .days(10)))
        }
        return choices
    }

    @Test("nothing is permitted that either record alone refused by a patient's choice") func strictest() throws {
        let survivor = try #require(RuleBench.patientID)
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        let carer = try #require(RelatedPersonIdentifier("REL-1"))
        var draw = Draw(seed: 11)
        var refused: [String: Int] = [:]
        var permitted = 0
        for _ in 0..<1600 {
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
            let own = try choices(&draw, of: survivor)
            let other = try choices(&draw, of: absorbed)
            bench.choices = own
            let first = bench.decision
            bench.choices = other.map { choice in
                var choice = choice
                choice.patient = survivor
                return choice
            }
            let second = bench.decision
            bench.choices = own
            bench.merged = [MergedRecord(patient: absorbed, choices: other)]
            let together = bench.decision
            for alone in [first, second] where !alone.isPermit && Self.refusals.contains(alone.reason) {
                refused[alone.reason, default: 0] += 1
                if together.isPermit {
                    Issue.record("\(alone.reason), then \(together.reason): \(own) \(other)")
                    return
                }
            }
            if together.isPermit { permitted += 1 }
        }
        // The draws are worth something only if each refusal, and permits, are met.
        #expect(Set(refused.keys) == Self.refusals)
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
    @Test("a permit of one record falls when the other took it back, by directive or by consent") func takenBack()
        throws
    {
        let nurse = try #require(RuleBench.nurse)
        let practice = try #require(RuleBench.practice)
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        func directive(_ actors: RuleActor...) -> PatientChoice.Kind {
            .directive(ConsentDirective(root: ConsentRule(.permit, actors: Set(actors))))
        }
        let consent = PatientChoice.Kind.consentOutsideTeam(
            OutsideConsent(grantee: .professional(nurse), documentTypes: ["*"], informed: true))
        let opening = [
            consent, directive(.party(.professional(nurse))), directive(.party(.structure(practice))), directive(),
        ]
        for granted in opening {
            for taken in opening {
                var bench = try RuleBench()
                bench.memberships = []
                try bench.choose(granted)
                #expect(bench.outcome == "permit consent_outside_team R-OUT-1")
                let ended = try bench.choice(taken, to: bench.now)
                bench.merged = [MergedRecord(patient: absorbed, choices: [ended])]
                #expect(bench.outcome == "deny consent_withdrawn R-OUT-2", "\(granted) \(taken)")
                let error = try bench.choice(taken, from: bench.now - .days(1), to: bench.now - .days(1))
                bench.merged[0].choices = [error]
                #expect(bench.decision.isPermit, "written in error, it took nothing back: \(granted) \(taken)")
                bench.merged[0].choices = [ended]
                // Something else of that record still opens to them.
                bench.merged[0].choices.append(try bench.choice(granted))
                bench.merged[0].choices[1].id = "other"
                #expect(bench.decision.isPermit, "\(granted) \(taken)")
            }
            var bench = try RuleBench()
            bench.memberships = []
            try bench.choose(granted)
            let stranger = try #require(ProfessionalIdentifier("899700100099"))
            let ended = try bench.choice(directive(.party(.professional(stranger))), to: bench.now)
            bench.merged = [MergedRecord(patient: absorbed, choices: [ended])]
            #expect(bench.decision.isPermit, "taken back from somebody else")
        }
    }

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
