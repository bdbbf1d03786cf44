// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import SocleFHIR

@Suite("Consents · what is said beside the rules is not passed over: it would open more, or refuse less")
struct ConsentReadingTests {
    static let now = Instant(seconds: 1_793_610_000)
    static let actReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
    static let socle: JSONValue = [["uri": "urn:socle:policy:equipe-de-soins:v0"]]
    static let permit: JSONValue = ["type": "permit"]

    static func actor(_ reference: String) -> JSONValue {
        let role: JSONValue = [
            "coding": [["system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"]]
        ]
        return [["role": role, "reference": ["reference": .string(reference)]]]
    }

    static func denying(_ members: JSONObject) -> JSONValue {
        var exception: JSONObject = ["type": "deny"]
        for (name, value) in members.members { exception[name] = value }
        return ["type": "permit", "provision": [.object(exception)]]
    }

    static func consent(
        _ provision: JSONValue, kind: String? = nil, _ members: JSONObject = [:], without absent: String? = nil
    ) -> JSONObject {
        var category: [JSONValue] = [["coding": [["system": "http://loinc.org", "code": "59284-0"]]]]
        if let kind { category.append(["coding": [["system": "urn:socle:consent-kind", "code": .string(kind)]]]) }
        var consent: JSONObject = [
            "resourceType": "Consent", "id": "c", "status": "active", "category": .array(category),
            "scope": [
                "coding": [
                    ["system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"]
                ]
            ],
            "patient": ["reference": "Patient/p"], "policy": socle, "provision": provision,
        ]
        for (name, value) in members.members { consent[name] = value }
        if let absent { consent[absent] = nil }
        return consent
    }

    /// The choice that it comes to.
    func choice(
        _ consent: JSONObject, after last: PatientChoice? = nil, around: Surroundings = Surroundings()
    ) throws -> PatientChoice? {
        let resource = try Resource(.object(consent))
        var around = around
        if let last {
            around.patients[last.patient, default: Surroundings.PatientRecords()].choices.append(last)
            around.resources[Reference(type: "Consent", id: "c")] = StoredVersion(
                reference: Reference(type: "Consent", id: "c"), version: 1, lastUpdated: Self.now, content: consent)
        }
        let context = PlanContext(base: "https://socle.test/fhir", now: Self.now, actor: "client")
        let plan = try resource.plan(id: "c", context, &around)
        guard case .choose(let choice) = plan.changes.first as? ConsentChange else { return nil }
        return choice
    }

    /// Where the fault is, nil when there is none.
    func refused(
        _ consent: JSONObject, after last: PatientChoice? = nil, around: Surroundings = Surroundings()
    ) throws -> String? {
        do {
            _ = try choice(consent, after: last, around: around)
            return nil
        } catch let error as FHIRRefusal {
            #expect(error.status == 422)
            return error.issues.first?.expression
        }
    }

    @Test(
        "a kind of Socle's without its policy is not read as a directive: the root of a block permits everybody else",
        arguments: ["block", "mask", "opposition-emergency", "team-information", "consent-outside-team"])
    func kindWithoutPolicy(kind: String) throws {
        let provision = Self.denying(["actor": Self.actor("Practitioner/899700100022")])
        for (name, value) in [
            ("policy", [["uri": "https://region.invalid/politique/blocage"]]),
            ("policy", [["uri": "urn:socle:equipe-de-soins:v0"]]),
            ("policyRule", ["coding": [["system": "urn:x", "code": "OPTIN"]]]),
        ] as [(String, JSONValue)] {
            let absent = name == "policyRule" ? "policy" : nil
            let consent = Self.consent(provision, kind: kind, [name: value], without: absent)
            #expect(try refused(consent) == "Consent.policy", "\(name)")
        }
    }

    @Test("a consent has a policy, and one kind at most") func policies() throws {
        #expect(try refused(Self.consent(Self.permit, without: "policy")) == "Consent.policy")
        var two = Self.consent(Self.denying(["actor": Self.actor("Practitioner/N")]), kind: "block")
        two["category"] = .array(
            (two["category"]?.array ?? []) + [
                ["coding": [["system": "urn:socle:consent-kind", "code": "mask"]]]
            ])
        #expect(try refused(two) == "Consent.category")
    }

    @Test("what was meant as a kind and is not written as one is refused") func nearKinds() throws {
        let block = Self.denying(["actor": Self.actor("Practitioner/899700100022")])
        let foreign: JSONValue = [["uri": "urn:x"]]
        for coding in [
            ["code": "block"], ["system": "URN:socle:consent-kind", "code": "block"],
            ["system": "urn:socle:consent-kind", "display": "block"],
        ] as [JSONObject] {
            let category: JSONValue = [["coding": [.object(coding)]]]
            let consent = Self.consent(block, ["category": category, "policy": foreign])
            #expect(try refused(consent) == "Consent.category[0].coding[0]", "\(coding)")
        }
        // The scheme and the space of a URN have no case.
        let upper = Self.consent(block, ["policy": [["uri": "URN:SOCLE:policy:block"]]])
        guard case .block = try choice(upper)?.kind else {
            Issue.record("no block")
            return
        }
        let both = Self.consent(
            .object([
                "type": "permit", "actor": Self.actor("Practitioner/N"),
                "code": [["coding": [["system": "http://loinc.org", "code": "60591-5"]]]],
                "class": [["system": "urn:socle:resource-category", "code": "document"]],
            ]))
        #expect(try refused(both) == "Consent.provision")
    }

    @Test("`policyRule` goes with what the root says, or is refused") func policyRule() throws {
        func consent(_ code: String, _ type: String?, system: String = "v3-ActCode") -> JSONObject {
            let rule: JSONValue = [
                "coding": [
                    ["system": .string("http://terminology.hl7.org/CodeSystem/\(system)"), "code": .string(code)]
                ]
            ]
            var provision: JSONObject = [
                "provision": [["type": "permit", "actor": Self.actor("Practitioner/899700100022")]]
            ]
            provision["type"] = type.map { .string($0) }
            return Self.consent(.object(provision), ["policyRule": rule, "policy": [["uri": "urn:x"]]])
        }
        #expect(try refused(consent("OPTIN", "permit")) == nil)
        #expect(try refused(consent("OPTOUT", "deny")) == nil)
        for (code, type) in [
            ("OPTOUT", "permit"), ("OPTOUT", nil), ("OPTIN", "deny"), ("OPTIN", nil), ("OPTINR", "permit"),
        ] {
            #expect(try refused(consent(code, type)) == "Consent.policyRule", "\(code)")
        }
        #expect(try refused(consent("OPTIN", "permit", system: "v3-ActReason")) == "Consent.policyRule")
    }

    @Test("what is not verified permits nothing yet, and refuses") func verification() throws {
        let unverified: JSONObject = ["verification": [["verified": false]]]
        let verified: JSONObject = ["verification": [["verified": true]]]
        let outside: JSONValue = ["type": "permit", "actor": Self.actor("Practitioner/899700100022")]
        #expect(try refused(Self.consent(outside, unverified)) == "Consent.verification")
        #expect(try refused(Self.consent(outside, verified)) == nil)
        var directive = Self.consent(Self.permit, unverified)
        directive["policy"] = [["uri": "urn:x"]]
        #expect(try refused(directive) == "Consent.verification")
        let block = Self.denying(["actor": Self.actor("Practitioner/899700100022")])
        #expect(try refused(Self.consent(block, unverified)) == nil)
    }

    @Test("a block is of a professional or of a structure") func blocks() throws {
        for (party, isBarred) in [
            ("Practitioner/899700100022", true), ("Organization/STR-1", true), ("RelatedPerson/R", false),
        ] {
            let consent = Self.consent(Self.denying(["actor": Self.actor(party)]), kind: "block")
            #expect(try refused(consent) == (isBarred ? nil : "Consent.provision.provision[0]"), "\(party)")
        }
    }

    @Test("a type is a code of JDV J07, a category one of ours: no other would ever be met") func systems() throws {
        func code(_ system: String?, _ code: String = "11502-2") -> JSONValue {
            var coding: JSONObject = ["code": .string(code)]
            coding["system"] = system.map { .string($0) }
            return [["coding": [.object(coding)]]]
        }
        func category(_ system: String, _ code: String = "liaison_note") -> JSONValue {
            [["system": .string(system), "code": .string(code)]]
        }
        let ours = "urn:socle:resource-category"
        let foreign = "http://hl7.org/fhir/resource-types"
        for system in [
            "http://loinc.org", "urn:oid:2.16.840.1.113883.6.1", "urn:oid:1.2.250.1.213.1.1.4.12", nil,
        ] {
            #expect(try refused(Self.consent(Self.denying(["code": code(system)]))) == nil)
        }
        #expect(try refused(Self.consent(Self.denying(["class": category(ours)]))) == nil)
        let snomed = "http://snomed.info/sct"
        #expect(
            try refused(Self.consent(Self.denying(["code": code(snomed)])))
                == "Consent.provision.provision[0].code[0]")
        #expect(
            try refused(Self.consent(Self.denying(["class": category(foreign)])))
                == "Consent.provision.provision[0].class[0]")
        func outside(_ name: String, _ value: JSONValue) -> JSONObject {
            Self.consent(.object(["type": "permit", "actor": Self.actor("Practitioner/N"), name: value]))
        }
        #expect(try refused(outside("code", code("http://loinc.org"))) == nil)
        #expect(try refused(outside("code", code(snomed))) == "Consent.provision.code[0]")
        #expect(try refused(outside("class", category(foreign))) == "Consent.provision.class[0]")
        #expect(try refused(outside("class", category(ours, "*"))) == "Consent.provision")
        #expect(try refused(outside("code", code(nil, "*"))) == "Consent.provision")
        func mandate(_ system: String) -> JSONObject {
            Self.consent(
                .object([
                    "type": "permit", "actor": Self.actor("RelatedPerson/R"), "class": category(system, "agenda"),
                ]))
        }
        #expect(try refused(mandate(ours)) == nil)
        #expect(try refused(mandate(foreign)) == "Consent.provision.class[0]")
    }

    @Test(
        "an extension of ours with another value says nothing, and is not passed over",
        arguments: [
            ("urn:socle:fhir:informed", "valueCode", "false"), ("urn:socle:fhir:informed", "valueString", "no"),
            ("urn:socle:fhir:recorded-by", "valueCode", "899700100022"),
            ("urn:socle:fhir:evidence", "valueString", "oral"),
        ])
    func extensions(_ url: String, _ member: String, _ value: String) throws {
        let outside: JSONValue = ["type": "permit", "actor": Self.actor("Practitioner/N")]
        let said: JSONObject = [
            "extension": [.object(["url": .string(url), member: .string(value)])]
        ]
        #expect(try refused(Self.consent(outside, said)) == "Consent.extension[0]")
    }

    @Test("information is for care, and its recipients are understood") func information() throws {
        func consent(_ members: JSONObject) -> JSONObject {
            var provision: JSONObject = ["type": "permit"]
            for (name, value) in members.members { provision[name] = value }
            return Self.consent(.object(provision), kind: "team-information")
        }
        func purpose(_ code: String) -> JSONValue { [["system": .string(Self.actReason), "code": .string(code)]] }
        func place(_ url: String, _ kind: String = "dac") -> JSONValue {
            [["url": .string(url), "valueCode": .string(kind)]]
        }
        #expect(try refused(consent([:])) == nil)
        #expect(try refused(consent(["purpose": purpose("TREAT")])) == nil)
        let alias: JSONValue = [["system": "urn:oid:2.16.840.1.113883.5.8", "code": "TREAT"]]
        #expect(try refused(consent(["purpose": alias])) == nil)
        #expect(try refused(consent(["purpose": purpose("HRESCH")])) == "Consent.provision.purpose")
        #expect(try refused(consent(["extension": place("urn:socle:fhir:place-kind")])) == nil)
        // A word that no role has would inform nobody.
        for kind in ["DAC", "ETAB_MCO", "hopital", "autres"] {
            let informed = consent(["extension": place("urn:socle:fhir:place-kind", kind)])
            #expect(try refused(informed) == "Consent.provision.extension[0]")
        }
        // One that was a word before there was a list is the kind that it became.
        #expect(try refused(consent(["extension": place("urn:socle:fhir:place-kind", "etab_mco")])) == nil)
        #expect(PlaceKind(word: "etab_mco") == .publicHospital)
        #expect(
            try refused(consent(["extension": place("urn:socle:fhir:placekind")]))
                == "Consent.provision.extension[0]")
    }

    @Test("a consent dated in the future is refused unless it says that it begins later") func dated() throws {
        let opposition: JSONValue = [
            "type": "deny", "purpose": [["system": .string(Self.actReason), "code": "TREAT"]],
        ]
        func consent(_ date: Instant, start: Instant? = nil) -> JSONObject {
            var provision = opposition.object ?? JSONObject()
            provision["period"] = start.map { ["start": .string($0.description)] }
            return Self.consent(.object(provision), ["dateTime": .string(date.description)])
        }
        let ahead = Self.now + .hours(1)
        #expect(try refused(consent(ahead)) == "Consent.dateTime")
        #expect(try choice(consent(ahead, start: ahead))?.period.start == ahead)
        // A clock a little ahead delays nothing.
        #expect(try choice(consent(Self.now + .minutes(4)))?.period.start == Self.now)
        #expect(try choice(consent(Self.now - .hours(1)))?.period.start == Self.now - .hours(1))
    }

    @Test("a patient who was not informed opens nothing by having been; refusals need no information") func uninformed()
        throws
    {
        let uninformed: JSONObject = ["extension": [["url": "urn:socle:fhir:informed", "valueBoolean": false]]]
        for kind in ["team-information", "team-consent"] {
            #expect(try refused(Self.consent(Self.permit, kind: kind, uninformed)) == "Consent.extension")
        }
        let administrator: JSONValue = ["type": "permit", "actor": Self.actor("Practitioner/899700100022")]
        let consent = Self.consent(administrator, kind: "document-administrator", uninformed)
        #expect(try refused(consent) == "Consent.extension")
        let block = Self.denying(["actor": Self.actor("Practitioner/899700100022")])
        #expect(try refused(Self.consent(block, kind: "block", uninformed)) == nil)
        // Where it is decided on, it is kept.
        let outside = try #require(try choice(Self.consent(administrator, kind: "consent-outside-team", uninformed)))
        guard case .consentOutsideTeam(let kept) = outside.kind else {
            Issue.record("\(outside.kind)")
            return
        }
        #expect(!kept.informed)
    }

    @Test("what opens is agreed to by the patient, or recorded by a professional; nobody else agrees for them")
    func performers() throws {
        let professional = "Practitioner/899700100022"
        let permit: JSONValue = ["type": "permit", "actor": Self.actor(professional)]
        let mandate: JSONValue = [
            "type": "permit", "actor": Self.actor("RelatedPerson/r"),
            "class": [["system": "urn:socle:resource-category", "code": "agenda"]],
        ]
        let kinds = [("consent-outside-team", permit), ("document-administrator", permit), ("carer-mandate", mandate)]
        for (kind, provision) in kinds {
            func refusal(_ performers: String...) throws -> String? {
                let list = performers.map { name -> JSONValue in ["reference": .string(name)] }
                return try refused(Self.consent(provision, kind: kind, ["performer": .array(list)]))
            }
            #expect(try refusal("Patient/p") == nil && refusal("RelatedPerson/r", "Patient/p") == nil)
            #expect(try refusal(professional) == nil)
            #expect(try refusal("Patient/other") == "Consent.performer[0]", "\(kind)")
            let named = kind == "consent-outside-team" ? nil : "Consent.performer[0]"
            #expect(try refusal("Organization/STR-1") == named, "\(kind)")
            #expect(try refusal("RelatedPerson/r") == "Consent.performer[0]", "\(kind)")
            // A relative agrees for a child, until they come of age.
            for (born, expected) in [("2018-01-01", nil), ("2000-01-01", "Consent.performer[0]")] {
                let id = try #require(PatientIdentifier("p"))
                let patient = Patient(
                    id: id, name: "P", birthDate: CalendarDate(born), capacity: .minor)
                let around = Surroundings(patients: [id: .init(patient: patient)])
                let signed: JSONObject = ["performer": [["reference": "RelatedPerson/r"]]]
                let consent = Self.consent(provision, kind: kind, signed)
                #expect(try refused(consent, around: around) == expected, "\(kind) \(born)")
                if expected == nil { #expect(try choice(consent, around: around)?.recordedBy == nil) }
            }
            let elsewhere: JSONObject = [
                "performer": [["type": "Patient", "identifier": ["system": "urn:x", "value": "p"]]]
            ]
            #expect(try refused(Self.consent(provision, kind: kind, elsewhere)) == "Consent.performer[0]")
            // One who is named by a number alone is the patient, or another.
            for (number, expected) in [("p", nil), ("q", "Consent.performer[0].identifier")] {
                let logical: JSONObject = [
                    "performer": [["type": "Patient", "identifier": ["value": .string(number)]]]
                ]
                #expect(try refused(Self.consent(provision, kind: kind, logical)) == expected, "\(kind) \(number)")
                let refusal = Self.denying(["actor": Self.actor(professional)])
                #expect(try refused(Self.consent(refusal, kind: "block", logical)) == nil)
            }
            let nameless = Self.consent(provision, kind: kind, ["performer": [["display": "Mme X"]]])
            #expect(try refused(nameless) == "Consent.performer[0]")
        }
        let other: JSONObject = ["performer": [["reference": "Organization/STR-1"]]]
        #expect(try choice(Self.consent(permit, kind: "consent-outside-team", other))?.recordedBy == "STR-1")
        let signed: JSONObject = ["performer": [["reference": .string(professional)]]]
        #expect(try choice(Self.consent(permit, kind: "consent-outside-team", signed))?.recordedBy == "899700100022")
        // A refusal is taken from whoever brings it, and a directive from whoever may give it.
        let block = Self.denying(["actor": Self.actor(professional)])
        let mother: JSONObject = ["performer": [["reference": "Patient/mother"]]]
        #expect(try refused(Self.consent(block, kind: "block", mother)) == nil)
        var directive = Self.consent(Self.permit, mother)
        directive["policy"] = [["uri": "urn:x"]]
        #expect(try refused(directive) == nil)
    }

    @Test("of the kind `refusals` are rules that refuse something; what they permit opens nothing") func refusals()
        throws
    {
        let mixed: JSONValue = [
            "type": "permit", "actor": Self.actor("Practitioner/899700100022"),
            "provision": [["type": "deny", "purpose": [["system": .string(Self.actReason), "code": "HRESCH"]]]],
        ]
        let kept = try #require(try choice(Self.consent(mixed, kind: "refusals")))
        guard case .directive(let directive) = kept.kind else {
            Issue.record("\(kept.kind)")
            return
        }
        #expect(directive.refusesOnly && !kept.kind.permits)
        #expect(try refused(Self.consent(Self.permit, kind: "refusals")) == "Consent.provision")
        let ownPolicy: JSONObject = ["policy": [["uri": "urn:x"]]]
        #expect(try refused(Self.consent(mixed, kind: "refusals", ownPolicy)) == "Consent.policy")
        // It does not become a directive that opens, nor the other way round.
        #expect(try refused(Self.consent(mixed, ownPolicy), after: kept) == "Consent.category")
        let opening = try #require(try choice(Self.consent(mixed, ownPolicy)))
        #expect(try refused(Self.consent(mixed, kind: "refusals"), after: opening) == "Consent.category")
    }

    @Test("a choice stays of its kind, and ends however its end is written") func kinds() throws {
        let opposition: JSONValue = [
            "type": "deny", "purpose": [["system": .string(Self.actReason), "code": "TREAT"]],
        ]
        let last = try #require(try choice(Self.consent(opposition)))
        #expect(last.kind == .oppositionToSharing)
        let other = Self.consent(Self.permit, kind: "team-information")
        #expect(try refused(other, after: last) == "Consent.category")
        let directive = Self.consent(Self.permit, ["policy": [["uri": "urn:x"]]])
        #expect(try refused(directive, after: last) == "Consent.category")
        #expect(try refused(Self.consent(opposition), after: last) == nil)
        for consent in [other, directive] {
            var ended = consent
            ended["status"] = "inactive"
            let choice = try #require(try choice(ended, after: last))
            #expect(choice.kind == .oppositionToSharing)
            #expect(choice.period.ended(by: Self.now))
        }
        var bare = Self.consent(
            opposition,
            [
                "status": "inactive",
                "extension": [
                    ["url": "urn:socle:fhir:evidence", "valueString": "oral"],
                    ["url": "urn:socle:fhir:recorded-by", "valueBoolean": true],
                ],
            ])
        bare["provision"] = nil
        #expect(try choice(bare, after: last)?.period.ended(by: Self.now) == true)
        // It held since it was given, however it is dated now; what was written in error never did.
        var given = last
        given.period.start = Self.now - .days(3)
        for status in ["inactive", "rejected"] {
            for dated in [JSONValue.null, .string(Self.now.description)] {
                var ended = Self.consent(opposition, ["status": .string(status)])
                ended["dateTime"] = dated == .null ? nil : dated
                let choice = try #require(try choice(ended, after: given))
                #expect(choice.period == Period(start: given.period.start, end: Self.now), "\(status)")
            }
        }
        let error = Self.consent(opposition, ["status": "entered-in-error"])
        #expect(try choice(error, after: given)?.period.isEmpty == true)
        var draft = Self.consent(opposition, kind: "block", ["status": "draft", "policy": [["uri": "urn:x"]]])
        #expect(try choice(draft) == nil)
        draft["status"] = "active"
        #expect(try refused(draft) == "Consent.policy")
    }

    @Test("what is ended ends now, or before where it says so, and no later: its period may go on") func endsNow()
        throws
    {
        func opposition(_ status: String, until end: String) throws -> PatientChoice? {
            let provision: JSONValue = [
                "type": "deny", "purpose": [["system": .string(Self.actReason), "code": "TREAT"]],
                "period": ["start": "2026-01-01", "end": .string(end)],
            ]
            let last = try choice(Self.consent(provision))
            return try choice(Self.consent(provision, ["status": .string(status)]), after: last)
        }
        for status in ["inactive", "rejected", "draft"] {
            #expect(try opposition(status, until: "2027-06-30")?.period.end == Self.now, "\(status)")
        }
        let before = try #require(Instant(iso8601: "2026-07-01T00:00:00+02:00"))
        #expect(try opposition("inactive", until: "2026-06-30")?.period.end == before)
        let start = try #require(Instant(iso8601: "2026-01-01T00:00:00+01:00"))
        let never = try opposition("entered-in-error", until: "2027-06-30")
        #expect(never?.period == Period(start: start, end: start))
    }
}
