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

@Suite("AuditEvent · who asked, through what, from where and why (DESIGN 7, IHE BALP)")
struct AuditAgentTests {
    private func ask(
        _ fixture: FHIRFixture, _ question: JSONValue = Ward.question(), token: String = "app",
        path: String = AccessRoutes.evaluation
    ) async throws {
        #expect(await fixture.access.post(question.bytes, to: path, token: token).status == .ok)
    }

    /// The last decision about a patient.
    private func event(_ fixture: FHIRFixture, of patient: String = "PAT-1") async throws -> JSONValue {
        let answer = await fixture.send(.get, "/AuditEvent", query: "patient=\(patient)")
        let events = (answer.json["entry"]?.array ?? []).compactMap { $0["resource"] }
        return try #require(events.first { $0["action"]?.string == "E" })
    }

    /// Each agent as its role, its name and whether it asked.
    private func agents(_ event: JSONValue) -> [String] {
        (event["agent"]?.array ?? []).map { agent in
            let role = agent["type"]?["coding"]?.array?.first?["code"]?.string ?? "?"
            let who = agent["who"]?["reference"]?.string ?? agent["who"]?["identifier"]?["value"]?.string ?? "?"
            return "\(role) \(who)" + (agent["requestor"]?.bool == true ? " asked" : "")
        }
    }

    private func details(_ event: JSONValue, _ name: String) -> [String] {
        (event["entity"]?.array ?? []).flatMap { $0["detail"]?.array ?? [] }
            .filter { $0["type"]?.string == name }.compactMap { $0["valueString"]?.string }
    }

    private static let nurse = [
        "IRCP Practitioner/\(Ward.nurse) asked", "110150 point-acces-pro", "PROV Organization/STR-1",
        "authserver Device/socle",
    ]

    @Test("a professional is named, whether an application asserts them or their own token proves them")
    func professional() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            try await ask(fixture)
            #expect(agents(try await event(fixture)) == Self.nurse)
            try await ask(fixture, Ward.question(subject: "sub-nurse"))
            #expect(agents(try await event(fixture)) == Self.nurse)
            try await ask(fixture, Ward.question(subject: "sub-nurse"), token: "user~sub-nurse~STR-1")
            let proven = try await event(fixture)
            #expect(agents(proven) == Self.nurse)
            #expect(proven["agent"]?.array?.first?["altId"]?.string == "sub-nurse")
            try await ask(fixture, Ward.question(subject: "pw-nurse"), token: "pairwise~sub-nurse~pw-nurse~STR-1")
            #expect(agents(try await event(fixture)) == Self.nurse)
        }
    }

    @Test("whoever claims to be another is named as who they are, in the place of their session") func claimed()
        async throws
    {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            try await ask(fixture, Ward.question(subject: "rpps:899700100033"), token: "user~sub-nurse~STR-2")
            let event = try await event(fixture)
            #expect(agents(event).prefix(1) == ["IRCP Practitioner/\(Ward.nurse) asked"])
            #expect(agents(event).contains("PROV Organization/STR-2"))
            #expect(details(event, "outcome") == ["deny"])
            #expect(details(event, "subject") == ["rpps:899700100033"])
        }
    }

    @Test("an account that was linked to somebody else since names nobody it did not rest on") func relinked()
        async throws
    {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            try await ask(fixture, Ward.question(subject: "sub-nurse"))
            let other = try #require(ProfessionalIdentifier("899700100033"))
            try await fixture.access.write([
                PersonChange.link(AccountLink(subject: "sub-nurse", person: .professional(other)))
            ])
            #expect(agents(try await event(fixture)).first == "IRCP sub-nurse asked")
            try await ask(fixture, Ward.question(subject: "sub-nobody"))
            #expect(agents(try await event(fixture)).first == "IRCP sub-nobody asked")
        }
    }

    @Test("several people of one call are each told once, to whom they asked about") func several() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let items = [
                Ward.question(), Ward.question(subject: "sub-nurse"), Ward.question(subject: "sub-other"),
                Ward.question(subject: "sub-third", patient: "PAT-2"),
            ]
            try await ask(fixture, ["evaluations": .array(items)], path: AccessRoutes.evaluations)
            let event = try await event(fixture)
            #expect(
                agents(event) == [
                    "IRCP Practitioner/\(Ward.nurse) asked", "IRCP sub-other asked", "110150 point-acces-pro",
                    "PROV Organization/STR-1", "authserver Device/socle",
                ])
            #expect(details(event, "subject") == ["rpps:\(Ward.nurse)", "sub-nurse", "sub-other"])
            #expect(!event.text.contains("sub-third"))
        }
    }

    @Test("an application that asks for itself is who asked") func system() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            try await ask(fixture, Ward.question(subject: "point-acces-pro", type: "system"))
            let event = try await event(fixture)
            #expect(agents(event) == ["110150 point-acces-pro asked", "authserver Device/socle"])
            let purpose = event["agent"]?.array?.first?["purposeOfUse"]?.array?.first?["coding"]?.array?.first
            #expect(purpose?["code"]?.string == "TREAT")
            #expect(await fixture.send(.get, "/Consent", query: "patient=PAT-1").status == 200)
            let found = await fixture.send(.get, "/AuditEvent", query: "patient=PAT-1")
            #expect(agents(found.json["entry"]?.array?.first?["resource"] ?? .null) == ["110150 dossier asked"])
        }
    }

    @Test("an emergency is told with what was declared and the episode it opened") func emergency() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let patient = try #require(PatientIdentifier("PAT-2"))
            try await fixture.access.write([PersonChange.patient(Patient(id: patient))])
            var question = try #require(Ward.question(patient: "PAT-2").object)
            question["context"] = [
                "purpose": "BTG", "justification": "inconsciente\u{9}vue seule", "immediate_risk": true,
                "patient_capacity": "unable_to_express", "call_id": "15-1234\u{1}\u{1F}",
            ]
            try await ask(fixture, .object(question))
            let event = try await event(fixture, of: "PAT-2")
            #expect(details(event, "reason") == ["break_glass"])
            #expect(details(event, "justification") == ["inconsciente vue seule"])
            #expect(details(event, "immediate_risk") == ["true"])
            #expect(details(event, "patient_capacity") == ["unable_to_express"])
            #expect(details(event, "call_id") == ["15-1234  "], "FHIR knows no control characters")
            #expect(details(event, "level") == ["declared"])
            #expect(details(event, "purpose") == ["BTG"])
            #expect(details(event, "episode").count == 1)
            #expect(!details(event, "obligation").isEmpty)
        }
    }

    @Test("a search is told with who asked, why, and what it found") func searched() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access) { $0.resourceTypes.insert("patient") }
            var question = try #require(Ward.question(resource: "patient").object)
            question["resource"] = ["type": "patient"]
            try await ask(fixture, .object(question), path: AccessRoutes.search(.resource))
            let patients = try await event(fixture)
            #expect(agents(patients) == Self.nurse)
            #expect(details(patients, "search") == ["resource"])
            #expect(details(patients, "purpose") == ["TREAT"])
            #expect(details(patients, "found") == ["PAT-1"])
            question = try #require(Ward.question().object)
            question["subject"] = ["type": "professional", "properties": ["method": "psc", "acr": "eidas1"]]
            try await ask(fixture, .object(question), path: AccessRoutes.search(.subject))
            let people = try await event(fixture)
            #expect(agents(people).first == "110150 point-acces-pro asked", "nobody but the application asked")
            #expect(details(people, "found") == ["rpps:\(Ward.nurse)"])
        }
    }

    @Test("a search keeps the session's situation, and says what was claimed in vain") func claimedInSearch()
        async throws
    {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            var question = try #require(Ward.question(subject: "sub-nurse").object)
            question["subject"] = [
                "type": "professional", "id": "sub-nurse", "properties": ["situation": "STR-9", "acr": "eidas3"],
            ]
            question["action"] = nil
            try await ask(
                fixture, .object(question), token: "user~sub-nurse~STR-1", path: AccessRoutes.search(.action))
            let details = try await fixture.access.lastDetails()
            #expect(details["subject"]?["situation"]?.string == "STR-1")
            #expect(details["subject"]?["proven"]?.bool == true)
            #expect(
                details["ignored"]?.strings == ["subject.properties.situation", "subject.properties.acr"])
            #expect(agents(try await event(fixture)) == Self.nurse)
            try await ask(fixture, Ward.question(), path: AccessRoutes.search(.action))
            #expect(try await fixture.access.lastDetails()["subject"]?["proven"]?.bool == false)
        }
    }

    @Test("a type of resource that is any text stays within its URI") func anyType() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            try await ask(fixture, Ward.question(resource: "a b/é"))
            let event = try await event(fixture)
            let what = event["entity"]?.array?.last?["what"]?["identifier"]?["system"]?.string
            #expect(what == "urn:socle:resource:a%20b%2F%C3%A9")
        }
    }
}
