// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import HTTPTypes
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

/// One question asked after one published consent was imported, and what is answered.
private struct PCFCase {
    enum Who: String {
        case named = "ex-practitioner"
        case outsider = "899700100077"
        case member = "899700100022"
    }

    var consent: String
    var who = Who.outsider
    var purpose = "TREAT"
    var id = "R-1"
    var labels: [String] = []
    var author: String?
    var created: String?
    var reason: String
    var residual: [String] = []

    init(
        _ consent: String, by who: Who = .outsider, purpose: String = "TREAT", id: String = "R-1",
        labels: [String] = [], author: String? = nil, created: String? = nil, _ reason: String,
        _ residual: [String] = []
    ) {
        self.consent = consent
        self.who = who
        self.purpose = purpose
        self.id = id
        self.labels = labels
        self.author = author
        self.created = created
        self.reason = reason
        self.residual = residual.map { "residual:\($0)" }
    }

    var question: JSONValue {
        var properties: JSONObject = ["patient": "ex-patient"]
        if !labels.isEmpty { properties["confidentiality"] = JSONValue(labels) }
        properties["author"] = author.map(JSONValue.string)
        properties["created"] = created.map(JSONValue.string)
        var context: JSONObject = ["purpose": .string(purpose)]
        if purpose == "BTG" {
            context["justification"] = "unconscious"
            context["immediate_risk"] = true
            context["patient_capacity"] = "unable_to_express"
        }
        return [
            "subject": [
                "type": "professional", "id": .string("rpps:\(who.rawValue)"),
                "properties": ["situation": "STR-1", "method": "psc", "acr": "eidas1"],
            ],
            "action": ["name": "read"],
            "resource": ["type": "liaison_note", "id": .string(id), "properties": .object(properties)],
            "context": .object(context),
        ]
    }
}

@Suite("IHE Privacy Consent on FHIR · the 23 published consents decide as the profile says")
struct PCFDecisionTests {
    private static let confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    private static let psychiatry = "http://terminology.hl7.org/CodeSystem/v3-ActCode|PSY"
    private static let violence = "http://terminology.hl7.org/CodeSystem/v3-ActCode|SDV"
    /// A level and those that it reaches: below in a permit, above in a refusal.
    private static func levels(_ codes: String...) -> String {
        "label=" + codes.map { "\(confidentiality)|\($0)" }.joined(separator: ",")
    }
    private static let normal = ["forbid", "permit:" + levels("L", "M", "N", "U")]
    private static let year = "created=2021-12-31T23:00:00.000Z/2022-12-31T23:00:00.000Z"

    /// A stranger to the patient's team gets in by the consent alone; a member is held to it as well.
    private static let cases: [PCFCase] = [
        .init("basic-treat", "consent_outside_team"),
        .init("basic-ink", "consent_outside_team"),
        .init("basic-treat-infant", "consent_outside_team"),
        .init("basic-reject", "opposition"),
        .init("basic-reject", by: .member, "opposition"),
        // For research alone, for a purpose that is not Socle's, or over: it says nothing of treatment.
        .init("basic-research", "not_in_care_team"),
        .init("basic-research", by: .member, "care_team"),
        .init("expired-treat", "not_in_care_team"),
        .init("intermediate-purpose", "not_in_care_team"),

        .init("intermediate-authoredby", author: "ex-practitioner", "consent_outside_team"),
        .init("intermediate-authoredby", author: "somebody", "opposition"),
        .init("intermediate-authoredby", by: .member, author: "somebody", "opposition"),
        .init(
            "intermediate-authoredby", "consent_outside_team",
            ["forbid", "permit:authoredby=Practitioner/ex-practitioner"]),
        .init("intermediate-not-authoredby", author: "ex-practitioner", "opposition"),
        .init("intermediate-not-authoredby", author: "somebody", "consent_outside_team"),
        .init(
            "intermediate-not-authoredby", by: .member, "care_team", ["forbid:authoredby=Practitioner/ex-practitioner"]),

        .init("intermediate-data", id: "ex-weight", "consent_outside_team"),
        .init("intermediate-data", id: "ex-height", "opposition"),
        .init("intermediate-not-data", id: "ex-weight", "consent_outside_team"),
        .init("intermediate-not-data", id: "ex-alcoholUse", "opposition"),
        .init("intermediate-not-data", by: .member, id: "ex-alcoholUse", "opposition"),

        .init("intermediate-encounter", id: "ex-encounter", "consent_outside_team"),
        .init("intermediate-encounter", "consent_outside_team", ["forbid", "permit:related=Encounter/ex-encounter"]),
        .init("intermediate-not-encounter", id: "ex-encounter", "opposition"),
        .init("intermediate-not-encounter", "consent_outside_team", ["forbid:related=Encounter/ex-encounter"]),

        .init("intermediate-timeframe", created: "2022-06-13", "consent_outside_team"),
        .init("intermediate-timeframe", created: "2022-12-31", "consent_outside_team"),
        .init("intermediate-timeframe", created: "2023-01-01", "opposition"),
        .init("intermediate-timeframe", "consent_outside_team", ["forbid", "permit:\(year)"]),
        .init("intermediate-not-timeframe", created: "2022-06-13", "opposition"),
        .init("intermediate-not-timeframe", created: "2021-12-31", "consent_outside_team"),
        .init("intermediate-not-timeframe", "consent_outside_team", ["forbid:\(year)"]),

        .init("advanced-normal", labels: ["N"], "consent_outside_team"),
        .init("advanced-normal", labels: ["R"], "opposition"),
        .init("advanced-normal", "consent_outside_team", normal),
        // A level reaches those below it; of several, the most restricted counts.
        .init("advanced-normal", labels: ["L"], "consent_outside_team"),
        .init("advanced-normal", labels: ["N", "R"], "opposition"),
        .init("advanced-normal-not-restricted", labels: ["V"], "opposition"),
        .init("advanced-normal-not-restricted", by: .member, labels: ["V"], "opposition"),
        .init("advanced-normal-restricted", labels: ["N"], "consent_outside_team"),
        .init("advanced-normal-restricted", labels: ["R"], "consent_outside_team"),
        .init("advanced-normal-restricted", labels: ["V"], "opposition"),
        .init("advanced-normal-not-restricted", labels: ["N"], "consent_outside_team"),
        .init("advanced-normal-not-restricted", labels: ["R"], "opposition"),
        .init(
            "advanced-normal-not-restricted", "consent_outside_team",
            normal + ["forbid:" + levels("R", "V")]),
        .init("advanced-normal-focused-restricted", labels: ["R"], "opposition"),
        .init("advanced-normal-focused-restricted", by: .named, labels: ["R"], "consent_outside_team"),
        .init("advanced-normal-focused-restricted", by: .named, labels: ["N"], "consent_outside_team"),
        .init("advanced-normal-focused-restricted", by: .named, labels: ["V"], "opposition"),
        .init("advanced-normal-focused-psy", labels: [psychiatry], "opposition"),
        .init("advanced-normal-focused-psy", by: .named, labels: [psychiatry], "consent_outside_team"),
        .init("advanced-normal-focused-psy", "consent_outside_team", normal),
        .init(
            "advanced-normal-focused-psy", by: .named, "consent_outside_team", normal + ["permit:label=\(psychiatry)"]),
        .init("advanced-normal-focused-psy-or-sdv", by: .named, labels: [violence], "consent_outside_team"),
        .init("advanced-normal-focused-psy-or-sdv", labels: [violence], "opposition"),

        .init("advanced-normal-break-glass-restricted", labels: ["N"], "consent_outside_team"),
        .init("advanced-normal-break-glass-restricted", labels: ["R"], "opposition"),
        .init("advanced-normal-break-glass-restricted", purpose: "BTG", labels: ["R"], "break_glass"),
        .init("advanced-normal-break-glass-restricted", purpose: "BTG", labels: ["N"], "break_glass"),
        .init("advanced-normal-break-glass-restricted", purpose: "BTG", labels: ["V"], "emergency_opposition"),
        .init("dissent-break-glass", "opposition"),
        .init("dissent-break-glass", by: .member, "opposition"),
        .init("dissent-break-glass", purpose: "BTG", "break_glass"),
        .init("basic-reject", purpose: "BTG", "emergency_opposition"),
    ]

    @Test("each consent, asked by whom it is for and by whom it is not") func decisions() async throws {
        guard let consents = try FHIRExamples.folder("ihe-pcf") else { return }
        #expect(consents.count == 23)
        var asked: Set<String> = []
        for (name, consent) in consents {
            let cases = Self.cases.filter { PCFDecisionTests.file($0.consent) == name }
            asked.insert(name)
            #expect(!cases.isEmpty, "\(name) is not asked about")
            try await FHIRFixture.with { fixture in
                try await load(fixture)
                let id = try #require(consent["id"]?.string)
                #expect(await fixture.send(.put, "/Consent/\(id)", consent).status == 201)
                for item in cases {
                    let answer = try await fixture.access.ask(item.question)
                    let context = answer["context"]
                    let residual = (context?["obligations"]?.strings ?? []).filter { $0.hasPrefix("residual:") }
                    #expect(context?["reason"]?.string == item.reason, "\(name) \(item.question.text)")
                    #expect(residual == item.residual, "\(name) \(item.question.text)")
                }
            }
        }
        #expect(asked.count == 23)
    }

    @Test("a list loses what is refused, and says what is left to filter") func lists() async throws {
        guard let consents = try FHIRExamples.folder("ihe-pcf") else { return }
        let consent = try #require(consents.first { $0.name == PCFDecisionTests.file("advanced-normal") })
        try await FHIRFixture.with { fixture in
            try await load(fixture)
            _ = await fixture.send(.put, "/Consent/ex-consent-advanced-normal", consent.json)
            var question = PCFCase("advanced-normal", "").question.object ?? JSONObject()
            question["resource"] = [
                "type": "document_list", "id": "L",
                "properties": [
                    "patient": "ex-patient",
                    "candidates": [
                        ["id": "A", "confidentiality": ["N"]], ["id": "B", "confidentiality": ["R"]], ["id": "C"],
                    ],
                ],
            ]
            let answer = try await fixture.access.ask(.object(question))
            #expect(
                answer["context"]?["obligations"]?.strings == ["filter:B"] + Self.normal.map { "residual:\($0)" })
        }
    }

    private static func file(_ name: String) -> String {
        let dissent = name.hasPrefix("dissent")
        return dissent
            ? "Consent-ex-dissent-intermediate-break-glass.json" : "Consent-ex-consent-\(name).json"
    }

    private func load(_ fixture: FHIRFixture) async throws {
        try await Ward.load(fixture.access)
        let patient = try #require(PatientIdentifier("ex-patient"))
        let place = try #require(StructureIdentifier("STR-1"))
        let activity = Activity(structure: place, kind: "cabinet", sector: "SA08", mode: "L")
        let member = try #require(ProfessionalIdentifier(PCFCase.Who.member.rawValue))
        let since = Period(start: Instant(seconds: 1_700_000_000))
        var changes: [any RecordChange] = []
        for who in [PCFCase.Who.named, .outsider] {
            let id = try #require(ProfessionalIdentifier(who.rawValue))
            changes.append(
                PersonChange.professional(
                    Professional(
                        id: id, name: who.rawValue,
                        profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                        activities: [activity])))
        }
        changes.append(PersonChange.patient(Patient(id: patient)))
        changes.append(
            ConsentChange.join(
                Membership(
                    id: "m", patient: patient, member: .professional(member), period: since, legalBasis: .recognised)))
        changes.append(
            ConsentChange.choose(
                PatientChoice(
                    id: "information", patient: patient, kind: .teamInformation(recipients: []), period: since,
                    recordedAt: since.start)))
        try await fixture.access.write(changes)
    }
}
