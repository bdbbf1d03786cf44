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

@Suite("Search · its bound, and what is never searched")
struct SearchBoundTests {
    /// A search for documents among these candidates, each with its type.
    private func documents(_ types: [String], token: String? = nil, purpose: String = "TREAT") -> JSONValue {
        let candidates = types.enumerated().map { number, type -> JSONValue in
            ["id": .string("D\(number)"), "type_code": .string(type)]
        }
        return [
            "subject": Ward.question()["subject"] ?? .null, "action": ["name": "read"],
            "resource": ["type": "document", "properties": ["patient": "PAT-1", "candidates": .array(candidates)]],
            "context": ["purpose": .string(purpose)],
            "page": token.map { ["token": .string($0), "limit": 1000] } ?? ["limit": 1000],
        ]
    }

    private func search(
        _ fixture: AccessFixture, _ entity: SearchedEntity, _ request: JSONValue
    ) async -> WebResponse {
        await fixture.post(request.bytes, to: AccessRoutes.search(entity))
    }

    @Test("a call looks at 500 candidates at most: the page ends there, and the next goes on") func bound() async throws
    {
        // Of a thousand, the matrix opens the first, one beside the bound on each side, and the last.
        let open: Set = [0, 499, 500, 999]
        let types = (0..<1000).map { open.contains($0) ? "15507-7" : "11490-0" }
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            var found: [String] = []
            var pages: [(results: Int, examined: Int64)] = []
            var token: String?
            repeat {
                let response = await search(fixture, .resource, documents(types, token: token))
                let answer = try JSONValue(parsing: response.body)
                let results = try #require(answer["results"]?.array)
                let entry = try await fixture.lastDetails()
                pages.append((results.count, try #require(entry["examined"]?.integer)))
                found += results.compactMap { $0["id"]?.string }
                token = answer["page"]?["next_token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            } while token != nil && pages.count < 10
            #expect(found == ["D0", "D499", "D500", "D999"])
            #expect(pages.count >= 2 && pages.map(\.results).reduce(0, +) == 4)
            #expect(pages.allSatisfy { $0.examined <= Int64(RegionSearch.bound) }, "\(pages)")
            #expect(pages.map(\.examined).reduce(0, +) == 1000)
        }
    }

    @Test("a page that found nothing within the bound says that there is more") func emptyPage() async throws {
        let types = Array(repeating: "11490-0", count: 600) + ["15507-7"]
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let first = try JSONValue(parsing: await search(fixture, .resource, documents(types)).body)
            #expect(first["results"]?.array?.isEmpty == true)
            let token = try #require(first["page"]?["next_token"]?.string)
            #expect(!token.isEmpty)
            let second = try JSONValue(parsing: await search(fixture, .resource, documents(types, token: token)).body)
            #expect(second["results"]?.array?.compactMap { $0["id"]?.string } == ["D600"])
            #expect(second["page"]?["next_token"]?.string == "")
            // The token is good for this question alone, and for nobody else.
            let other = await search(fixture, .resource, documents(types + ["15507-7"], token: token))
            #expect(other.status == .badRequest)
            let asked = documents(types, token: token)
            let another = await fixture.post(
                asked.bytes, to: AccessRoutes.search(.resource), token: "app~another")
            #expect(another.status == .badRequest)
        }
    }

    /// A patient who permits access without saying to whom.
    private func open(_ patient: PatientIdentifier) -> [any RecordChange] {
        let permit = ConsentDirective(root: ConsentRule(.permit))
        return [
            PersonChange.patient(Patient(id: patient)),
            ConsentChange.choose(
                PatientChoice(
                    id: "d", patient: patient, kind: .directive(permit),
                    period: Period(start: Instant(seconds: 1_700_000_000)), recordedAt: Ward.now)),
        ]
    }

    @Test("where a patient permits without naming anybody, who can is every place, page by page within the bound")
    func anybody() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let patient = try #require(PatientIdentifier("PAT-2"))
            var changes = open(patient)
            // One in three hundred is of a profession that the matrix opens this type to.
            for number in 1000..<2000 {
                let place = try #require(StructureIdentifier("PLACE-\(number)"))
                changes.append(
                    PersonChange.professional(
                        Professional(
                            id: try #require(ProfessionalIdentifier("8997\(number)")), name: "P",
                            profession: CodedConcept(
                                code: number % 300 == 0 ? "60" : "10", system: CodeSystem.healthProfessions),
                            activities: [Activity(structure: place, kind: "cabinet", sector: "SA08", mode: "L")])))
            }
            try await fixture.write(changes)
            var request = try #require(documents([]).object)
            request["subject"] = ["type": "professional", "properties": ["method": "psc", "acr": "eidas1"]]
            request["resource"] = [
                "type": "document", "id": "D", "properties": ["patient": "PAT-2", "type_code": "15507-7"],
            ]
            var found: [String] = []
            var examined: [Int64] = []
            var token = ""
            repeat {
                request["page"] = ["limit": 3, "token": .string(token)]
                let answer = try JSONValue(parsing: await search(fixture, .subject, .object(request)).body)
                let results = try #require(answer["results"]?.array)
                #expect(results.allSatisfy { $0["type"] == "structure" })
                found += results.compactMap { $0["id"]?.string }
                examined.append(try #require(try await fixture.lastDetails()["examined"]?.integer))
                token = try #require(answer["page"]?["next_token"]?.string)
            } while !token.isEmpty && examined.count < 10
            // The ward's nurse exercises in STR-1.
            #expect(found == ["PLACE-1200", "PLACE-1500", "PLACE-1800", "STR-1"])
            #expect(examined.allSatisfy { $0 <= Int64(RegionSearch.bound) } && examined.count > 2, "\(examined)")
        }
    }

    @Test("people without a name that the client may use are looked at within the bound too") func nameless()
        async throws
    {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture) { $0.namesByRPPS = false }
            let patient = try #require(PatientIdentifier("PAT-2"))
            let place = try #require(StructureIdentifier("STR-9"))
            var changes = open(patient)
            // The last alone has an account.
            for number in 1000...1600 {
                let id = try #require(ProfessionalIdentifier("8997\(number)"))
                changes.append(
                    PersonChange.professional(
                        Professional(
                            id: id, name: "P",
                            profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                            activities: [Activity(structure: place, kind: "cabinet", sector: "SA08", mode: "L")])))
                if number == 1600 {
                    changes.append(PersonChange.link(AccountLink(subject: "sub-last", person: .professional(id))))
                }
            }
            try await fixture.write(changes)
            var request = try #require(documents([]).object)
            request["subject"] = ["type": "professional", "properties": ["method": "psc", "acr": "eidas1"]]
            request["resource"] = [
                "type": "document", "id": "D", "properties": ["patient": "PAT-2", "type_code": "15507-7"],
            ]
            let first = try JSONValue(
                parsing: await search(fixture, .subject, .object(request)).body)
            #expect(first["results"]?.array?.map { $0["id"]?.string } == ["STR-1"], "of the ward's nurse")
            let token = try #require(first["page"]?["next_token"]?.string)
            #expect(!token.isEmpty, "500 looked at, some left")
            request["page"] = ["token": .string(token)]
            let second = try JSONValue(parsing: await search(fixture, .subject, .object(request)).body)
            #expect(second["results"]?.array?.map { $0["id"]?.string } == ["STR-9"])
            #expect(second["page"]?["next_token"]?.string == "")
        }
    }

    @Test("applications and administrators are not listed, whatever an evaluation permits them (docs/decision.md)")
    func people() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            let place = try #require(StructureIdentifier("STR-1"))
            try await Ward.load(fixture) {
                $0.purposes = ["TREAT", "STAT", "ADMIN"]
                $0.actions = ["read", "create"]
                $0.resourceTypes = ["document", "patient", "audit_technical"]
                $0.assertedSubjects = [.system, .admin]
                $0.pseudonymises = true
                $0.structure = place
            }
            try await fixture.write([
                PersonChange.link(AccountLink(subject: "sub-admin", person: .administrator(roles: ["access_admin"]))),
                PersonChange.patient(Patient(id: try #require(PatientIdentifier("PAT-2")))),
                ConsentChange.join(
                    Membership(
                        id: "m", patient: try #require(PatientIdentifier("PAT-2")), member: .structure(place),
                        period: Period(start: Instant(seconds: 1_700_000_000)), legalBasis: .recognised)),
            ])
            func question(
                _ type: String, _ id: String, _ action: String, _ resource: JSONValue, _ context: JSONValue
            ) -> JSONValue {
                [
                    "subject": [
                        "type": .string(type), "id": .string(id),
                        "properties": ["method": "psc", "acr": "eidas1"],
                    ], "action": ["name": .string(action)], "resource": resource, "context": context,
                ]
            }
            func found(_ entity: SearchedEntity, _ question: JSONValue) async throws -> [String] {
                let answer = try JSONValue(parsing: await search(fixture, entity, question).body)
                return (answer["results"]?.array ?? []).compactMap { $0["id"]?.string }
            }
            let deposit = question(
                "system", "point-acces-pro", "create",
                [
                    "type": "document", "id": "D",
                    "properties": ["patient": "PAT-2", "author_structure": "STR-1"],
                ], ["purpose": "TREAT"])
            let traces = question(
                "admin", "sub-admin", "read",
                ["type": "audit_technical", "id": "T", "properties": ["patient": "PAT-2"]], ["purpose": "ADMIN"])
            for permitted in [deposit, traces] {
                #expect(try await fixture.ask(permitted)["decision"]?.bool == true)
                #expect(try await found(.subject, permitted).isEmpty)
            }
            // For statistics every pseudonymised file is open, whoever it is of: a list would name them.
            func statistics(_ patient: String) -> JSONValue {
                question(
                    "system", "point-acces-pro", "read", ["type": "patient", "id": .string(patient)],
                    ["purpose": "STAT", "pseudonymised": true])
            }
            for patient in ["PAT-1", "PAT-2"] {
                #expect(try await fixture.ask(statistics(patient))["decision"]?.bool == true)
            }
            let before = try await fixture.entries()
            let refused = await search(fixture, .resource, statistics("any"))
            #expect(refused.status == .badRequest)
            #expect(String(decoding: refused.body, as: UTF8.self).contains("no patient is listed for STAT"))
            #expect(try await fixture.entries() == before)
            let administration = question(
                "admin", "sub-admin", "read", ["type": "patient", "id": "any"], ["purpose": "ADMIN"])
            #expect(try await found(.resource, administration).isEmpty)
        }
    }

    @Test("who can, without the level they would ask with, is malformed: nobody could") func levelless() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            var question = try #require(Ward.question().object)
            question["subject"] = ["type": "professional", "properties": ["method": "psc"]]
            let answer = await search(fixture, .subject, .object(question))
            #expect(answer.status == .badRequest)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("acr"))
            question["subject"] = ["type": "professional", "properties": ["method": "psc", "acr": "eidas1"]]
            let found = try JSONValue(parsing: await search(fixture, .subject, .object(question)).body)
            #expect(found["results"]?.array?.isEmpty == false)
        }
    }

    @Test("1,001 candidates are malformed") func tooMany() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let types = Array(repeating: "15507-7", count: 1001)
            #expect(await search(fixture, .resource, documents(types)).status == .badRequest)
        }
    }

    @Test(
        "no search is made under break-glass or regulation, whatever is registered and declared: 400, and no entry",
        arguments: ["BTG", "REG15"], SearchedEntity.allCases)
    func emergencies(purpose: String, entity: SearchedEntity) async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture) {
                $0.purposes = ["TREAT", "BTG", "REG15"]
                $0.resourceTypes.insert("patient")
            }
            let before = try await fixture.entries()
            for type in ["document", "patient"] {
                var request = try #require(documents(["15507-7"], purpose: purpose).object)
                request["resource"] = ["type": .string(type), "id": "PAT-1", "properties": ["patient": "PAT-1"]]
                request["context"] = [
                    "purpose": .string(purpose), "justification": "coma", "immediate_risk": true,
                    "patient_capacity": "unable_to_express", "call_id": "C-1",
                ]
                for token in ["app", "user~sub-nurse~STR-1"] {
                    let response = await fixture.post(
                        JSONValue.object(request).bytes, to: AccessRoutes.search(entity), token: token)
                    #expect(response.status == .badRequest)
                    let told = String(decoding: response.body, as: UTF8.self)
                    #expect(told.contains("\(purpose) is asked question by question"))
                }
            }
            #expect(try await fixture.entries() == before)
        }
    }

    @Test("what a permit of an emergency opens is not found by a search for care") func notThroughCare() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture) { $0.resourceTypes.insert("patient") }
            // The episode is open: the nurse reads this patient's note in the emergency.
            var question = try #require(Ward.question(patient: "PAT-2", purpose: "BTG").object)
            question["context"] = [
                "purpose": "BTG", "justification": "coma", "immediate_risk": true,
                "patient_capacity": "unable_to_express",
            ]
            try await fixture.write([PersonChange.patient(Patient(id: #require(PatientIdentifier("PAT-2"))))])
            let permit = try await fixture.ask(.object(question))
            #expect(permit["decision"]?.bool == true, "\(permit)")
            var request = try #require(documents([]).object)
            request["resource"] = ["type": "patient"]
            let answer = try JSONValue(parsing: await search(fixture, .resource, .object(request)).body)
            #expect(answer["results"]?.array?.compactMap { $0["id"]?.string } == ["PAT-1"])
        }
    }

    @Test("a search shows no trace, registered for it or not") func trace() async throws {
        for entitled in [true, false] {
            try await AccessFixture.with(now: Ward.now) { fixture in
                try await Ward.load(fixture) { $0.traces = entitled }
                var request = try #require(documents(["15507-7"]).object)
                request["context"] = ["purpose": "TREAT", "trace": true]
                let response = await search(fixture, .resource, .object(request))
                #expect(response.status == .badRequest)
                #expect(String(decoding: response.body, as: UTF8.self).contains("ask it alone"))
            }
        }
    }
}
