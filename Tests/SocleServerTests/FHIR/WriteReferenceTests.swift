// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import Testing

@Suite("FHIR · what a write may name")
struct WriteReferenceTests {
    @Test("someone close to a patient stays that patient's") func related() async throws {
        try await FHIRFixture.with { fixture in
            func related(_ patient: String) -> JSONValue {
                ["resourceType": "RelatedPerson", "id": "r", "patient": ["reference": .string("Patient/\(patient)")]]
            }
            #expect(await fixture.send(.put, "/RelatedPerson/r", related("PAT-1")).status == 201)
            let moved = await fixture.send(.put, "/RelatedPerson/r", related("PAT-2"), match: "W/\"1\"")
            #expect(moved.status == 422 && moved.issue == "business-rule RelatedPerson.patient")
            #expect(await fixture.send(.put, "/RelatedPerson/r", related("PAT-1"), match: "W/\"1\"").status == 200)
        }
    }

    @Test("a write names no more records than can be read for it: a resource 500, a transaction 1,000") func bounds()
        async throws
    {
        try await FHIRFixture.with { fixture in
            func patient(_ id: String, naming count: Int, type: String = "Patient") -> JSONValue {
                var patient = Sample.patient(id).object ?? [:]
                patient["extension"] = .array(
                    (0..<count).map {
                        ["url": "urn:x", "valueReference": ["reference": .string("\(type)/X-\(id)-\($0)")]]
                    })
                return .object(patient)
            }
            #expect(await fixture.send(.put, "/Patient/P", patient("P", naming: 450)).status == 201)
            // Of a kind that is not read here, any number.
            #expect(await fixture.send(.put, "/Patient/Q", patient("Q", naming: 900, type: "Encounter")).status == 201)
            let many = await fixture.send(.put, "/Patient/R", patient("R", naming: 501))
            #expect(many.status == 422 && many.issue == "too-costly Patient")
            let entries = (0..<8).map { number -> JSONValue in
                [
                    "resource": patient("B\(number)", naming: 190),
                    "request": ["method": "PUT", "url": .string("Patient/B\(number)")],
                ]
            }
            let bundle: JSONValue = ["resourceType": "Bundle", "type": "transaction", "entry": .array(entries)]
            let together = await fixture.send(.post, "", bundle)
            #expect(together.status == 422 && together.issue == "too-costly Bundle.entry")
        }
    }
}
