// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import SocleFHIR

/// Consents as they come, and an access decided over them: read, compiled, decided, with nothing left out.
struct DirectiveBench {
    var consents: [JSONValue]

    private static let longAgo = Instant(seconds: 1_700_000_000)
    /// After the `dateTime` of each: a consent is written once it was given.
    private static let later = Instant(seconds: 1_800_000_000)

    /// What each consent comes to, as a write of FHIR reads it.
    func choices() throws -> [PatientChoice] {
        try consents.enumerated().flatMap { index, consent -> [PatientChoice] in
            let resource = try Resource(consent)
            var around = Surroundings()
            let patient = try #require(RuleBench.patientID)
            around.patients[patient] = Surroundings.PatientRecords(teams: ["team", "other"])
            let context = PlanContext(base: "https://socle.test/fhir", now: Self.later, actor: "client")
            return try resource.plan(id: "consent-\(index)", context, &around).changes.compactMap { change in
                guard case .choose(let choice) = change as? ConsentChange else { return nil }
                return choice
            }
        }
    }

    /// The answer with the filters left over, and what the holder makes of them with all the data in hand.
    func isPermitted(
        _ access: LiteralAccess, told: RandomConsents.Told = .init(), choices: [PatientChoice]? = nil
    ) throws -> (isPermitted: Bool, reason: String, filters: [String]) {
        var bench = try bench(access, told, choices)
        bench.question.resource.type = access.category
        bench.question.resource.id = access.id
        bench.question.resource.typeCode = told.type ? access.typeCode : nil
        bench.question.resource.confidentiality = told.labels ? access.labels.sorted() : []
        bench.question.resource.created = told.created ? access.created.description : nil
        bench.question.resource.author = told.author ? access.author : nil
        bench.question.resource.authorStructure = told.authorStructure ? access.authorStructure : nil
        let decision = bench.decision
        let filters = decision.filters("residual:")
        let isPermitted = try decision.isPermit && LiteralFilters.permit(filters, access)
        return (isPermitted, decision.reason, filters)
    }

    /// The same of a list: which of its documents are shown once the filters are applied.
    func shown(
        _ list: [LiteralAccess], told: RandomConsents.Told, choices: [PatientChoice]
    ) throws -> (ids: Set<String>, reason: String, hidden: [String], filters: [String]) {
        var bench = try bench(list[0], told, choices)
        bench.question.resource = .init(
            type: "document_list", id: "LIST", patient: bench.question.resource.patient,
            candidates: list.map { access in
                .init(
                    id: access.id, typeCode: told.type ? access.typeCode : nil,
                    author: told.author ? access.author : nil,
                    authorStructure: told.authorStructure ? access.authorStructure : nil,
                    confidentiality: told.labels ? access.labels.sorted() : [])
            })
        let decision = bench.decision
        let hidden = decision.filters("filter:")
        let filters = decision.filters("residual:")
        let shown = try list.filter { access in
            try decision.isPermit && !hidden.contains(access.id) && LiteralFilters.permit(filters, access)
        }
        return (Set(shown.map(\.id)), decision.reason, hidden, filters)
    }

    private func bench(
        _ access: LiteralAccess, _ told: RandomConsents.Told, _ choices: [PatientChoice]?
    ) throws -> RuleBench {
        var bench = try RuleBench()
        let nurse = try #require(RuleBench.nurse)
        let practice = try #require(RuleBench.practice)
        bench.now = access.instant
        bench.question.action = access.action
        if !told.held { bench.registration.heldTypes = [] }
        if access.purpose == "BTG" { bench.emergency() }
        bench.question.context.purpose = access.purpose
        if access.purpose == "REG15" {
            bench.professional = Professional(
                id: nurse, name: "Anne Régul",
                profession: CodedConcept(code: "10", system: CodeSystem.healthProfessions),
                activities: [Activity(structure: practice, kind: "samu", sector: "SA01", mode: "S")])
        }
        bench.memberships =
            access.isInTeam
            ? [
                try bench.stay(.professional(nurse), from: Self.longAgo, id: "\(access.team)/1.1")
            ] : []
        bench.choices = [try bench.choice(.teamInformation(recipients: []), from: Self.longAgo)]
        bench.choices += try choices ?? self.choices()
        return bench
    }

    /// Whether they name data by what it is tied to, which no question says.
    var tiesData: Bool {
        consents.contains { $0.text.contains(#""related""#) || $0.text.contains(#""dependents""#) }
    }

    /// Whether they name types of a system that no question speaks.
    var namesForeignCodes: Bool { consents.contains { $0.text.contains("urn:example:type") } }

    /// What the consents say by the letter, with the basis that the access has without them.
    func shouldPermit(_ access: LiteralAccess) -> Bool {
        let answers = consents.map { LiteralConsent(json: $0).answer(to: access) }
        // Of several directives a refusal wins.
        if answers.contains(.deny) { return false }
        // An emergency and the SAMU have a basis of their own, the team its membership.
        return access.purpose != "TREAT" || access.isInTeam || answers.contains(.permit)
    }
}

extension Decision {
    fileprivate func filters(_ prefix: String) -> [String] {
        obligations.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}

extension LiteralAccess {
    fileprivate var author: String? { authors.first { $0.hasPrefix("8997") } }
    fileprivate var authorStructure: String? { authors.first { $0.hasPrefix("STR") } }
}

@Suite("Directives · FHIR R4 Consent.provision, IHE PCF: read, compiled and decided as the JSON says")
struct DirectiveDecisionTests {
    /// Those alone refuse here: any other reason means that the records around the consent do.
    private static let reasons: Set<String> = [
        "opposition", "emergency_opposition", "not_in_care_team", "care_team",
        "consent_outside_team", "break_glass", "regulation_15",
    ]

    /// Draws consents and accesses, and keeps the shortest on which the product and the letter differ.
    private func compare(seed: UInt64, rounds: Int, consents count: Int, tellingAll: Bool) throws {
        var random = RandomConsents(seed: seed)
        var shortest: String?
        var seen: [String: Int] = [:]
        var filtered = 0
        for _ in 0..<rounds {
            let bench = DirectiveBench(consents: (0..<count).map { _ in random.consent() })
            let choices = try bench.choices()
            for _ in 0..<8 {
                let access = random.access()
                let told = tellingAll ? RandomConsents.Told() : random.told()
                let found = try bench.isPermitted(access, told: told, choices: choices)
                #expect(Self.reasons.contains(found.reason), "\(found.reason)")
                seen[found.reason, default: 0] += 1
                if !found.filters.isEmpty { filtered += 1 }
                // A question says all but what the data is tied to, and speaks LOINC and TRE_A05 alone: nothing else may
                // be left open.
                if tellingAll, !bench.tiesData, !bench.namesForeignCodes {
                    #expect(found.filters.isEmpty, "\(found) \(bench.consents)")
                }
                let expected = bench.shouldPermit(access)
                guard found.isPermitted != expected else { continue }
                let words =
                    "should be \(expected ? "permitted" : "refused"): \(found)\n\(access)\n\(told)\n"
                    + bench.consents.map { $0["provision"]?.text ?? "" }.joined(separator: "\n")
                if shortest.map({ words.utf8.count < $0.utf8.count }) ?? true { shortest = words }
            }
        }
        if let shortest { Issue.record("\(shortest)") }
        // The draws are worth something only if every answer was given, and filters were left.
        for reason in Self.reasons { #expect(seen[reason, default: 0] > 5, "\(seen)") }
        #expect(filtered > rounds / 12, "\(filtered)")
    }

    @Test("one consent, of data described as far as a question can") func described() throws {
        try compare(seed: 1, rounds: 500, consents: 1, tellingAll: true)
    }

    @Test("one consent, of data described in part: the filters left say the rest") func residual() throws {
        try compare(seed: 2, rounds: 700, consents: 1, tellingAll: false)
    }

    @Test("what a consent refuses is shown as a consent of its own, which says the same and opens nothing")
    func refusals() throws {
        var random = RandomConsents(seed: 4)
        var (refusing, reasons) = (0, Set<String>())
        for _ in 0..<300 {
            guard var choice = try DirectiveBench(consents: [random.consent()]).choices().first,
                case .directive(let directive) = choice.kind, let refusals = directive.refusals
            else { continue }
            refusing += 1
            choice.kind = .directive(refusals)
            let bench = DirectiveBench(consents: [.object(try #require(choice.consent))])
            let read = try #require(try bench.choices().first)
            #expect(read.kind == choice.kind && read.period == choice.period)
            for _ in 0..<4 {
                let access = random.access()
                let (found, original) = try (
                    bench.isPermitted(access), DirectiveBench(consents: []).isPermitted(access, choices: [choice])
                )
                #expect(found == original)
                #expect(access.isInTeam || access.purpose != "TREAT" || !found.isPermitted, "\(access)")
                reasons.insert(found.reason)
            }
        }
        #expect(refusing > 100 && reasons.isSuperset(of: ["opposition", "care_team", "break_glass"]), "\(reasons)")
    }

    @Test("a list shows the documents that the consents let be seen, and no other", arguments: [1, 2])
    func lists(count: Int) throws {
        var random = RandomConsents(seed: UInt64(10 + count))
        var (shown, hidden) = (0, 0)
        for _ in 0..<300 {
            let bench = DirectiveBench(consents: (0..<count).map { _ in random.consent() })
            let choices = try bench.choices()
            for _ in 0..<4 {
                let list = random.candidates()
                let told = random.told()
                let found = try bench.shown(list, told: told, choices: choices)
                #expect(Self.reasons.contains(found.reason), "\(found.reason)")
                // A type that is known is under the matrix.
                let expected = list.filter { bench.shouldPermit($0) && (!told.type || $0.typeCode == "T-OPEN") }
                shown += found.ids.count
                hidden += found.hidden.count
                guard found.ids != Set(expected.map(\.id)) else { continue }
                Issue.record("\(found)\n\(list)\n\(told)\n\(bench.consents.map { $0["provision"]?.text ?? "" })")
                return
            }
        }
        #expect(shown > 300 && hidden > 300, "\(shown) \(hidden)")
    }

    @Test("several consents: of several a refusal wins, in what is left too") func several() throws {
        try compare(seed: 3, rounds: 300, consents: 2, tellingAll: false)
        try compare(seed: 4, rounds: 150, consents: 3, tellingAll: false)
    }
}

@Suite("Directives · docs/fhir-consent.md: what is left to the holder of the data")
struct DirectiveFilterTests {
    /// Nothing is told of the data but its category and its id.
    private static let untold = RandomConsents.Told(
        labels: false, type: false, created: false, author: false, authorStructure: false)
    private static let normal = label("v3-Confidentiality", "N")
    private static let restricted = label("v3-Confidentiality", "R")
    private static let psychiatry = label("v3-ActCode", "PSY")

    private static func label(_ system: String, _ code: String) -> String {
        #""securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/\#(system)","code":"\#(code)"}]"#
    }

    private func bench(_ provisions: String...) throws -> DirectiveBench {
        DirectiveBench(
            consents: try provisions.map { provision in
                try JSONValue(
                    parsing: """
                        {"resourceType":"Consent","status":"active","dateTime":"2025-01-01","scope":{"coding":[{"system":
                        "http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                        "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"patient":{"reference":"Patient/PAT-1"},"policy":[{"uri":"urn:x"}],"provision":\(provision)}
                        """)
            })
    }

    private func access(_ labels: [String], inTeam: Bool = true, purpose: String = "TREAT") -> LiteralAccess {
        LiteralAccess(
            isInTeam: inTeam, purpose: purpose, instant: RuleBench.now, id: "DOC-3",
            labels: Set(labels.map { "http://terminology.hl7.org/CodeSystem/\($0)" }),
            authors: ["899700100055"])
    }

    /// - Returns: whether what the filters open is what the consents say, and whether they open it.
    private func opens(_ bench: DirectiveBench, _ access: LiteralAccess) throws -> Bool {
        let found = try bench.isPermitted(access, told: Self.untold)
        #expect(found.isPermitted == bench.shouldPermit(access), "\(found)")
        return found.isPermitted
    }

    @Test("an exception far down one branch opens nothing that a branch beside it refuses") func branches() throws {
        let bench = try bench(
            """
            {"type":"permit","provision":[{"type":"deny",\(Self.restricted)},
            {"type":"deny",\(Self.normal),"provision":[{"type":"permit",\(Self.psychiatry)}]}]}
            """)
        #expect(try !opens(bench, access(["v3-Confidentiality|R", "v3-ActCode|PSY"])))
        #expect(try opens(bench, access(["v3-Confidentiality|N", "v3-ActCode|PSY"])))
        #expect(try !opens(bench, access(["v3-Confidentiality|N"])))
        #expect(try opens(bench, access([])))
    }

    @Test("a consent that permits some data opens nothing that another one refuses") func twoConsents() throws {
        let refusing = #"{"type":"permit","provision":[{"type":"deny",\#(Self.psychiatry)}]}"#
        let limited = #"{"type":"permit",\#(Self.normal)}"#
        let wider = #"{"type":"permit",\#(Self.restricted)}"#
        for isInTeam in [true, false] {
            for bench in [try bench(refusing, limited), try bench(limited, refusing)] {
                #expect(try !opens(bench, access(["v3-Confidentiality|N", "v3-ActCode|PSY"], inTeam: isInTeam)))
                #expect(try opens(bench, access(["v3-Confidentiality|N"], inTeam: isInTeam)))
            }
            // Each refuses what it does not permit: both labels are needed.
            let both = try bench(limited, #"{"type":"permit",\#(Self.psychiatry)}"#)
            #expect(try !opens(both, access(["v3-Confidentiality|N"], inTeam: isInTeam)))
            #expect(try opens(both, access(["v3-Confidentiality|N", "v3-ActCode|PSY"], inTeam: isInTeam)))
            // Of two levels the lower is what both permit.
            let levels = try bench(limited, wider)
            #expect(try opens(levels, access(["v3-Confidentiality|N"], inTeam: isInTeam)))
            #expect(try !opens(levels, access(["v3-Confidentiality|R"], inTeam: isInTeam)))
            #expect(try !opens(levels, access(["v3-Confidentiality|N", "v3-Confidentiality|R"], inTeam: isInTeam)))
        }
    }

    @Test("outside the team what one consent permits is not lost to another that says nothing of it") func silent()
        throws
    {
        let silent = #"{"provision":[{"type":"permit",\#(Self.normal)}]}"#
        let other = #"{"provision":[{"type":"permit",\#(Self.restricted)}]}"#
        #expect(try opens(try bench(silent, other), access(["v3-Confidentiality|N"], inTeam: false)))
        #expect(try !opens(try bench(silent, other), access(["v3-ActCode|PSY"], inTeam: false)))
        #expect(try opens(try bench(silent, #"{"type":"permit"}"#), access(["v3-ActCode|PSY"], inTeam: false)))
    }

    @Test("data named in several ways is refused by any of them") func references() throws {
        let bench = try bench(
            """
            {"type":"deny","data":[{"meaning":"instance","reference":{"reference":"DocumentReference/DOC-1"}},
            {"meaning":"authoredby","reference":{"reference":"Practitioner/899700100055"}}]}
            """)
        #expect(try !opens(bench, access([])))
        var other = access([])
        other.authors = ["899700100066"]
        #expect(try opens(bench, other))
    }

    @Test("an author who is said leaves the structure open, and a structure its author") func authors() throws {
        let bench = try bench(
            """
            {"type":"permit","provision":[
            {"type":"deny","data":[{"meaning":"authoredby","reference":{"reference":"Organization/STR-AUTHOR"}}]},
            {"type":"deny","data":[{"meaning":"authoredby",
            "reference":{"reference":"PractitionerRole/899700100066-STR-ELSE"}}]}]}
            """)
        for (author, structure) in [("899700100055", "STR-AUTHOR"), ("899700100066", "STR-ELSE")] {
            var access = access([])
            access.authors = [author, structure]
            for (saysAuthor, saysStructure) in [(true, false), (false, true), (true, true)] {
                var told = Self.untold
                told.author = saysAuthor
                told.authorStructure = saysStructure
                #expect(try !bench.isPermitted(access, told: told).isPermitted)
            }
        }
        #expect(try opens(bench, access([])))
    }

    @Test("an emergency needs no consent: what a directive does not refuse stays open", arguments: ["BTG", "REG15"])
    func emergencies(purpose: String) throws {
        let bench = try bench(#"{"type":"deny",\#(Self.psychiatry)}"#)
        #expect(try opens(bench, access(["v3-Confidentiality|N"], inTeam: false, purpose: purpose)))
        #expect(try !opens(bench, access(["v3-ActCode|PSY"], inTeam: false, purpose: purpose)))
    }

    @Test("many branches that permit and refuse leave few filters, and open nothing that is refused") func bounded()
        throws
    {
        let branches = (0..<60).map { index in
            """
            {"type":"deny","code":[{"coding":[{"system":"http://loinc.org","code":"T-\(index)"}]}],
            "provision":[{"type":"permit",\(Self.psychiatry)}]}
            """
        }
        let bench = try bench(#"{"type":"permit","provision":[\#(branches.joined(separator: ","))]}"#)
        var refused = access(["v3-Confidentiality|N"])
        refused.typeCode = "T-17"
        #expect(try !opens(bench, refused))
        #expect(try opens(bench, access(["v3-Confidentiality|N"])))
        #expect(try bench.isPermitted(refused, told: Self.untold).filters.count <= 121)
    }
}
