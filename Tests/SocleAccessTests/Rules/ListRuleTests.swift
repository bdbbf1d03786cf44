// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite("Lists · R-MASK-1: what is masked leaves with the permit, whatever the list says of its documents")
struct ListRuleTests {
    private static let types =
        "residual:forbid:code=http://loinc.org|T-OPEN,urn:oid:1.2.250.1.213.1.1.4.12|T-OPEN"
    private static let documents = "residual:forbid:class=urn:socle:resource-category|document"

    private func bench(_ candidates: AccessQuestion.Candidate..., masking targets: MaskTarget...) throws -> RuleBench {
        var bench = try RuleBench()
        for target in targets { try bench.choose(.mask(target)) }
        bench.question.action = "search"
        bench.question.resource = .init(type: "document_list", id: "L", patient: "PAT-1", candidates: candidates)
        return bench
    }

    @Test("of a masked type: a candidate whose type is not said may be of it") func unknownType() throws {
        let bench = try bench(
            .init(id: "A"), .init(id: "B", typeCode: "T-OPEN"), .init(id: "C", author: RuleBench.nurse?.value),
            masking: .type("T-SHUT"))
        #expect(bench.outcome == "permit care_team R-TEAM-1")
        #expect(bench.decision.obligations == ["filter:A"])
    }

    @Test("of a masked type: another type opens on the word of the holder alone") func notHeld() throws {
        var bench = try bench(.init(id: "A", typeCode: "T-OPEN"), masking: .type("T-SHUT"))
        #expect(bench.decision.obligations.isEmpty)
        bench.registration.heldTypes = []
        #expect(bench.decision.obligations == ["filter:A"])
    }

    @Test("of the masked category: no candidate is left", arguments: ["document", "document_list"])
    func category(name: String) throws {
        let bench = try bench(.init(id: "A"), .init(id: "B", typeCode: "T-OPEN"), masking: .category(name))
        #expect(bench.decision.obligations == ["filter:A", "filter:B"])
    }

    @Test("without candidates, documents, types and categories that are masked leave as obligations")
    func noCandidates() throws {
        #expect(try bench().decision.obligations.isEmpty)
        #expect(try bench(masking: .category("agenda")).decision.obligations.isEmpty)
        #expect(try bench(masking: .document("A"), .document("B")).decision.obligations == ["filter:A", "filter:B"])
        #expect(try bench(masking: .document("A"), .document("A")).decision.obligations == ["filter:A"])
        #expect(try bench(masking: .type("T-OPEN")).decision.obligations == [Self.types])
        #expect(try bench(masking: .category("document")).decision.obligations == [Self.documents])
        #expect(try bench(masking: .category("document_list")).decision.obligations == [Self.documents])
        let all = try bench(masking: .document("A"), .type("T-OPEN"), .category("document"))
        #expect(all.decision.obligations == ["filter:A", Self.types, Self.documents])
    }

    @Test("a mask that was lifted leaves nothing") func lifted() throws {
        var bench = try bench()
        try bench.choose(.mask(.document("A")), to: bench.now)
        try bench.choose(.mask(.type("T-OPEN")), to: bench.now)
        #expect(bench.decision.obligations.isEmpty)
    }

    @Test("an administrator is shown what is masked, but what the asker alone says is") func administrator() throws {
        let list: [AccessQuestion.Candidate] = [
            .init(id: "A", typeCode: "T-OPEN"), .init(id: "B", typeCode: "T-OPEN", confidentiality: ["MASQUE_PS"]),
            .init(id: "C"),
        ]
        var bench = try bench(masking: .document("A"), .type("T-SHUT"))
        try bench.choose(.administrator(try #require(RuleBench.nurse)))
        #expect(bench.decision.obligations.isEmpty)
        bench.question.resource.candidates = list
        #expect(bench.decision.obligations.isEmpty)
        bench.registration.heldTypes = []
        #expect(bench.decision.obligations == ["filter:B"])
    }

    /// The nurse administers the documents and wrote one of them, but asks for another purpose than care.
    @Test("an emergency, a regulation and occupational medicine know neither administrator nor author")
    func otherPurposes() throws {
        let nurse = try #require(RuleBench.nurse)
        for purpose in ["BTG", "REG15", "OCCUP"] {
            var bench = try bench(masking: .document("A"))
            let list = bench.question.resource
            bench.emergency()
            bench.question.action = "search"
            bench.question.resource = list
            bench.question.context.purpose = purpose
            bench.professional?.profession = CodedConcept(code: "10", system: CodeSystem.healthProfessions)
            bench.professional?.activities[0].kind = "samu"
            try bench.choose(.mask(.document("A")))
            try bench.choose(.mask(.type("T-SHUT")))
            try bench.choose(.administrator(nurse))
            try bench.choose(.occupationalConsent(nurse, informed: true))
            let filters = bench.decision.obligations.filter { $0.contains(":") && !$0.hasPrefix("time_limit") }
            #expect(bench.decision.isPermit, "\(bench.outcome)")
            #expect(filters == ["filter:A", Self.types.replacing("T-OPEN", with: "T-SHUT")], "\(purpose)")
            bench.question.resource.candidates = [
                .init(id: "A", typeCode: "T-OPEN", author: nurse.value), .init(id: "B", typeCode: "T-OPEN"),
                .init(id: "C", author: nurse.value),
            ]
            let hidden = bench.decision.obligations.filter { $0.hasPrefix("filter:") }
            #expect(hidden == ["filter:A", "filter:C"], "\(purpose)")
        }
    }

    @Test("a parent is not shown what their child keeps secret, named in the list or not") func secrets() throws {
        var bench = try bench()
        let parent = try #require(RelatedPersonIdentifier("REL-1"))
        let patient = try #require(RuleBench.patientID)
        bench.become(
            .relatedPerson,
            .relatedPerson(
                parent, match: .exact,
                of: [AccountLink.Relation(patient: patient, code: "MTH", legalRepresentative: true)]))
        bench.question.context.purpose = "PATRQT"
        bench.question.action = "read"
        bench.patient?.capacity = .minor
        try bench.choose(.minorSecret(document: "A"))
        #expect(bench.decision.obligations == ["filter:A"], "\(bench.outcome)")
        bench.question.resource.candidates = [.init(id: "A"), .init(id: "B")]
        #expect(bench.decision.obligations == ["filter:A"])
    }
}
