// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite("Merged patients · what is taken back from one is void for the other")
struct MergedGiftTests {
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
                bench.merged = [MergedRecord(patient: absorbed, choices: try takenBack(bench.choice(taken)))]
                #expect(bench.outcome == "deny consent_withdrawn R-OUT-2", "\(granted) \(taken)")
                let error = try bench.choice(taken, from: bench.now - .days(1), to: bench.now - .days(1))
                bench.merged[0].choices = [error]
                #expect(bench.decision.isPermit, "written in error, it took nothing back: \(granted) \(taken)")
                bench.merged[0].choices = try takenBack(bench.choice(taken))
                // Something else of that record still opens to them.
                bench.merged[0].choices.append(try bench.choice(granted))
                bench.merged[0].choices[2].id = "other"
                #expect(bench.decision.isPermit, "\(granted) \(taken)")
            }
            var bench = try RuleBench()
            bench.memberships = []
            try bench.choose(granted)
            let stranger = try #require(ProfessionalIdentifier("899700100099"))
            let other = try bench.choice(directive(.party(.professional(stranger))))
            bench.merged = [MergedRecord(patient: absorbed, choices: try takenBack(other))]
            #expect(bench.decision.isPermit, "taken back from somebody else")
        }
    }

    @Test("what is given anew for less, unsaid, or by another, gives back no more than it says")
    func narrower() throws {
        let nurse = try #require(RuleBench.nurse)
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        func consent(_ types: Set<String>, informed: Bool = true) -> PatientChoice.Kind {
            .consentOutsideTeam(
                OutsideConsent(grantee: .professional(nurse), documentTypes: types, informed: informed))
        }
        var bench = try RuleBench()
        bench.memberships = []
        try bench.choose(consent(["*"]))
        let taken = try takenBack(bench.choice(consent(["*"])))
        func outcome(_ kind: PatientChoice.Kind, by recorder: String? = nil) throws -> String {
            var anew = try bench.choice(kind)
            (anew.id, anew.recordedBy) = ("anew", recorder)
            var bench = bench
            bench.merged = [MergedRecord(patient: absorbed, choices: taken + [anew])]
            return bench.outcome
        }
        #expect(try outcome(consent(["*"])) == "permit consent_outside_team R-OUT-1")
        #expect(try outcome(consent(["liaison_note"])).hasPrefix("deny"))
        #expect(try outcome(consent(["*"], informed: false)).hasPrefix("deny"))
        #expect(try outcome(consent(["*"]), by: "899700100099").hasPrefix("deny"))
    }

    private func takenBack(
        _ choice: PatientChoice, at instant: Instant = RuleBench.now
    ) throws -> [PatientChoice] {
        [choice, try #require(choice.withdrawn(at: instant, by: nil))]
    }

    /// One thing that a patient gives, and the question that it opens.
    struct Gift: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: @Sendable () throws -> PatientChoice.Kind
        var prepare: @Sendable (inout RuleBench) throws -> Void
        var testDescription: String { name }
    }

    static let gifts = [
        Gift(
            name: "consent",
            kind: {
                let nurse = try #require(RuleBench.nurse)
                return .consentOutsideTeam(
                    OutsideConsent(grantee: .professional(nurse), documentTypes: ["*"], informed: true))
            }, prepare: { $0.memberships = [] }),
        Gift(
            name: "directive",
            kind: {
                let nurse = try #require(RuleBench.nurse)
                return .directive(
                    ConsentDirective(root: ConsentRule(.permit, actors: [.party(.professional(nurse))])))
            }, prepare: { $0.memberships = [] }),
        Gift(
            name: "mandate",
            kind: {
                .carerMandate(try #require(RelatedPersonIdentifier("REL-1")), categories: ["document"])
            },
            prepare: { bench in
                let carer = try #require(RelatedPersonIdentifier("REL-1"))
                bench.become(.relatedPerson, .relatedPerson(carer, match: .exact, of: []))
                bench.question.context.purpose = "PATRQT"
            }),
        Gift(
            name: "occupational consent",
            kind: { .occupationalConsent(try #require(RuleBench.nurse), informed: true) },
            prepare: { $0.question.context.purpose = "OCCUP" }),
        Gift(
            name: "agreement to the circle", kind: { .teamConsent(recipients: []) },
            prepare: { $0.registration.service = "consent-first" }),
        Gift(
            name: "administrator", kind: { .administrator(try #require(RuleBench.nurse)) },
            prepare: { try $0.choose(.mask(.document("DOC-1"))) }),
    ]

    @Test(
        "of a gift, what the other record took back since is void, and what only ended there is not", arguments: gifts)
    func gift(_ gift: Gift) throws {
        let absorbed = try #require(PatientIdentifier("PAT-2"))
        let now = RuleBench.now
        var bench = try RuleBench()
        try gift.prepare(&bench)
        let before = bench.choices
        let kind = try gift.kind()
        func said(_ days: Int64, until end: Instant? = nil, id: String = "gift") throws -> PatientChoice {
            var choice = try bench.choice(kind, from: now - .days(days), to: end)
            choice.id = id
            return choice
        }
        func expect(_ isPermitted: Bool, _ own: [PatientChoice], _ other: [PatientChoice], _ why: Comment) throws {
            for (mine, theirs) in [(own, other), (other, own)] {
                var bench = bench
                bench.choices = before + mine
                bench.merged = [MergedRecord(patient: absorbed, choices: theirs)]
                // A mask of the one record is opened by nobody whom only the other names.
                if gift.name == "administrator", mine != own { continue }
                #expect(bench.decision.isPermit == isPermitted, why)
            }
        }
        var again = try said(10)
        (again.version, again.recordedAt) = (2, now - .hours(1))
        var anew = again
        anew.period.start = now - .hours(1)
        var late = try said(2000, until: now - .days(1700))
        late.recordedAt = now - .days(1)
        var announced = try said(10)
        (announced.version, announced.period.end, announced.recordedAt) = (2, now - .days(1), now - .days(3))
        var error = try said(10)
        (error.version, error.period.end, error.recordedAt) = (2, error.period.start, now - .hours(1))
        var over = try said(10, until: now - .hours(1))
        over.recordedAt = now - .hours(1)
        let withdrawn = try takenBack(said(10), at: now - .days(1))
        var closed = try said(20, until: now - .hours(1))
        (closed.version, closed.recordedAt) = (2, now - .hours(1))

        try expect(false, [], [], "nothing was given")
        try expect(true, [said(10)], [], "given in one of them")
        try expect(true, [said(10)], [said(20, until: now - .days(5))], "expired")
        try expect(true, [said(10)], [late], "over long before it was recorded")
        try expect(true, [said(10), anew], withdrawn, "given again since, from then on")
        try expect(true, [said(10)], [said(10), error], "written in error")
        try expect(false, [said(10)], withdrawn, "taken back")
        try expect(false, [said(1)], withdrawn, "taken back as it was given")
        var twice = withdrawn[1]
        (twice.version, twice.period.end, twice.recordedAt) = (3, now - .hours(1), now - .hours(1))
        try expect(false, [said(10)], withdrawn + [twice], "taken back, and written again as over")
        try expect(true, [said(10)], [said(20, until: now - .days(5)), closed], "expired, and written again as over")
        try expect(false, [said(10), again], withdrawn, "given before, and only written again")
        try expect(false, [said(10)], [said(10), announced], "taken back for a later day")
        try expect(false, [said(10)], [over], "recorded as over from then on")
        try expect(true, [said(2)], [said(10), announced], "given after it was announced")
        let new = try said(0, id: "new")
        try expect(true, [said(10), new], withdrawn, "given anew")
        try expect(true, [said(10)], withdrawn + [new], "given anew where it was taken back")
        try expect(false, [said(10)] + takenBack(new), withdrawn, "given anew, and taken back")
    }
}
