// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import SocleStore
import Testing

/// One nurse in the care team of one patient, and the application they use.
enum Ward {
    static let now = Instant(seconds: 1_793_610_000)
    static let nurse = "899700100022"

    static func load(
        _ fixture: AccessFixture, register: (inout ApplicationRegistration) -> Void = { _ in }
    ) async throws {
        let professional = try #require(ProfessionalIdentifier(nurse))
        let structure = try #require(StructureIdentifier("STR-1"))
        let patient = try #require(PatientIdentifier("PAT-1"))
        var registration = ApplicationRegistration(
            clientID: "point-acces-pro", service: "point-acces-pro", purposes: ["TREAT", "BTG"],
            actions: ["read", "search"], resourceTypes: ["document", "document_list", "liaison_note"],
            heldTypes: ["document", "document_list", "liaison_note"], assertedSubjects: [.professional],
            namesByRPPS: true)
        register(&registration)
        let since = Period(start: Instant(seconds: 1_700_000_000))
        try await fixture.load(
            [
                PersonChange.professional(
                    Professional(
                        id: professional, name: "Paul Nadir",
                        profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                        activities: [Activity(structure: structure, kind: "cabinet", sector: "SA08", mode: "L")])),
                PersonChange.link(AccountLink(subject: "sub-nurse", person: .professional(professional))),
                PersonChange.patient(Patient(id: patient)),
                ConsentChange.join(
                    Membership(
                        id: "m1", patient: patient, member: .professional(professional), period: since,
                        legalBasis: .recognised)),
                ConsentChange.choose(
                    PatientChoice(
                        id: "c1", patient: patient, kind: .teamInformation(recipients: []), period: since,
                        recordedAt: since.start)),
                AccessChange.register(registration),
            ],
            matrix: """
                profession_code,profession_system_oid,type_code,access,status
                60,1.2.250.1.71.1.2.7,15507-7,allow,attested
                """, policies: SharedData.policies())
    }

    static func question(
        subject: String = "rpps:\(nurse)", type: String = "professional", action: String = "read",
        resource: String = "liaison_note", patient: String = "PAT-1", purpose: JSONValue = "TREAT"
    ) -> JSONValue {
        [
            "subject": [
                "type": .string(type), "id": .string(subject),
                "properties": ["situation": "STR-1", "method": "psc", "acr": "eidas1"],
            ],
            "action": ["name": .string(action)],
            "resource": [
                "type": .string(resource), "id": "R-1", "properties": ["patient": .string(patient)],
            ],
            "context": ["purpose": purpose],
        ]
    }
}

@Suite("R-APP-1 · an application asks within its registration")
struct EntitlementTests {
    private func expectRefused(
        _ what: Comment, _ question: JSONValue = Ward.question(), token: String = "app",
        _ register: (inout ApplicationRegistration) -> Void = { _ in }
    ) async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture, register: register)
            let answer = try await fixture.ask(question, token: token)
            #expect(answer["decision"]?.bool == false, what)
            #expect(answer["context"]?["reason"]?.string == "client_not_entitled", what)
            #expect(answer["context"]?["rule"]?.string == "R-APP-1", what)
        }
    }

    @Test("what is registered is answered") func registered() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let answer = try await fixture.ask(Ward.question())
            #expect(answer["context"]?["reason"]?.string == "care_team")
            let proven = try await fixture.ask(Ward.question(subject: "sub-nurse"), token: "user~sub-nurse~STR-1")
            #expect(proven["context"]?["reason"]?.string == "care_team")
        }
    }

    @Test("another purpose, action, type or kind of subject is refused before any other rule") func outside()
        async throws
    {
        try await expectRefused("purpose") { $0.purposes = ["PATRQT"] }
        try await expectRefused("no purpose", Ward.question(purpose: .null))
        try await expectRefused("action") { $0.actions = ["search"] }
        try await expectRefused("resource type") { $0.resourceTypes = ["document"] }
        try await expectRefused("kind of subject") { $0.assertedSubjects = [.patient] }
        try await expectRefused("rpps") { $0.namesByRPPS = false }
        try await expectRefused("unregistered client", token: "app~another")
        try await expectRefused("unknown kind", Ward.question(type: "user"))
    }

    @Test("a person's token asks for that person and nobody else") func another() async throws {
        try await expectRefused(
            "other account", Ward.question(subject: "sub-other"), token: "user~sub-nurse~STR-1")
        try await expectRefused(
            "other professional", Ward.question(subject: "rpps:899700100033"), token: "user~sub-nurse~STR-1")
        try await expectRefused(
            "other kind", Ward.question(subject: "sub-nurse", type: "system"), token: "user~sub-nurse~STR-1")
        try await expectRefused(
            "unlinked account", Ward.question(subject: "sub-nobody"), token: "user~sub-nobody~STR-1")
    }

    @Test("a professional is known by the RPPS number too, with its type digit or without, and by no other number")
    func numbered() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let physician = try #require(ProfessionalIdentifier("810001234565"))
            try await fixture.write([
                PersonChange.professional(
                    Professional(
                        id: physician, name: "Ada Merle",
                        profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                        activities: [
                            Activity(
                                structure: try #require(StructureIdentifier("STR-1")), kind: "cabinet", sector: "SA08",
                                mode: "L")
                        ])),
                PersonChange.link(AccountLink(subject: "sub-merle", person: .professional(physician))),
                ConsentChange.join(
                    Membership(
                        id: "m2", patient: try #require(PatientIdentifier("PAT-1")), member: .professional(physician),
                        period: Period(start: Instant(seconds: 1_700_000_000)), legalBasis: .recognised)),
            ])
            func reason(_ subject: String, token: String = "app") async throws -> String? {
                try await fixture.ask(Ward.question(subject: subject), token: token)["context"]?["reason"]?.string
            }
            for subject in ["rpps:810001234565", "rpps:10001234565"] {
                #expect(try await reason(subject) == "care_team")
                #expect(try await reason(subject, token: "user~sub-merle~STR-1") == "care_team")
                #expect(try await reason(subject, token: "user~sub-nurse~STR-1") == "client_not_entitled")
            }
            // Another check digit; the number alone, which is an account's name.
            for subject in ["rpps:10001234566", "rpps:1000123456", "10001234565"] {
                #expect(try await reason(subject) == "no_activity")
                #expect(try await reason(subject, token: "user~sub-merle~STR-1") == "client_not_entitled")
            }
        }
    }

    @Test("a person known by a pairwise sub is asked about by that one, answered, journalled by account, found by it")
    func pairwise() async throws {
        let token = "pairwise~sub-nurse~pw-nurse~STR-1"
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let answer = try await fixture.ask(Ward.question(subject: "pw-nurse"), token: token)
            #expect(answer["context"]?["reason"]?.string == "care_team")
            let entry = try await fixture.lastEntry()
            #expect(entry["actor"] == "sub-nurse")
            var question = try #require(Ward.question().object)
            question["subject"] = ["type": "professional"]
            let found = try JSONValue(
                parsing: await fixture.post(
                    JSONValue.object(question).bytes, to: AccessRoutes.search(.subject), token: token
                ).body)
            #expect(found["results"]?.array?.map { $0["id"] } == ["pw-nurse"])
        }
        try await expectRefused("the account's own", Ward.question(subject: "sub-nurse"), token: token)
        try await expectRefused("another's", Ward.question(subject: "pw-other"), token: token)
    }

    @Test("a person's token brings its own situation; the body's is ignored") func situation() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let answer = try await fixture.ask(Ward.question(subject: "sub-nurse"), token: "user~sub-nurse")
            #expect(answer["context"]?["reason"]?.string == "context_required")
        }
    }

    @Test("`pseudonymised` counts only from a client registered for it") func pseudonymised() async throws {
        let question: JSONValue = [
            "subject": ["type": "system", "id": "observatoire"], "action": ["name": "export"],
            "resource": ["type": "journey_data", "id": "1"], "context": ["purpose": "STAT", "pseudonymised": true],
        ]
        for (registered, reason) in [(true, "pseudonymised"), (false, "identified_data")] {
            try await AccessFixture.with(now: Ward.now) { fixture in
                try await Ward.load(fixture) {
                    $0.purposes = ["STAT"]
                    $0.actions = ["export"]
                    $0.resourceTypes = ["journey_data"]
                    $0.assertedSubjects = [.system]
                    $0.pseudonymises = registered
                }
                let answer = try await fixture.ask(question)
                #expect(answer["context"]?["reason"]?.string == reason)
            }
        }
    }

    @Test("what a caller who is not the holder says of a resource opens nothing") func holder() async throws {
        var question = Ward.question(subject: "rpps:\(Ward.nurse)", resource: "document", patient: "PAT-2")
        question = try JSONValue(
            parsing: question.text.replacing(
                #""patient":"PAT-2""#, with: #""patient":"PAT-1","author":"\#(Ward.nurse)","type_code":"15507-7""#))
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture) { $0.heldTypes = [] }
            let answer = try await fixture.ask(question)
            #expect(answer["context"]?["reason"]?.string == "matrix")
        }
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            #expect(try await fixture.ask(question)["context"]?["reason"]?.string == "author")
        }
    }
}

@Suite("AuthZEN Authorization API 1.0 · the request and its errors")
struct AccessRouteTests {
    @Test("no token is 401, a dead one 401, one without its scope 403; none says why") func tokens() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let body = Ward.question().bytes
            let none = await fixture.post(body, token: nil)
            #expect(none.status == .unauthorized)
            #expect(none.headers[.wwwAuthenticate]?.hasPrefix("Bearer ") == true)
            #expect(await fixture.post(body, token: "dead").status == .unauthorized)
            #expect(await fixture.post(body, token: "openid").status == .forbidden)
            #expect(await fixture.post(body, token: "mute").status == .forbidden)
        }
    }

    @Test("a malformed request is 400, says which member, and journals nothing") func malformed() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let entries = try await fixture.entries()
            let long = String(repeating: "x", count: 257)
            let many = (0...1000).map { "\"\($0)\"" }.joined(separator: ",")
            let bodies = [
                "", "{", "[]", "null", "1", #""text""#, "{}", #"{"subject":"alice"}"#,
                #"{"subject":{"type":"professional"},"action":{"name":"read"},"resource":{"type":"a","id":"b"}}"#,
                #"{"subject":{"type":"professional","id":""},"action":{"name":"read"},"resource":{"type":"a","id":"b"}}"#,
                #"{"subject":{"type":"professional","id":1},"action":{"name":"read"},"resource":{"type":"a","id":"b"}}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{},"resource":{"type":"a","id":"b"}}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{"name":123},"resource":{"type":"a","id":"b"}}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{"name":"read"},"resource":{"type":"a"}}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{"name":"read"},"resource":{"type":"a","id":"b"},"context":[]}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{"name":"read"},"resource":{"type":"a","id":"b"},"context":{"immediate_risk":1}}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{"name":"read"},"resource":{"type":"a","id":"b"},"context":{"pseudonymised":"true"}}"#,
                #"{"subject":{"type":"professional","id":"\#(long)"},"action":{"name":"read"},"resource":{"type":"a","id":"b"}}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{"name":"read"},"resource":{"type":"a","id":"b","properties":{"confidentiality":"N"}}}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{"name":"read"},"resource":{"type":"a","id":"b","properties":{"candidates":[\#(many)]}}}"#,
                #"{"subject":{"type":"p","id":"x"},"subject":{"type":"p","id":"y"},"action":{"name":"read"},"resource":{"type":"a","id":"b"}}"#,
                #"{"subject":{"type":"professional","id":"x"},"action":{"name":"read"},"resource":{"type":"patient","id":"PAT-1","properties":{"patient":"PAT-2"}}}"#,
                String(repeating: "[", count: 1000),
            ]
            for body in bodies {
                for path in [AccessRoutes.evaluation, AccessRoutes.evaluations] {
                    let response = await fixture.post(Array(body.utf8), to: path)
                    #expect(response.status == .badRequest, "\(body.prefix(120))")
                }
            }
            #expect(await fixture.post([0x22, 0xFF, 0x22]).status == .badRequest)
            #expect(await fixture.post(Ward.question().bytes, type: "text/plain").status == .badRequest)
            let large = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
            #expect(await fixture.post(large).status == .contentTooLarge)
            let options = #"{"evaluations":[{}],"options":{"evaluations_semantic":"maybe"}}"#
            #expect(await fixture.post(Array(options.utf8), to: AccessRoutes.evaluations).status == .badRequest)
            #expect(try await fixture.entries() == entries)
        }
    }

    @Test("a patient asked about is named once, or twice alike; one looked for is named by nothing") func namedTwice()
        async throws
    {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture) { $0.resourceTypes.insert("patient") }
            func question(_ resource: JSONValue) throws -> JSONValue {
                var question = try #require(Ward.question().object)
                question["resource"] = resource
                return .object(question)
            }
            let alike = try question(["type": "patient", "id": "PAT-1", "properties": ["patient": "PAT-1"]])
            #expect(try await fixture.ask(alike)["context"]?["reason"]?.string == "care_team")
            let differing = try question(["type": "patient", "id": "PAT-1", "properties": ["patient": "PAT-2"]])
            let entries = try await fixture.entries()
            for path in [AccessRoutes.evaluation, AccessRoutes.search(.action)] {
                #expect(await fixture.post(differing.bytes, to: path).status == .badRequest)
            }
            #expect(try await fixture.entries() == entries)
            for looked in [alike, differing] {
                let found = await fixture.post(looked.bytes, to: AccessRoutes.search(.resource))
                #expect(try JSONValue(parsing: found.body)["results"]?.array?.map { $0["id"] } == ["PAT-1"])
            }
            // In a list the item is at fault, and not its neighbours.
            let list: JSONValue = ["evaluations": [alike, differing]]
            let answers = try JSONValue(
                parsing: await fixture.post(list.bytes, to: AccessRoutes.evaluations).body)["evaluations"]?.array
            #expect(answers?.map { $0["decision"]?.bool } == [true, false])
            #expect(answers?.last?["context"]?["error"]?["status"]?.integer == 400)
        }
    }

    @Test("the caller's X-Request-ID comes back; one that is no identifier does not") func requestID() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let name = try #require(HTTPField.Name("X-Request-ID"))
            let echoed = await fixture.post(Ward.question().bytes, id: "socle-cert-1")
            #expect(echoed.headers[name] == "socle-cert-1")
            let refused = await fixture.post(Ward.question().bytes, id: String(repeating: "a", count: 129))
            #expect(refused.headers[name]?.count ?? 200 < 129)
        }
    }

    @Test("unknown members are ignored, and a deny is 200") func unknown() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            var object = try #require(Ward.question(patient: "PAT-UNKNOWN").object)
            object["future"] = ["nested": true]
            let answer = try await fixture.ask(.object(object))
            #expect(answer["decision"]?.bool == false)
            #expect(answer["context"]?["reason"]?.string == "not_in_care_team")
        }
    }

    @Test("the metadata names the endpoints") func metadata() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            let response = await fixture.site.respond(
                to: WebRequest(method: .get, path: AccessRoutes.configuration))
            let json = try JSONValue(parsing: response.body)
            #expect(json["policy_decision_point"]?.string == "https://socle.test")
            #expect(json["access_evaluation_endpoint"]?.string == "https://socle.test/access/v1/evaluation")
            #expect(json["access_evaluations_endpoint"]?.string == "https://socle.test/access/v1/evaluations")
        }
    }
}

@Suite("AuthZEN Authorization API 1.0 · evaluations")
struct EvaluationsTests {
    /// Permit, deny, permit, by the patient asked about.
    private func batch(_ semantic: String?, _ patients: [String?] = ["PAT-1", "PAT-2", "PAT-1"]) throws -> [UInt8] {
        var object = try #require(Ward.question().object)
        object["resource"] = nil
        object["evaluations"] = .array(
            patients.map { patient in
                guard let patient else { return .object(JSONObject()) }
                return ["resource": Ward.question(patient: patient)["resource"] ?? .null]
            })
        if let semantic { object["options"] = ["evaluations_semantic": .string(semantic)] }
        return JSONValue.object(object).bytes
    }

    private func decisions(_ body: [UInt8], entries expected: Int64 = 1) async throws -> [Bool?] {
        var found: [Bool?] = []
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let before = try await fixture.entries()
            let response = await fixture.post(body, to: AccessRoutes.evaluations)
            #expect(response.status == .ok)
            found = try JSONValue(parsing: response.body)["evaluations"]?.array?.map { $0["decision"]?.bool } ?? []
            #expect(try await fixture.entries() == before + expected)
        }
        return found
    }

    @Test("each question is answered, in one entry, members inherited whole") func executeAll() async throws {
        #expect(try await decisions(batch(nil)) == [true, false, true])
        #expect(try await decisions(batch("execute_all")) == [true, false, true])
    }

    @Test("deny_on_first_deny stops at the first deny") func firstDeny() async throws {
        #expect(try await decisions(batch("deny_on_first_deny")) == [true, false])
    }

    @Test("of the questions that were not asked the journal names no patient") func unasked() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let body = try batch("deny_on_first_deny", ["PAT-1", "PAT-2", "PAT-3"])
            let response = await fixture.post(body, to: AccessRoutes.evaluations)
            #expect(response.status == .ok)
            #expect(try await fixture.lastEntry()["patients"] == ["PAT-1", "PAT-2"])
            let found = try await fixture.database.rows("SELECT patient FROM journal_patients ORDER BY patient", [])
            #expect(try found.map { try $0.text(0) } == ["PAT-1", "PAT-2"])
        }
    }

    @Test("permit_on_first_permit stops at the first permit") func firstPermit() async throws {
        #expect(try await decisions(batch("permit_on_first_permit", ["PAT-2", "PAT-1", "PAT-2"])) == [false, true])
    }

    @Test("an item that is no question is denied alone") func brokenItem() async throws {
        #expect(try await decisions(batch(nil, ["PAT-1", nil, "PAT-1"])) == [true, false, true])
        #expect(try await decisions(batch("deny_on_first_deny", ["PAT-1", nil, "PAT-1"])) == [true, false])
        #expect(try await decisions(batch(nil, [nil]), entries: 0) == [false])
    }

    @Test("without a list, or with an empty one, it is one question") func single() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            for list in [nil, JSONValue.array([])] {
                var object = try #require(Ward.question().object)
                object["evaluations"] = list
                let response = await fixture.post(JSONValue.object(object).bytes, to: AccessRoutes.evaluations)
                #expect(try JSONValue(parsing: response.body)["decision"]?.bool == true)
            }
        }
    }
}
