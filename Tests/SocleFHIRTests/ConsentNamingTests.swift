// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import SocleFHIR

extension ConsentReadingTests {
    private static let foreign: JSONObject = ["policy": [["uri": "urn:x"]]]
    private static let rpps = "https://rpps.esante.gouv.fr"

    private static func surroundings(
        teams: Set<String> = [], choices: [PatientChoice] = [], patient: Patient? = nil
    ) throws -> Surroundings {
        let id = try #require(PatientIdentifier("p"))
        return Surroundings(patients: [id: .init(patient: patient, choices: choices, teams: teams)])
    }

    private static func actor(naming reference: JSONValue) throws -> JSONValue {
        var actor = try #require(Self.actor("Practitioner/N").array?.first?.object)
        actor["reference"] = reference
        return [.object(actor)]
    }

    private func actors(_ consent: JSONObject, around: Surroundings) throws -> Set<RuleActor> {
        guard case .directive(let directive) = try choice(consent, around: around)?.kind else { return [] }
        return directive.root.exceptions.first?.actors ?? []
    }

    @Test("a directive names one care team of its patient, not another's, nor one that nobody wrote") func teams()
        throws
    {
        func consent(_ type: String, _ reference: JSONValue) throws -> JSONObject {
            let exception: JSONObject = ["type": .string(type), "actor": try Self.actor(naming: reference)]
            let root: JSONValue = [
                "type": .string(type == "deny" ? "permit" : "deny"), "provision": [.object(exception)],
            ]
            return Self.consent(root, Self.foreign)
        }
        let around = try Self.surroundings(teams: ["onco", "general", "p"])
        for type in ["permit", "deny"] {
            let onco = try consent(type, ["reference": "CareTeam/onco"])
            #expect(try actors(onco, around: around) == [.team("onco")])
            #expect(try actors(consent(type, ["reference": "CareTeam/p"]), around: around) == [.team("p")])
            let place = "Consent.provision.provision[0].actor[0].reference.reference"
            for other in ["CareTeam/theirs", "CareTeam/ONCO", "CareTeam/p2"] {
                #expect(try refused(consent(type, ["reference": .string(other)]), around: around) == place)
            }
            #expect(try refused(onco) == place)
            let all: JSONValue = ["type": "CareTeam", "identifier": ["system": "urn:socle:care-team", "value": "all"]]
            #expect(try actors(consent(type, all), around: around) == [.careTeam])
            var both: JSONObject = all.object ?? JSONObject()
            both["reference"] = "CareTeam/onco"
            #expect(
                try refused(consent(type, .object(both)), around: around)
                    == "Consent.provision.provision[0].actor[0].reference.identifier")
            let some: JSONValue = [
                "type": "CareTeam", "identifier": ["system": "urn:socle:care-team", "value": "some"],
            ]
            #expect(try refused(consent(type, some), around: around) == place)
        }
        // The team that holds what came by other means, under another name than the patient's.
        let own = RecordName.of("CareTeam", "p", "1")
        #expect(
            try actors(
                consent("permit", ["reference": .string("CareTeam/\(own)")]),
                around: Self.surroundings(teams: [own])) == [.team(own), .team("p")])
    }

    @Test("what is shown of the care teams is read back as the same") func shownTeams() throws {
        let rule = ConsentRule(.deny, exceptions: [ConsentRule(.deny, actors: [.careTeam, .team("onco")])])
        var consent = Self.consent(.object(rule.provision.withoutEmptyLists), kind: "refusals")
        consent["policy"] = Self.socle
        #expect(try actors(consent, around: Self.surroundings(teams: ["onco"])) == [.careTeam, .team("onco")])
    }

    @Test("FHIR's class of documents is the category of documents, in a permit and in a refusal") func documents()
        throws
    {
        let document: JSONValue = [["system": "http://hl7.org/fhir/resource-types", "code": "DocumentReference"]]
        for type in ["permit", "deny"] {
            let consent = Self.consent(.object(["type": .string(type), "class": document]), Self.foreign)
            guard case .directive(let directive) = try choice(consent)?.kind else {
                Issue.record("no directive")
                continue
            }
            #expect(directive.root.data.classes == ["urn:socle:resource-category|document"])
        }
    }

    @Test("an action is one concept: two of one system are two actions") func actions() throws {
        func consent(_ codings: (String, String)...) -> JSONObject {
            let action: JSONValue = [
                "coding": .array(codings.map { ["system": .string($0.0), "code": .string($0.1)] })
            ]
            return Self.consent(.object(["type": "deny", "action": [action]]), Self.foreign)
        }
        let system = "http://terminology.hl7.org/CodeSystem/consentaction"
        let place = "Consent.provision.action[0]"
        #expect(try refused(consent((system, "correct"))) == nil)
        #expect(try refused(consent(("urn:x", "export"), (system, "correct"))) == nil)
        #expect(try refused(consent((system, "correct"), (system, "correct"))) == nil)
        #expect(try refused(consent((system, "correct"), (system, "access"))) == place)
        #expect(try refused(consent((system, "correct"), (system, "read"))) == place)
        #expect(try refused(consent(("urn:x", "correct"))) == place)
    }

    @Test("a mask of one type is of each code that its concept has, and of one type alone") func types() throws {
        let loinc: JSONValue = ["system": "http://loinc.org", "code": "11502-2"]
        let french: JSONValue = ["system": "urn:oid:1.2.250.1.213.1.1.4.12", "code": "BIO-CR"]
        let both = Self.consent(Self.denying(["code": [["coding": [loinc, french]]]]), kind: "mask")
        let mask = try #require(try choice(both))
        #expect(mask.kind == .mask(.types(["11502-2", "BIO-CR"])))
        let shown = try #require(mask.consent)
        #expect(try choice(shown)?.kind == mask.kind)
        let place = "Consent.provision.provision[0]"
        let apart = Self.denying(["code": [["coding": [loinc]], ["coding": [french]]]])
        #expect(try refused(Self.consent(apart, kind: "mask")) == place)
        let snomed: JSONValue = ["system": "http://snomed.info/sct", "code": "371525003"]
        let foreign = Self.denying(["code": [["coding": [loinc, snomed]]]])
        #expect(try refused(Self.consent(foreign, kind: "mask")) == "\(place).code[0]")
    }

    @Test("a reference that says two types, or two people, is of nobody") func references() throws {
        func block(_ reference: JSONObject) throws -> String? {
            let actor = try Self.actor(naming: .object(reference))
            return try refused(Self.consent(Self.denying(["actor": actor]), kind: "block"))
        }
        func named(_ reference: String, _ value: String, _ system: String? = nil) throws -> String? {
            var identifier: JSONObject = ["value": .string(value)]
            identifier["system"] = system.map { .string($0) }
            return try block(["reference": .string(reference), "identifier": .object(identifier)])
        }
        let nurse = "Practitioner/899700100022"
        let place = "Consent.provision.provision[0].actor[0].reference"
        #expect(try block(["reference": .string(nurse), "type": "Practitioner"]) == nil)
        let address = "http://hl7.org/fhir/StructureDefinition/Practitioner"
        #expect(try block(["reference": .string(nurse), "type": .string(address)]) == nil)
        #expect(try block(["reference": .string(nurse), "type": "Organization"]) == "\(place).type")
        #expect(try named(nurse, "899700100022") == nil)
        #expect(try named(nurse, "899700100022", Self.rpps) == nil)
        #expect(try named(nurse, "4711", "urn:example:staff") == nil)
        #expect(try named(nurse, "899700100033") == "\(place).identifier")
        #expect(try named(nurse, "899700100033", Self.rpps) == "\(place).identifier")
        #expect(try named(nurse, "750100042", "https://finess.esante.gouv.fr") == "\(place).identifier")
        let role = "PractitionerRole/899700100022-CAB"
        #expect(try named(role, "899700100022", Self.rpps) == nil)
        #expect(try named(role, "899700100033", Self.rpps) == "\(place).identifier")
        let related = try Self.actor(naming: ["reference": "RelatedPerson/R", "identifier": ["value": "S"]])
        let mandate: JSONValue = [
            "type": "permit", "actor": related,
            "class": [["system": "urn:socle:resource-category", "code": "agenda"]],
        ]
        #expect(try self.refused(Self.consent(mandate)) == "Consent.provision.actor[0].reference.identifier")
        let document: JSONValue = [
            "reference": "DocumentReference/D",
            "identifier": ["system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"],
        ]
        let hidden = Self.denying(["data": [["meaning": "instance", "reference": document]]])
        #expect(try self.refused(Self.consent(hidden, Self.foreign)) == nil)
        #expect(try named("Organization/STR-1", "STR-1") == nil)
        #expect(try named("Organization/STR-1", "STR-2") == "\(place).identifier")
    }

    @Test("a consent in force is one patient's: by the reference, the identifier and the INS") func patients() throws {
        let (ins, other) = (try #require(INS("269054958815780")), try #require(INS("155152000100128")))
        let patient = Patient(id: try #require(PatientIdentifier("p")), ins: ins)
        let around = try Self.surroundings(patient: patient)
        let opposition: JSONValue = [
            "type": "deny", "purpose": [["system": .string(Self.actReason), "code": "TREAT"]],
        ]
        func refused(_ value: String, _ system: String?, status: JSONValue = "active") throws -> String? {
            var identifier: JSONObject = ["value": .string(value)]
            identifier["system"] = system.map { .string($0) }
            let named: JSONValue = ["reference": "Patient/p", "identifier": .object(identifier)]
            return try self.refused(
                Self.consent(opposition, ["patient": named, "status": status]), around: around)
        }
        let system = "urn:oid:1.2.250.1.213.1.4.8"
        #expect(try refused(ins.number + ins.key, system) == nil)
        #expect(try refused("p", nil) == nil)
        #expect(try refused("4711", "urn:example:ipp") == nil)
        #expect(try refused(other.number + other.key, system) == "Consent.patient.identifier")
        #expect(try refused("PAT-ADELE", nil) == "Consent.patient.identifier")
        #expect(try refused("899700100022", Self.rpps) == "Consent.patient.identifier")
        #expect(try refused("PAT-ADELE", nil, status: "inactive") == nil)
    }

    @Test("a consent in force has the category of consents, and one scope") func common() throws {
        let opposition: JSONValue = [
            "type": "deny", "purpose": [["system": .string(Self.actReason), "code": "TREAT"]],
        ]
        func category(_ system: String, _ code: String) -> JSONObject {
            ["category": [["coding": [["system": .string(system), "code": .string(code)]]]]]
        }
        let codes = "http://terminology.hl7.org/CodeSystem/consentcategorycodes"
        #expect(try refused(Self.consent(opposition, category(codes, "dnr"))) == "Consent.category")
        #expect(try refused(Self.consent(opposition, category("http://loinc.org", "64292-6"))) == "Consent.category")
        #expect(try refused(Self.consent(opposition, category("http://loinc.org", "59284-0"))) == nil)
        var ending = category(codes, "dnr")
        ending["status"] = "inactive"
        #expect(try refused(Self.consent(opposition, ending)) == nil)
        func scope(_ other: JSONValue) -> JSONObject {
            let privacy: JSONValue = [
                "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy",
            ]
            return ["scope": ["coding": [privacy, other]]]
        }
        let research: JSONValue = [
            "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "research",
        ]
        #expect(try refused(Self.consent(opposition, scope(research))) == "Consent.scope")
        #expect(try refused(Self.consent(opposition, scope(["system": "urn:x", "code": "soins"]))) == nil)
    }

    @Test("the rules and grants in force of one patient are bounded, all together; what ends one is taken")
    func bounded() throws {
        let patient = try #require(PatientIdentifier("p"))
        func directive(_ id: String, _ rules: Int, end: Instant? = nil) -> PatientChoice {
            let exceptions = Array(repeating: ConsentRule(.deny), count: rules - 1)
            return PatientChoice(
                id: id, patient: patient,
                kind: .directive(ConsentDirective(root: ConsentRule(.permit, exceptions: exceptions))),
                period: Period(start: Self.now - .days(1), end: end), recordedAt: Self.now - .days(1))
        }
        func grants(_ count: Int, _ kind: PatientChoice.Kind) -> [PatientChoice] {
            (0..<count).map { index in
                var choice = directive("g\(index)", 1)
                choice.kind = kind
                return choice
            }
        }
        let full = (1...5).map { directive("d\($0)", 200) }
        let permit = Self.consent(Self.permit, Self.foreign)
        func refused(_ consent: JSONObject, after last: PatientChoice? = nil, _ choices: [PatientChoice]) throws
            -> String?
        {
            try self.refused(consent, after: last, around: Self.surroundings(choices: choices))
        }
        #expect(try refused(permit, full) == "Consent.provision")
        #expect(try refused(permit, full.dropLast() + [directive("d5", 199)]) == nil)
        #expect(try refused(permit, full.dropLast() + [directive("d5", 200, end: Self.now)]) == nil)
        #expect(
            try refused(permit, full.dropLast() + [directive("d5", 200, end: Self.now + .days(1))])
                == "Consent.provision")
        #expect(try refused(permit, full.dropLast() + grants(200, .teamInformation(recipients: []))) != nil)
        #expect(try refused(permit, full.dropLast() + grants(200, .oppositionInEmergency)) == nil)
        #expect(try refused(permit, full.dropLast() + grants(199, .teamInformation(recipients: []))) == nil)
        // Its own last version counts no longer, an end is always taken, and so is what only refuses.
        #expect(try refused(permit, after: directive("c", 200), Array(full.dropLast())) == nil)
        var ended = permit
        ended["status"] = "inactive"
        #expect(try refused(ended, after: directive("c", 200), full) == nil)
        #expect(try refused(Self.consent(Self.denying(["actor": Self.actor("Practitioner/N")])), full) == nil)
    }
}
