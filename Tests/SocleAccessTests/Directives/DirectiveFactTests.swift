// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite("Directives · what a refusal is about counts however the question spells it")
struct DirectiveFactTests {
    private static let opposed = "deny opposition R-OPP-1"
    private static let opened = "permit care_team R-TEAM-1"

    private func bench(_ rules: ConsentRule...) throws -> RuleBench {
        var bench = try RuleBench()
        for rule in rules { try bench.choose(.directive(ConsentDirective(root: rule))) }
        return bench
    }

    private func refusal(authoredBy type: String, _ id: String) -> ConsentRule {
        ConsentRule(.deny, data: DataCondition(references: [.init(.authoredby, type: type, id: id)]))
    }

    private func refusal(_ codes: String...) -> ConsentRule {
        ConsentRule(.deny, data: DataCondition(codes: Set(codes)))
    }

    @Test(
        "an author is one, however written",
        arguments: ["899700100011", "rpps:899700100011", "Practitioner/899700100011"])
    func author(text: String) throws {
        var bench = try bench(refusal(authoredBy: "Practitioner", "899700100011"))
        bench.question.resource.author = text
        #expect(bench.outcome == Self.opposed)
        bench.question.resource.author = text.replacing("00011", with: "00033")
        #expect(bench.outcome == Self.opened)
        #expect(bench.decision.obligations.isEmpty)
        bench.question.resource = .init(
            type: "document_list", id: "L", patient: "PAT-1",
            candidates: [.init(id: "A", author: text), .init(id: "B", author: "899700100033")])
        #expect(bench.decision.obligations.filter { $0.hasPrefix("filter:") } == ["filter:A"])
    }

    @Test(
        "an RPPS number alone is the professional of that number",
        arguments: ["810001234565", "10001234565", "rpps:10001234565", "Practitioner/10001234565"])
    func number(text: String) throws {
        var bench = try bench(refusal(authoredBy: "Practitioner", "810001234565"))
        bench.question.resource.author = text
        #expect(bench.outcome == Self.opposed)
    }

    @Test("what only refuses opens nothing beside a directive that permits some") func refusesOnly() throws {
        let permit = ConsentRule(
            nil, exceptions: [ConsentRule(.permit, data: DataCondition(codes: ["http://loinc.org|11502-2"]))])
        var bench = try bench(permit)
        bench.memberships = []
        bench.question.resource = .init(type: "document_list", id: "L", patient: "PAT-1")
        let alone = bench.decision.obligations
        #expect(alone.first == "residual:forbid" && alone.count == 2, "\(alone)")
        let refusal = ConsentDirective(
            root: ConsentRule(
                .permit, exceptions: [ConsentRule(.deny, data: DataCondition(codes: ["http://loinc.org|60591-5"]))]),
            refusesOnly: true)
        bench.choices.append(
            PatientChoice(
                id: "refusal", patient: bench.choices[0].patient, kind: .directive(refusal),
                period: bench.choices[0].period, recordedAt: bench.choices[0].recordedAt))
        let both = bench.decision.obligations
        #expect(both.starts(with: alone), "\(both)")
        #expect(both.dropFirst(alone.count) == ["residual:forbid:code=http://loinc.org|60591-5"])
    }

    @Test(
        "a form that identifies nobody is an author unknown, never another one",
        arguments: [
            "https://ehr.test/Practitioner/899700100011", "PractitionerRole/899700100011-STR", "Dr Morel",
            "Practitioner/899700100011/_history/2", "urn:uuid:1", "",
        ])
    func unknownAuthor(text: String) throws {
        var bench = try bench(refusal(authoredBy: "Practitioner", "899700100011"))
        bench.question.resource.author = text
        #expect(bench.outcome == Self.opened)
        #expect(bench.decision.obligations == ["residual:forbid:authoredby=Practitioner/899700100011"])
    }

    @Test("a structure is one, however written, and no person") func structure() throws {
        var bench = try bench(refusal(authoredBy: "Organization", "STR-9"))
        for (text, outcome) in [("STR-9", Self.opposed), ("Organization/STR-9", Self.opposed), ("STR-8", Self.opened)] {
            bench.question.resource.authorStructure = text
            #expect(bench.outcome == outcome, "\(text)")
        }
        bench.question.resource.authorStructure = "Practitioner/STR-9"
        #expect(bench.decision.obligations == ["residual:forbid:authoredby=Organization/STR-9"])
    }

    @Test("a rule for one team is for whom that team lists now, in person or by their structure where structures count")
    func teams() throws {
        func answer(
            _ rule: (RuleActor) -> ConsentRule, _ team: RuleActor, service: String = "any",
            _ change: (inout RuleBench) throws -> Void = { _ in }
        ) throws -> String {
            var bench = try bench(rule(team))
            let practice = try #require(RuleBench.practice)
            bench.registration.service = service
            bench.memberships = [
                try bench.stay(.professional(try #require(RuleBench.nurse)), id: "own/1.1"),
                try bench.stay(.structure(practice), id: "place/1.1"),
                try bench.stay(.professional(try #require(RuleBench.nurse)), to: RuleBench.now, id: "past/1.1"),
                try bench.stay(.professional(try #require(RuleBench.nurse)), .circle, id: "close/1.1"),
            ]
            try change(&bench)
            return bench.outcome
        }
        let refusing = { (team: RuleActor) in ConsentRule(.deny, actors: [team]) }
        let sparing = { (team: RuleActor) in ConsentRule(.deny, exceptions: [ConsentRule(.permit, actors: [team])]) }
        for name in ["own", "place"] {
            #expect(try answer(refusing, .team(name)) == Self.opposed, "\(name)")
            #expect(try answer(sparing, .team(name)) == Self.opened, "\(name)")
        }
        for name in ["past", "close", "other", "PAT-1"] {
            #expect(try answer(refusing, .team(name)) == Self.opened, "\(name)")
            #expect(try answer(sparing, .team(name)) == Self.opposed, "\(name)")
        }
        // Directives written before teams were told apart.
        #expect(try answer(refusing, .careTeam) == Self.opposed)
        #expect(try answer(sparing, .careTeam) == Self.opened)
        // A service where professionals are declared one by one: their structure brings them into no team.
        #expect(try answer(sparing, .team("place"), service: "declared-staff") == Self.opposed)
        #expect(try answer(sparing, .team("own"), service: "declared-staff") == Self.opened)
        // What came by other means is of the team that bears the patient's identifier.
        #expect(try answer(sparing, .team("PAT-1")) { $0.memberships[0].id = "m0" } == Self.opened)
        #expect(try answer(sparing, .team("own")) { $0.question.subject.situation = "STR-HOSPITAL" } == Self.opened)
        #expect(try answer(sparing, .team("place")) { $0.question.subject.situation = "STR-HOSPITAL" } == Self.opposed)
    }

    @Test("a document dated to the last day there is has a date") func lastDay() throws {
        let period = Span(
            start: Instant(iso8601: "2026-01-01T00:00:00Z"), end: Instant(iso8601: "2027-01-01T00:00:00Z"))
        var bench = try bench(ConsentRule(.deny, data: DataCondition(period: period)))
        bench.question.resource.created = "9999-12-31"
        #expect(bench.outcome == Self.opened && bench.decision.obligations.isEmpty)
        bench = try self.bench(ConsentRule(.deny, data: DataCondition(period: Span(start: period.end))))
        bench.question.resource.created = "9999-12-31"
        #expect(bench.outcome == Self.opposed)
    }

    @Test("FHIR's class of documents is ours") func documents() throws {
        let classes: Set = ["http://hl7.org/fhir/resource-types|DocumentReference"]
        var bench = try bench(ConsentRule(.permit, data: DataCondition(classes: classes)))
        #expect(bench.outcome == Self.opened)
        bench.question.resource.type = "agenda"
        #expect(bench.outcome == Self.opposed)
        bench = try self.bench(ConsentRule(.deny, data: DataCondition(classes: classes)))
        #expect(bench.outcome == Self.opposed)
        bench.question.resource.type = "agenda"
        #expect(bench.outcome == Self.opened)
    }

    @Test("an application's own action is refused with any action, and permitted with none by name") func actions()
        throws
    {
        let named = ConsentRule(.deny, actions: [.access, .use, .disclose])
        var bench = try bench(named)
        bench.registration.actions.insert("imprimer")
        bench.question.action = "imprimer"
        #expect(bench.outcome == Self.opposed)
        bench.question.action = "create"
        #expect(bench.outcome == Self.opened)
        var permitting = try self.bench(ConsentRule(.permit, actions: Set(RuleAction.allCases)))
        permitting.memberships = []
        #expect(permitting.outcome == "permit consent_outside_team R-OUT-1")
        permitting.registration.actions.insert("imprimer")
        permitting.question.action = "imprimer"
        #expect(permitting.outcome == "deny not_in_care_team R-OUT-1")
        // An exception for some actions does not lift a refusal of all.
        var exception = try self.bench(ConsentRule(.deny, exceptions: [ConsentRule(.permit, actions: [.use])]))
        #expect(exception.outcome == Self.opened)
        exception.registration.actions.insert("imprimer")
        exception.question.action = "imprimer"
        #expect(exception.outcome == Self.opposed)
    }

    @Test("occupational medicine loses its consent to a refusal of that purpose, or of all") func occupational() throws
    {
        let occupational = "\(RulePurpose.socle)|OCCUP"
        let document = DataCondition(references: [.init(.instance, type: "DocumentReference", id: "DOC-1")])
        let rows: [(ConsentRule, String)] = [
            (ConsentRule(.deny, purposes: [occupational]), "deny occupational_consent_missing R-PURP-1"),
            (ConsentRule(.deny), "deny occupational_consent_missing R-PURP-1"),
            (
                ConsentRule(.deny, purposes: [occupational], data: document),
                "deny occupational_consent_missing R-PURP-1"
            ),
            (ConsentRule(.deny, purposes: ["\(RulePurpose.actReason)|TREAT"]), "permit occupational_consent R-PURP-1"),
            (ConsentRule(.permit, purposes: [occupational]), "permit occupational_consent R-PURP-1"),
        ]
        for (rule, outcome) in rows {
            var bench = try bench(rule)
            try bench.choose(.occupationalConsent(try #require(RuleBench.nurse), informed: true))
            bench.question.context.purpose = "OCCUP"
            #expect(bench.outcome == outcome, "\(rule)")
        }
        var open = try bench(ConsentRule(.permit, purposes: [occupational]))
        open.question.context.purpose = "OCCUP"
        #expect(open.outcome == "deny occupational_consent_missing R-PURP-1")
        var unsaid = try bench(ConsentRule(.deny, purposes: [occupational], data: DataCondition(labels: ["s|c"])))
        try unsaid.choose(.occupationalConsent(try #require(RuleBench.nurse), informed: true))
        unsaid.question.context.purpose = "OCCUP"
        #expect(unsaid.decision.obligations == ["residual:forbid:label=s|c"])
    }

    @Test("a code of a system that no question speaks is left to the holder; another name of one is the same")
    func systems() throws {
        let foreign = try bench(refusal("http://snomed.info/sct|371530004"))
        #expect(foreign.outcome == Self.opened)
        #expect(foreign.decision.obligations == ["residual:forbid:code=http://snomed.info/sct|371530004"])
        #expect(try bench(refusal("http://loinc.org|T-SHUT")).decision.obligations.isEmpty)
        let nos = "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire"
        for system in [nos, "urn:oid:1.2.250.1.213.1.1.4.12", "urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"] {
            #expect(try bench(refusal("\(system)|T-OPEN")).outcome == Self.opposed, "\(system)")
        }
        let either = try bench(refusal("http://snomed.info/sct|1", "http://loinc.org|T-OPEN"))
        #expect(either.outcome == Self.opposed)
        let label = DataCondition(labels: ["urn:oid:2.16.840.1.113883.5.25|R"])
        var labelled = try bench(ConsentRule(.deny, data: label))
        labelled.question.resource.confidentiality = ["V"]
        #expect(labelled.outcome == Self.opposed)
        labelled.question.resource.confidentiality = ["urn:oid:2.16.840.1.113883.5.25|N"]
        #expect(labelled.outcome == Self.opened)
    }

    @Test("a purpose of HL7 by its OID is that purpose") func purposes() throws {
        let oid = "urn:oid:2.16.840.1.113883.5.8"
        #expect(try bench(ConsentRule(.deny, purposes: ["\(oid)|TREAT"])).outcome == Self.opposed)
        #expect(try bench(ConsentRule(.deny, purposes: ["\(oid)|HRESCH"])).outcome == Self.opened)
    }

    @Test("a day that straddles the end of a period is left to the holder") func days() throws {
        let noon = try #require(Instant(iso8601: "2022-06-15T12:00:00+02:00"))
        var bench = try bench(ConsentRule(.deny, data: DataCondition(period: Span(start: noon))))
        for (created, isLeft, outcome) in [
            ("2022-06-14", false, Self.opened), ("2022-06-15", true, Self.opened), ("2022-06-16", false, Self.opposed),
            ("2022-06-15T11:59:59.999+02:00", false, Self.opened), ("2022-06-15T12:00:00+02:00", false, Self.opposed),
            ("2022", true, Self.opened),
        ] {
            bench.question.resource.created = created
            #expect(bench.outcome == outcome, "\(created)")
            #expect(bench.decision.obligations.isEmpty == !isLeft, "\(created)")
        }
    }

    @Test("a document is named as a document, and no other resource of its number is") func types() throws {
        func bench(naming type: String) throws -> RuleBench {
            try self.bench(
                ConsentRule(.deny, data: DataCondition(references: [.init(.instance, type: type, id: "DOC-1")])))
        }
        for (type, outcome) in [
            ("DocumentReference", Self.opposed), ("Composition", Self.opposed), ("Observation", Self.opened),
        ] {
            #expect(try bench(naming: type).outcome == outcome)
            var list = try bench(naming: type)
            list.question.resource = .init(
                type: "document_list", id: "L", patient: "PAT-1", candidates: [.init(id: "DOC-1")])
            #expect(list.decision.obligations.contains("filter:DOC-1") == (outcome == Self.opposed))
        }
        // Of another category nothing says under what type it is kept.
        var note = try bench(naming: "Observation")
        note.question.resource.type = "agenda"
        #expect(note.outcome == Self.opposed)
    }

    @Test("a thousand candidates under forty directives of two hundred rules are decided on in time") func bounded()
        throws
    {
        let rules = (0..<199).map { ConsentRule(.deny, data: DataCondition(codes: ["http://loinc.org|N-\($0)"])) }
        var bench = try RuleBench()
        for _ in 0..<40 {
            try bench.choose(.directive(ConsentDirective(root: ConsentRule(.permit, exceptions: rules))))
        }
        bench.question.resource = .init(
            type: "document_list", id: "L", patient: "PAT-1",
            candidates: (0..<1000).map { .init(id: "D\($0)", typeCode: "T-OPEN") })
        let start = ContinuousClock.now
        #expect(bench.decision.isPermit)
        let elapsed = start.duration(to: .now)
        #expect(elapsed < .seconds(10), "\(elapsed)")
    }
}
