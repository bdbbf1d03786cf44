// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import Testing

@Suite("FHIR · two patients with one INS: written, and said to who asks (RNIV)")
struct SharedINSTests {
    private func patient(_ id: String, ins: String? = "255069999990036", replaces other: String? = nil) -> JSONValue {
        var patient = Sample.patient(id).object ?? [:]
        if let ins {
            patient["identifier"] = [["system": "urn:oid:1.2.250.1.213.1.4.8", "value": .string(ins)]]
            patient["extension"] = [
                [
                    "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability",
                    "extension": [["url": "identityStatus", "valueCoding": ["code": "QUAL"]]],
                ]
            ]
        }
        if let other {
            patient["link"] = [["other": ["reference": .string("Patient/\(other)")], "type": "replaces"]]
        }
        return .object(patient)
    }

    /// The severity and code of the outcome asked for, after the status.
    private func put(
        _ fixture: FHIRFixture, _ id: String, _ resource: JSONValue, match: String? = nil, token: String = "fhir"
    ) async throws -> String {
        let prefer = try #require(HTTPField.Name("Prefer"))
        let answer = await fixture.send(
            .put, "/Patient/\(id)", resource, token: token, match: match, fields: [prefer: "return=OperationOutcome"])
        #expect(answer.eTag != nil && !answer.json.text.contains("PAT-"), "it says that there are others, never who")
        let severity = answer.json["issue"]?.array?.first?["severity"]?.string
        return [String(answer.status), severity, answer.issue].compactMap(\.self).joined(separator: " ")
    }

    @Test("the second is written and its writer warned, until the two are linked or one number is put right")
    func warned() async throws {
        try await FHIRFixture.with { fixture in
            #expect(try await put(fixture, "PAT-A", patient("PAT-A")) == "201 information informational")
            #expect(try await put(fixture, "PAT-B", patient("PAT-B")) == "201 warning duplicate")
            #expect(
                try await put(fixture, "PAT-A", patient("PAT-A"), match: "W/\"1\"") == "200 warning duplicate")
            // Without being asked for it, the answer is the resource.
            let plain = await fixture.send(.put, "/Patient/PAT-B", patient("PAT-B"), match: "W/\"1\"")
            #expect(plain.status == 200 && plain.json["resourceType"]?.string == "Patient")
            #expect(try await put(fixture, "PAT-C", patient("PAT-C", ins: nil)) == "201 information informational")
            let linked = try await put(
                fixture, "PAT-A", patient("PAT-A", replaces: "PAT-B"), match: "W/\"2\"", token: "matcher")
            #expect(linked == "200 information informational")
            let split = try await put(fixture, "PAT-A", patient("PAT-A"), match: "W/\"3\"", token: "matcher")
            #expect(split == "200 warning duplicate")
            let corrected = try await put(fixture, "PAT-A", patient("PAT-A", ins: nil), match: "W/\"4\"")
            #expect(corrected == "200 information informational")
        }
    }

    @Test("in a transaction the warning stands at the entries it is about") func transaction() async throws {
        try await FHIRFixture.with { fixture in
            let entries = [
                ("PAT-A", patient("PAT-A")), ("PAT-C", patient("PAT-C", ins: nil)), ("PAT-B", patient("PAT-B")),
            ].map { id, resource -> JSONValue in
                ["resource": resource, "request": ["method": "PUT", "url": .string("Patient/\(id)")]]
            }
            let answer = await fixture.send(
                .post, "", ["resourceType": "Bundle", "type": "transaction", "entry": .array(entries)])
            #expect(answer.status == 200)
            let outcomes = (answer.json["entry"]?.array ?? []).map {
                $0["response"]?["outcome"]?["issue"]?.array?.first?["code"]?.string
            }
            #expect(outcomes == ["duplicate", nil, "duplicate"])
        }
    }
}
