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
