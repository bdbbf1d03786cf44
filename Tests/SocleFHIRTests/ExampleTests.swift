// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import SocleFHIR

/// What a resource of the examples becomes, on its own.
private func plan(_ json: JSONValue, around: Surroundings = Surroundings()) throws -> RecordPlan {
    let resource = try Resource(json)
    var around = around
    let now = try #require(Instant(iso8601: "2026-11-02T10:15:00+01:00"))
    let context = PlanContext(base: "https://socle.test/fhir", now: now, actor: "client")
    return try resource.plan(id: try #require(resource.id), context, &around)
}

private func kind(_ plan: RecordPlan) throws -> PatientChoice.Kind {
    guard case .choose(let choice) = plan.changes.first as? ConsentChange else {
        throw FHIRRefusal(500, .processing, "no choice")
    }
    return choice.kind
}

private let recipient =
    #"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]}"#

@Suite("Examples · FHIR R4: what others publish is taken as it is")
struct ExampleTests {
    @Test("the 23 consents of IHE PCF are directives") func pcf() throws {
        guard let files = try Examples.folder("ihe-pcf") else { return }
        #expect(files.count == 23)
        for file in files {
            guard case .directive = try kind(try plan(file.json)) else {
                Issue.record("\(file.name) is no directive")
                continue
            }
        }
    }

    @Test("each French consent is the choice it says, and the care team its five stays") func authored() throws {
        guard let files = try Examples.folder("authored-fr") else { return }
        let member = try #require(ProfessionalIdentifier("899700100066"))
        let blocked = try #require(ProfessionalIdentifier("899700100033"))
        let place = try #require(StructureIdentifier("STR-CH-VDM"))
        let carer = try #require(RelatedPersonIdentifier("REL-CONF"))
        let expected: [String: PatientChoice.Kind] = [
            "Consent-blocage-professionnel.json": .block(.professional(blocked)),
            "Consent-blocage-structure.json": .block(.structure(place)),
            "Consent-consentement-hors-equipe-retire.json": .consentOutsideTeam(
                OutsideConsent(grantee: .professional(member), documentTypes: ["*"], informed: true)),
            "Consent-consentement-hors-equipe.json": .consentOutsideTeam(
                OutsideConsent(grantee: .professional(member), documentTypes: ["47420-5"], informed: true)),
            "Consent-mandat-aidant.json": .carerMandate(carer, categories: ["liaison_note", "agenda"]),
            "Consent-masquage-document.json": .mask(.document("DOC-1")),
            "Consent-opposition-partage.json": .oppositionToSharing,
            "Consent-opposition-urgence.json": .oppositionInEmergency,
            "Consent-secret-mineur.json": .minorSecret(document: "DOC-1"),
        ]
        #expect(files.count == expected.count + 1)
        for file in files {
            let plan = try plan(file.json)
            guard let kind = expected[file.name] else {
                #expect(file.name == "CareTeam-equipe-jeanne.json")
                let members = plan.changes.compactMap { change -> Membership? in
                    guard case .join(let membership) = change as? ConsentChange else { return nil }
                    return membership
                }
                #expect(
                    members.map(\.legalBasis) == [.recognised, .recognised, .recognised, .establishment, .circle])
                #expect(members.map(\.role) == ["PCP", nil, nil, nil, nil])
                // The day it ends on is in it, to the midnight that follows in France.
                #expect(members[1].period.end?.description == "2026-06-01T22:00:00.000Z")
                continue
            }
            #expect(try SocleFHIRTests.kind(plan) == kind, "\(file.name)")
        }
    }

    @Test("a consent given up held until it was, to the second") func withdrawn() throws {
        guard let files = try Examples.folder("authored-fr") else { return }
        let file = try #require(files.first { $0.name.contains("retire") })
        guard case .choose(let choice) = try plan(file.json).changes.first as? ConsentChange else {
            Issue.record("no choice")
            return
        }
        #expect(choice.period.end == Instant(iso8601: "2026-11-02T10:14:00+01:00"))
    }

    @Test("the resources of the cercle de soins are taken, one by one") func careCircle() throws {
        guard let files = try Examples.folder("ans-cercle-de-soins") else { return }
        #expect(files.count == 6)
        for file in files where file.json["resourceType"]?.string != "Bundle" {
            #expect(throws: Never.self, "\(file.name)") { try plan(file.json) }
        }
        let patient = try #require(files.first { $0.name.hasPrefix("Patient") })
        guard case .patient(let record) = try plan(patient.json).changes.first as? PersonChange else {
            Issue.record("no patient")
            return
        }
        #expect(record.name == "Jacques Thobois")
        #expect(record.insStatus == .validated)
        // The key of the example's number is wrong: kept in the resource, it is nobody's INS.
        #expect(record.ins == nil)
    }

    @Test("audit events, the device and a professional without a profession are refused") func readOnly() throws {
        guard let files = try Examples.folder("ans-tracabilite") else { return }
        #expect(files.count == 4)
        for file in files {
            #expect(throws: FHIRRefusal.self, "\(file.name)") { try plan(file.json) }
        }
    }
}

@Suite("Directives · IHE PCF, at the level of the rule")
struct DirectiveExampleTests {
    private func directive(_ name: String) throws -> ConsentDirective? {
        guard let files = try Examples.folder("ihe-pcf") else { return nil }
        let file = try #require(files.first { $0.name == "Consent-ex-\(name).json" })
        guard case .directive(let directive) = try kind(try plan(file.json)) else { return nil }
        return directive
    }

    @Test("a purpose of its own is permitted to whom it names, and to nobody else") func purpose() throws {
        guard let directive = try directive("consent-intermediate-purpose") else { return }
        let research = try #require(StructureIdentifier("ex-org-researcher"))
        let other = try #require(StructureIdentifier("ex-org-other"))
        let now = Instant(seconds: 1_793_610_000)
        func answer(_ purpose: String, _ actor: StructureIdentifier) -> ConsentRule.Effect? {
            directive.evaluate(
                RuleQuestion(
                    purposes: [purpose], actors: [.party(.structure(actor))], actions: [.access], instant: now),
                on: RuleData())
        }
        let purpose = "http://example.org/policies/purposeOfUse|FooBar"
        #expect(answer(purpose, research) == .permit)
        #expect(answer(purpose, other) == nil)
        #expect(answer("http://terminology.hl7.org/CodeSystem/v3-ActReason|TREAT", research) == nil)
    }

    @Test("the group that may break the glass is whoever the law lets, and no other group is anybody") func groups()
        throws
    {
        guard let directive = try directive("dissent-intermediate-break-glass") else { return }
        #expect(directive.root.exceptions.map(\.actors) == [[.breakGlassUsers]])
        let refusal = #"""
            {"resourceType":"Consent","id":"c","status":"active","category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
            "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope",
            "code":"patient-privacy"}]},"patient":{"reference":"Patient/p"},"policy":[{"uri":"urn:x"}],
            "provision":{"type":"deny","actor":[{"role":\#(recipient),"reference":{"reference":"Group/g"}}]}}
            """#
        let error = #expect(throws: FHIRRefusal.self) { try plan(try Examples.json(refusal)) }
        #expect(error?.issues.first?.expression == "Consent.provision.actor[0].reference.reference")
        #expect(error?.status == 422)
        let permit = refusal.replacing(#""type":"deny""#, with: #""type":"permit""#)
        #expect(throws: Never.self) { try plan(try Examples.json(permit)) }
    }
}

@Suite("Directives · nothing that a rule says is passed over: it would be about more")
struct DirectiveReadingTests {
    private func refused(
        _ provision: String, _ policy: String = "urn:example:policy", status: String = "active"
    ) throws -> String? {
        let text = """
            {"resourceType":"Consent","id":"c","status":"\(status)","category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
            "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope",
            "code":"patient-privacy"}]},"patient":{"reference":"Patient/p"},"policy":[{"uri":"\(policy)"}],
            "provision":\(provision)}
            """
        let json = try Examples.json(text)
        do {
            _ = try plan(json)
            return nil
        } catch let error as FHIRRefusal {
            #expect(error.status == 422)
            return error.issues.first?.expression
        }
    }

    private static let absent =
        #"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#

    @Test(
        "a purpose, a label, a class, a type or an action in words alone, a date or a meaning that is not known",
        arguments: [
            (#""purpose":[{"display":"recherche"}]"#, "purpose[0]"),
            (#""securityLabel":[{"code":"N"},{"display":"sensible"}]"#, "securityLabel[1]"),
            (#""class":[{"system":"urn:x"}]"#, "class[0]"),
            (#""code":[{"text":"bilan"}]"#, "code[0]"),
            (#""code":[{"coding":[{"display":"bilan"}]}]"#, "code[0]"),
            (#""action":[{"text":"lire"}]"#, "action[0]"),
            (#""period":{"_start":\#(absent)}"#, "period.start"),
            (#""dataPeriod":{"start":"2026","_end":\#(absent)}"#, "dataPeriod.end"),
            (
                #""data":[{"_meaning":\#(absent),"reference":{"reference":"DocumentReference/1"}}]"#,
                "data[0]"
            ),
        ])
    func words(element: String, place: String) throws {
        #expect(try refused(#"{"type":"permit",\#(element)}"#) == "Consent.provision.\(place)")
        #expect(
            try refused(#"{"type":"permit","provision":[{"type":"deny",\#(element)}]}"#)
                == "Consent.provision.provision[0].\(place)")
    }

    @Test("what ends a consent is taken however it is written") func ended() throws {
        #expect(try refused(#"{"type":"permit","code":[{"text":"bilan"}]}"#, status: "inactive") == nil)
        #expect(try refused(#"{"type":"permit","code":[{"text":"bilan"}]}"#, status: "entered-in-error") == nil)
    }

    @Test("nor in Socle's own profile: a consent for one type in words does not open them all") func profile() throws {
        let nurse = #""actor":[{"role":\#(recipient),"reference":{"reference":"Practitioner/N"}}]"#
        let policy = "urn:socle:policy:equipe-de-soins:v0"
        #expect(try refused(#"{"type":"permit",\#(nurse)}"#, policy) == nil)
        #expect(
            try refused(#"{"type":"permit",\#(nurse),"code":[{"text":"bilan"}]}"#, policy)
                == "Consent.provision.code[0]")
        #expect(
            try refused(#"{"type":"permit",\#(nurse),"purpose":[{"display":"soins"}]}"#, policy)
                == "Consent.provision.purpose[0]")
    }

    @Test("a group under a rule for break-glass may break it, also where the rule above says so") func inherited()
        throws
    {
        func rule(_ code: String, _ own: String) -> String {
            #"""
            {"type":"deny","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"\#(code)"}],
            "provision":[{"type":"deny",\#(own)"actor":[{"role":\#(recipient),"reference":{"reference":"Group/g"}}]}]}
            """#
        }
        #expect(try refused(rule("BTG", "")) == nil)
        let alias = rule("BTG", "").replacing(
            "http://terminology.hl7.org/CodeSystem/v3-ActReason", with: "urn:oid:2.16.840.1.113883.5.8")
        #expect(try refused(alias) == nil)
        let place = "Consent.provision.provision[0].actor[0].reference.reference"
        #expect(try refused(rule("TREAT", "")) == place)
        let own = #""purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT"}],"#
        #expect(try refused(rule("BTG", own)) == place)
    }

    @Test("nor one that is of nobody, or nothing, by the rule above") func unmetByInheritance() throws {
        func actor(_ name: String) -> String {
            #""actor":[{"role":\#(recipient),"reference":{"reference":"\#(name)"}}]"#
        }
        for above in [actor("Device/x"), actor("Patient/p"), actor("RelatedPerson/r")] {
            #expect(try refused(#"{"type":"permit",\#(above),"provision":[{"type":"deny"}]}"#) == "Consent.provision")
            #expect(try refused(#"{\#(above),"provision":[{"type":"deny"}]}"#) == "Consent.provision")
            #expect(try refused(#"{"type":"permit",\#(above)}"#) == nil)
        }
        for (system, code) in [
            ("http://terminology.hl7.org/CodeSystem/v3-ActReason", "treat"), ("urn:socle:purpose", "TREAT"),
        ] {
            let purpose = #""purpose":[{"system":"\#(system)","code":"\#(code)"}]"#
            #expect(try refused(#"{"type":"deny",\#(purpose)}"#) == "Consent.provision")
            #expect(try refused(#"{"type":"permit",\#(purpose),"provision":[{"type":"deny"}]}"#) == "Consent.provision")
            #expect(try refused(#"{"type":"permit",\#(purpose)}"#) == nil)
        }
        #expect(try refused(#"{"type":"deny","purpose":[{"system":"urn:example:purpose","code":"x"}]}"#) == nil)
        let own = actor("Practitioner/899700100022")
        let device = actor("Device/x")
        #expect(try refused(#"{"type":"permit",\#(device),"provision":[{"type":"deny",\#(own)}]}"#) == nil)
    }

    @Test(
        "an actor in another role than the recipient's is not read as one: it would open, or refuse, to the wrong person"
    )
    func roles() throws {
        let participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
        let roles = [
            (#"{"coding":[{"system":"\#(participation)","code":"IRCP"}]}"#, true),
            (#"{"coding":[{"system":"\#(participation)","code":"PRCP"}]}"#, true),
            (#"{"coding":[{"system":"urn:x","code":"x"},{"system":"\#(participation)","code":"IRCP"}]}"#, true),
            (#"{"coding":[{"system":"\#(participation)","code":"CST"}]}"#, false),
            (#"{"coding":[{"system":"urn:x","code":"IRCP"}]}"#, false), (#"{"coding":[{"code":"IRCP"}]}"#, false),
            (#"{"text":"recipient"}"#, false),
        ]
        for type in ["permit", "deny"] {
            for (role, isRead) in roles {
                let rule =
                    #"{"type":"\#(type)","actor":[{"role":\#(role),"reference":{"reference":"Practitioner/N"}}]}"#
                #expect(try refused(rule) == (isRead ? nil : "Consent.provision.actor[0].role"), "\(rule)")
                #expect(try refused(rule, status: "inactive") == nil)
            }
        }
    }

    @Test("a refusal that nothing here would meet is not promised, nor a permit that would go unseen") func unmet()
        throws
    {
        let unmet = [
            (#""class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}]"#, "class[0]"),
            (#""class":[{"system":"http://hl7.org/fhir/resource-types","code":"Composition"}]"#, "class[0]"),
            (
                #""class":[{"system":"http://hl7.org/fhir/resource-types","code":"DocumentReference"},{"system":"urn:ietf:bcp:13","code":"application/pdf"}]"#,
                "class[1]"
            ),
            (#""class":[{"code":"agenda"}]"#, "class[0]"), (#""securityLabel":[{"code":"N"}]"#, "securityLabel[0]"),
            (#""purpose":[{"code":"TREAT"}]"#, "purpose[0]"), (#""code":[{"coding":[{"code":"X"}]}]"#, "code[0]"),
        ]
        for (member, element) in unmet {
            for (type, other) in [("deny", "permit"), ("permit", "deny")] {
                let exception = #"{"type":"\#(other)","provision":[{"type":"\#(type)",\#(member)}]}"#
                #expect(try refused(exception) == "Consent.provision.provision[0].\(element)")
                #expect(try refused(#"{"type":"\#(type)",\#(member)}"#) == "Consent.provision.\(element)")
            }
            #expect(
                try refused(#"{\#(member),"provision":[{"type":"permit"}]}"#) == "Consent.provision.\(element)")
        }
    }
}

@Suite("Socle's consent profile · a consent says one thing")
struct ProfileRefusalTests {
    private func refused(_ provision: String, _ category: String = "") throws -> String? {
        let text = """
            {"resourceType":"Consent","id":"c","status":"active",
            "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}\(category)],
            "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope",
            "code":"patient-privacy"}]},"patient":{"reference":"Patient/p"},
            "policy":[{"uri":"urn:socle:policy:equipe-de-soins:v0"}],"provision":\(provision)}
            """
        let json = try Examples.json(text)
        do {
            _ = try plan(json)
            return nil
        } catch let error as FHIRRefusal {
            return error.issues.first?.expression
        }
    }

    private static let nurse = #""actor":[{"role":\#(recipient),"reference":{"reference":"Practitioner/N"}}]"#
    private static let treat =
        #""purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT"}]"#

    @Test("more than its kind says, or less, is refused with the element") func shapes() throws {
        let nurse = Self.nurse
        #expect(try refused(#"{"type":"deny"}"#) == "Consent.provision.purpose")
        let category = #""class":[{"system":"urn:socle:resource-category","code":"x"}]"#
        #expect(try refused(#"{"type":"deny",\#(Self.treat),\#(category)}"#) == "Consent.provision.class")
        #expect(try refused(#"{"type":"permit"}"#) == "Consent.provision")
        #expect(
            try refused(#"{"type":"permit",\#(nurse),"securityLabel":[{"code":"N"}]}"#)
                == "Consent.provision.securityLabel")
        #expect(
            try refused(#"{"type":"permit","provision":[{"type":"deny",\#(nurse)},{"type":"deny"}]}"#)
                == "Consent.provision")
        #expect(try refused(#"{"type":"permit","provision":[{"type":"deny",\#(nurse),\#(Self.treat)}]}"#) != nil)
        #expect(
            try refused(#"{"type":"permit","provision":[{"type":"permit",\#(nurse)}]}"#)
                == "Consent.provision.provision[0]")
        #expect(try refused(#"{"type":"permit",\#(nurse),\#(Self.treat)}"#) == nil)
        let unknown = #",{"coding":[{"system":"urn:socle:consent-kind","code":"all"}]}"#
        #expect(try refused(#"{"type":"permit",\#(nurse)}"#, unknown) == "Consent.category")
    }

    @Test("the kinds that a form does not tell are named in the category") func named() throws {
        for (code, provision) in [
            ("team-information", #"{"type":"permit"}"#), ("team-consent", #"{"type":"permit"}"#),
            ("document-administrator", #"{"type":"permit",\#(Self.nurse)}"#),
            (
                "consent-occupational",
                #"{"type":"permit",\#(Self.nurse),"purpose":[{"system":"urn:socle:purpose","code":"OCCUP"}]}"#
            ),
            (
                "opposition-regulation",
                #"{"type":"permit","provision":[{"type":"deny","purpose":[{"system":"urn:socle:purpose","code":"REG15"}]}]}"#
            ),
        ] {
            let category = #",{"coding":[{"system":"urn:socle:consent-kind","code":"\#(code)"}]}"#
            #expect(try refused(provision, category) == nil, "\(code)")
        }
    }
}
