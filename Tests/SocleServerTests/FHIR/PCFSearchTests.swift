// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import Testing

@Suite("IHE Privacy Consent on FHIR · searches find what the 23 published consents open, and nothing else")
struct PCFSearchTests {
    private static let named = "ex-practitioner"
    private static let outsider = "899700100077"

    private func question(_ who: String?, _ resource: JSONValue) -> JSONValue {
        var properties: JSONObject = ["method": "psc", "acr": "eidas1"]
        var subject: JSONObject = ["type": "professional"]
        if let who {
            subject["id"] = .string("rpps:\(who)")
            properties["situation"] = "STR-1"
        }
        subject["properties"] = .object(properties)
        return [
            "subject": .object(subject), "action": ["name": "read"], "resource": resource,
            "context": ["purpose": "TREAT"],
        ]
    }

    private func search(
        _ fixture: FHIRFixture, _ entity: SearchedEntity, _ question: JSONValue
    ) async throws -> [JSONValue] {
        let response = await fixture.access.post(question.bytes, to: AccessRoutes.search(entity))
        #expect(response.status == .ok)
        return try #require(try JSONValue(parsing: response.body)["results"]?.array)
    }

    /// Whether the patient is open to these, by evaluations; each search must say the same.
    private func open(_ fixture: FHIRFixture, _ name: String) async throws -> (named: Bool, outsider: Bool) {
        let patient: JSONValue = ["type": "patient", "id": "ex-patient"]
        var open: [String: Bool] = [:]
        for who in [Self.named, Self.outsider] {
            let permitted = try await fixture.access.ask(question(who, patient))["decision"]?.bool == true
            open[who] = permitted
            let found = try await search(fixture, .resource, question(who, ["type": "patient"]))
            #expect(found == (permitted ? [patient] : []), "\(name) \(who)")
        }
        // The member of the team aside, who is listed as long as no directive refuses.
        let found = try await search(fixture, .subject, question(nil, patient))
        let place: JSONValue = ["type": "structure", "id": "STR-1"]
        let person: JSONValue = [
            "type": "professional", "id": .string("rpps:\(Self.named)"), "properties": ["situations": ["STR-1"]],
        ]
        #expect(found.contains { $0 == person || $0 == place } == (open[Self.named] == true), "\(name): \(found)")
        #expect(found.contains(place) == (open[Self.outsider] == true), "\(name): \(found)")
        return (open[Self.named] == true, open[Self.outsider] == true)
    }

    @Test("who may, before and after each is withdrawn") func searches() async throws {
        guard let consents = try FHIRExamples.folder("ihe-pcf") else { return }
        #expect(consents.count == 23)
        var counts = (named: 0, outsider: 0)
        for (name, consent) in consents {
            try await FHIRFixture.with { fixture in
                try await load(fixture)
                let id = try #require(consent["id"]?.string)
                #expect(await fixture.send(.put, "/Consent/\(id)", consent).status == 201)
                let open = try await open(fixture, name)
                if open.named { counts.named += 1 }
                if open.outsider { counts.outsider += 1 }
                var withdrawn = try #require(consent.object)
                withdrawn["status"] = "inactive"
                let answer = await fixture.send(.put, "/Consent/\(id)", .object(withdrawn), match: #"W/"1""#)
                #expect(answer.status == 200)
                let closed = try await self.open(fixture, name)
                #expect(!closed.named && !closed.outsider, "\(name)")
            }
        }
        #expect(counts.named > 10 && counts.outsider > 10, "\(counts)")
    }

    @Test("one that names a person is found by that person, one that names a structure by all who exercise there")
    func named() async throws {
        for (reference, people) in [
            ("Practitioner/\(Self.named)", [true, false]), ("Organization/STR-1", [true, true]),
            ("Organization/STR-9", [false, false]),
        ] {
            try await FHIRFixture.with { fixture in
                try await load(fixture)
                let role: JSONValue = [
                    "coding": [
                        ["system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"]
                    ]
                ]
                let consent = Sample.consent(
                    "c", patient: "ex-patient",
                    provision: [
                        "type": "permit", "actor": [["role": role, "reference": ["reference": .string(reference)]]],
                    ], policy: "http://example.org/policies/basePrivacyConsentPolicy.txt")
                #expect(await fixture.send(.put, "/Consent/c", consent).status == 201)
                let open = try await open(fixture, reference)
                #expect([open.named, open.outsider] == people, "\(reference)")
            }
        }
    }

    private func load(_ fixture: FHIRFixture) async throws {
        try await Ward.load(fixture.access) { $0.resourceTypes.insert("patient") }
        let patient = try #require(PatientIdentifier("ex-patient"))
        let place = try #require(StructureIdentifier("STR-1"))
        let activity = Activity(structure: place, kind: "cabinet", sector: "SA08", mode: "L")
        var changes: [any RecordChange] = [PersonChange.patient(Patient(id: patient))]
        for who in [Self.named, Self.outsider] {
            changes.append(
                PersonChange.professional(
                    Professional(
                        id: try #require(ProfessionalIdentifier(who)), name: who,
                        profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                        activities: [activity])))
        }
        try await fixture.access.write(changes)
        try await fixture.access.write([
            ConsentChange.leave(
                patient: try #require(PatientIdentifier("PAT-1")), membership: "m1", at: Instant(seconds: 1_750_000_000)
            )
        ])
    }
}
