// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import Testing

@Suite(
    "FHIR · each patient finds what was asked about them (art. L. 1111-19 du code de la santé publique, GDPR art. 15)")
struct AuditEventTests {
    private func events(_ fixture: FHIRFixture, of patient: String) async -> [JSONValue] {
        let answer = await fixture.send(.get, "/AuditEvent", query: "patient=\(patient)")
        #expect(answer.status == 200)
        return (answer.json["entry"]?.array ?? []).compactMap { $0["resource"] }
    }

    /// The decisions alone: reading the journal is journalled too.
    private func decisions(_ fixture: FHIRFixture, of patient: String) async -> [JSONValue] {
        await events(fixture, of: patient).filter { $0["action"]?.string == "E" }
    }

    private func details(_ event: JSONValue, _ name: String) -> [String] {
        (event["entity"]?.array ?? []).flatMap { $0["detail"]?.array ?? [] }
            .filter { $0["type"]?.string == name }.compactMap { $0["valueString"]?.string }
    }

    private func patients(_ event: JSONValue) -> [String] {
        (event["entity"]?.array ?? []).compactMap { $0["what"]?["reference"]?.string }
    }

    private func ask(_ fixture: FHIRFixture, about patients: [String]) async -> Int {
        let items = patients.map { Ward.question(patient: $0) }
        let body: JSONValue = ["evaluations": .array(items)]
        return await fixture.access.post(body.bytes, to: AccessRoutes.evaluations).status.code
    }

    @Test("several questions about one patient: each is told with its reason, and a refusal among them shows")
    func onePatient() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            var body = Ward.question().object ?? JSONObject()
            body["evaluations"] = [[:], ["action": ["name": "erase"]]]
            let answer = await fixture.access.post(JSONValue.object(body).bytes, to: AccessRoutes.evaluations)
            #expect(answer.status == .ok)
            let event = try #require(await decisions(fixture, of: "PAT-1").first)
            #expect(event["outcome"]?.string == "4")
            #expect(details(event, "outcome") == ["permit", "deny"])
            #expect(details(event, "reason") == ["care_team", "client_not_entitled"])
            #expect(event["agent"]?.array?.first?["purposeOfUse"]?.array?.count == 1)
            #expect(details(event, "patient") == [], "one patient is named once")
        }
    }

    @Test("a call about two patients is found under both, and under nobody else") func twoPatients() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            #expect(await ask(fixture, about: ["PAT-1", "PAT-2"]) == 200)
            let first = try #require(await decisions(fixture, of: "PAT-1").first)
            #expect(patients(first) == ["Patient/PAT-1"])
            #expect(details(first, "reason") == ["care_team"])
            #expect(first["outcome"]?.string == "0")
            #expect(first["meta"]?["tag"]?.array?.first?["code"]?.string == "SUBSETTED")
            let second = try #require(await decisions(fixture, of: "PAT-2").first)
            #expect(patients(second) == ["Patient/PAT-2"])
            #expect(details(second, "outcome") == ["deny"])
            #expect(second["outcome"]?.string == "4")
            #expect(await decisions(fixture, of: "PAT-3") == [])
            for (event, other) in [(first, "PAT-2"), (second, "PAT-1")] { #expect(!event.text.contains(other)) }
            // Read by itself, it is told whole, and who read it is told to both.
            let id = try #require(first["id"]?.string)
            #expect(second["id"]?.string == id)
            let event = await fixture.send(.get, "/AuditEvent/\(id)").json
            #expect(event["meta"] == nil)
            #expect(patients(event) == ["Patient/PAT-1", "Patient/PAT-2"])
            #expect(details(event, "patient") == ["PAT-1", "PAT-2"])
            #expect(details(event, "outcome") == ["permit", "deny"])
            for patient in ["PAT-1", "PAT-2"] {
                let reads = await events(fixture, of: patient).filter {
                    patients($0).contains("AuditEvent/\(id)")
                }
                #expect(reads.count == 1, "\(patient)")
            }
        }
    }

    @Test("a reading of one patient's journal is found under them alone, however often it is read") func readings()
        async throws
    {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let patients = (1...20).map { "PAT-\($0)" }
            #expect(await ask(fixture, about: patients) == 200)
            for _ in 1...3 { #expect(await decisions(fixture, of: "PAT-1").count == 1) }
            let entry = try await fixture.access.lastEntry()
            #expect(entry["patient"]?.string == "PAT-1")
            #expect(entry["patients"] == nil)
            let others = await events(fixture, of: "PAT-2")
            #expect(others.count == 1, "the call, and no reading")
        }
    }

    @Test("calls about one patient and about several come in the order of time, page by page") func pages() async throws
    {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            for index in 0..<130 {
                #expect(await ask(fixture, about: index % 2 == 0 ? ["PAT-1"] : ["PAT-1", "PAT-2"]) == 200)
            }
            var query = "patient=PAT-1"
            var sequences: [Int] = []
            for _ in 1...10 {
                let answer = await fixture.send(.get, "/AuditEvent", query: query)
                sequences += answer.ids.compactMap { Int($0.split(separator: ".").last ?? "") }
                guard let next = answer.next else { break }
                query = next
            }
            #expect(sequences.count >= 130)
            #expect(sequences == sequences.sorted(by: >), "one clock, one chain: the newest first")
            #expect(Set(sequences).count == sequences.count)
        }
    }

    @Test("a search that finds a patient is found under them, and a transaction under all it writes")
    func searchAndTransaction() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access) { $0.resourceTypes.insert("patient") }
            var question = Ward.question(resource: "patient").object ?? JSONObject()
            question["resource"] = ["type": "patient"]
            let answer = await fixture.access.post(
                JSONValue.object(question).bytes, to: AccessRoutes.search(.resource))
            let results = try JSONValue(parsing: answer.body)["results"]?.array ?? []
            #expect(results.map { $0["id"]?.string } == ["PAT-1"])
            #expect(await decisions(fixture, of: "PAT-1").count == 1)

            let entries = ["PAT-1", "PAT-2"].map { patient -> JSONValue in
                [
                    "resource": Sample.consent("c-\(patient)", patient: patient, provision: Sample.opposition),
                    "request": ["method": "PUT", "url": .string("Consent/c-\(patient)")],
                ]
            }
            let bundle: JSONValue = ["resourceType": "Bundle", "type": "transaction", "entry": .array(entries)]
            #expect(await fixture.send(.post, "", bundle).status == 200)
            for patient in ["PAT-1", "PAT-2"] {
                let writes = await events(fixture, of: patient).filter { $0["action"]?.string == "C" }
                #expect(
                    writes.map(self.patients) == [["Patient/\(patient)", "Consent/c-\(patient)/_history/1"]],
                    "their own alone")
            }
            // A search of both tells each who was told of them.
            #expect(await fixture.send(.get, "/Consent", query: "status=active").status == 200)
            for patient in ["PAT-1", "PAT-2"] {
                let reads = await events(fixture, of: patient).map(self.patients).filter {
                    $0.contains("Consent/c-\(patient)")
                }
                #expect(reads.count == 1, "\(patient)")
                #expect(!reads.joined().contains { $0.hasPrefix("Consent/c-") && $0 != "Consent/c-\(patient)" })
            }
        }
    }

    @Test("who writes what was not there creates, by a POST or a PUT; whoever also writes what was updates")
    func actions() async throws {
        try await FHIRFixture.with { fixture in
            func written() async -> [String?] {
                await events(fixture, of: "PAT-1").map { $0["action"]?.string }.filter { $0 != "R" }.reversed()
            }
            let consent = Sample.consent("c", provision: Sample.opposition)
            #expect(await fixture.send(.post, "/Consent", consent).status == 201)
            #expect(await written() == ["C"])
            #expect(await fixture.send(.put, "/Consent/c", consent).status == 201)
            #expect(await fixture.send(.put, "/Consent/c", consent, match: #"W/"1""#).status == 200)
            #expect(await written() == ["C", "C", "U"])
            let entries: JSONValue = [
                ["resource": consent, "request": ["method": "POST", "url": "Consent"]],
                ["resource": consent, "request": ["method": "PUT", "url": "Consent/c", "ifMatch": #"W/"2""#]],
            ]
            let bundle: JSONValue = ["resourceType": "Bundle", "type": "transaction", "entry": entries]
            #expect(await fixture.send(.post, "", bundle).status == 200)
            #expect(await written() == ["C", "C", "U", "U"])
        }
    }

    @Test("what was asked under a name merged into another is found under that one, until they are split")
    func merged() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let survivor = try #require(PatientIdentifier("PAT-1"))
            let absorbed = try #require(PatientIdentifier("PAT-2"))
            try await fixture.access.write([PersonChange.patient(Patient(id: absorbed))])
            #expect(await ask(fixture, about: ["PAT-2"]) == 200)
            #expect(await decisions(fixture, of: "PAT-1") == [])
            try await fixture.access.write([
                IdentityChange.merge(survivor: survivor, absorbed: absorbed, at: Ward.now)
            ])
            let found = await decisions(fixture, of: "PAT-1")
            #expect(found.count == 1)
            #expect(await decisions(fixture, of: "PAT-2") == found, "one person, whatever the name")
            try await fixture.access.write([IdentityChange.split(absorbed: absorbed, at: Ward.now)])
            #expect(await decisions(fixture, of: "PAT-1") == [])
            #expect(await decisions(fixture, of: "PAT-2") == found)
        }
    }
}
