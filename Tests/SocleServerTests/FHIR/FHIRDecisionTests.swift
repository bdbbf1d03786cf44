// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleStore
import Testing

@Suite("FHIR · what is written is decided on at once (DESIGN 4.4)")
struct FHIRDecisionTests {
    private func reason(_ fixture: FHIRFixture, _ question: JSONValue = Ward.question()) async throws -> String? {
        try await fixture.access.ask(question)["context"]?["reason"]?.string
    }

    @Test("an opposition binds when it is acknowledged, and its withdrawal too") func opposition() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            #expect(try await reason(fixture) == "care_team")
            let consent = Sample.consent("c", provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/c", consent).status == 201)
            #expect(try await reason(fixture) == "opposition")
            let inactive = Sample.consent("c", status: "inactive", provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/c", inactive, match: #"W/"1""#).status == 200)
            #expect(try await reason(fixture) == "care_team")
            // Every version is kept, and the last counts.
            #expect(await fixture.send(.put, "/Consent/c", consent, match: #"W/"2""#).status == 200)
            #expect(try await reason(fixture) == "opposition")
            let wrong = Sample.consent("c", status: "entered-in-error", provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/c", wrong, match: #"W/"3""#).status == 200)
            #expect(try await reason(fixture) == "care_team")
        }
    }

    @Test(
        "what is acknowledged binds the next answer, though the clock of whoever answers is behind",
        arguments: [0, 3, 900])
    func clocks(ahead: Int64) async throws {
        try await FHIRFixture.with(writing: .seconds(ahead)) { fixture in
            try await Ward.load(fixture.access)
            func put(_ path: String, _ resource: JSONValue, _ version: Int) async -> Int {
                await fixture.send(.put, path, resource, match: version > 0 ? #"W/"\#(version)""# : nil).status
            }
            for (version, status, expected) in [(0, "active", "opposition"), (1, "inactive", "care_team")] {
                let consent = Sample.consent("c", status: status, provision: Sample.opposition)
                #expect(await put("/Consent/c", consent, version) == (version == 0 ? 201 : 200))
                #expect(try await reason(fixture) == expected)
            }
            // The team that was recorded by other means is listed without its member.
            let team = await fixture.send(.get, "/CareTeam/PAT-1")
            var listed = try #require(team.json.object)
            let participants = try #require(listed["participant"]?.array)
            listed["participant"] = .array(participants.filter { !$0.text.contains(Ward.nurse) })
            if listed["participant"]?.array?.isEmpty == true {
                listed["participant"] = nil
                listed["status"] = "inactive"
            }
            #expect(await put("/CareTeam/PAT-1", .object(listed), 1) == 200)
            #expect(try await reason(fixture) == "membership_expired")
            #expect(await put("/CareTeam/PAT-1", team.json, 2) == 200)
            #expect(try await reason(fixture) == "care_team")
        }
    }

    @Test("a consent written in error never was: a stranger is told what can be done, as before it") func neverGiven()
        async throws
    {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            try await fixture.access.write([
                ConsentChange.leave(
                    patient: try #require(PatientIdentifier("PAT-1")), membership: "m1",
                    at: Instant(seconds: 1_700_000_000))
            ])
            let before = try await fixture.access.ask(Ward.question())["context"]
            #expect(before?["reason"]?.string == "not_in_care_team")
            let provision: JSONValue = [
                "type": "permit",
                "actor": [
                    [
                        "role": [
                            "coding": [
                                [
                                    "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                                    "code": "IRCP",
                                ]
                            ]
                        ],
                        "reference": ["reference": .string("Practitioner/\(Ward.nurse)")],
                    ]
                ],
                "purpose": Sample.opposition["purpose"] ?? .null,
            ]
            func put(_ status: String, _ version: Int?) async -> Int {
                await fixture.send(
                    .put, "/Consent/c", Sample.consent("c", status: status, provision: provision),
                    match: version.map { #"W/"\#($0)""# }
                ).status
            }
            #expect(await put("active", nil) == 201)
            #expect(try await reason(fixture) == "consent_outside_team")
            #expect(await put("inactive", 1) == 200)
            #expect(try await reason(fixture) == "consent_withdrawn")
            #expect(await put("entered-in-error", 2) == 200)
            let after = try await fixture.access.ask(Ward.question())["context"]
            #expect(after?["reason"]?.string == "not_in_care_team")
            #expect(after?["advice"] == before?["advice"])
            #expect(after?["reason_user"] == before?["reason_user"])
        }
    }

    @Test("a draft binds nobody, and a proposal that was in force no longer does") func draft() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let draft = Sample.consent("c", status: "draft", provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/c", draft).status == 201)
            #expect(try await reason(fixture) == "care_team")
            let active = Sample.consent("c", provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/c", active, match: #"W/"1""#).status == 200)
            #expect(try await reason(fixture) == "opposition")
            #expect(await fixture.send(.put, "/Consent/c", draft, match: #"W/"2""#).status == 200)
            #expect(try await reason(fixture) == "care_team")
        }
    }

    @Test("a consent that was to last until next year is withdrawn by the day") func withdrawn() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let (stranger, patient) = ("899700100033", try #require(PatientIdentifier("PAT-1")))
            try await fixture.access.write([
                PersonChange.professional(
                    Professional(
                        id: try #require(ProfessionalIdentifier(stranger)), name: "Léa Morel",
                        profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                        activities: [
                            Activity(
                                structure: try #require(StructureIdentifier("STR-1")), kind: "cabinet", sector: "SA08",
                                mode: "L")
                        ]))
            ])
            func consent(_ status: String) -> JSONValue {
                let role: JSONValue = [
                    "coding": [
                        ["system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"]
                    ]
                ]
                let provision: JSONValue = [
                    "type": "permit", "period": ["start": "2026-01-01", "end": "2027-06-30"],
                    "actor": [["role": role, "reference": ["reference": .string("Practitioner/\(stranger)")]]],
                    "purpose": [["system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"]],
                ]
                return Sample.consent("c", patient: patient.value, status: status, provision: provision)
            }
            let question = Ward.question(subject: "rpps:\(stranger)")
            #expect(await fixture.send(.put, "/Consent/c", consent("active")).status == 201)
            #expect(try await reason(fixture, question) == "consent_outside_team")
            #expect(await fixture.send(.put, "/Consent/c", consent("inactive"), match: #"W/"1""#).status == 200)
            #expect(try await reason(fixture, question) == "consent_withdrawn")
        }
    }

    @Test("a consent cannot be moved to another patient, nor a team") func moved() async throws {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Consent/c", Sample.consent("c", provision: Sample.opposition))
            let moved = await fixture.send(
                .put, "/Consent/c", Sample.consent("c", patient: "PAT-2", provision: Sample.opposition),
                match: #"W/"1""#)
            #expect(moved.status == 422)
            #expect(moved.issue == "business-rule Consent.patient")
        }
    }

    @Test("members join, leave and come back as the care team lists them") func careTeam() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            try await fixture.access.write([
                ConsentChange.leave(
                    patient: try #require(PatientIdentifier("PAT-1")), membership: "m1",
                    at: Instant(seconds: 1_750_000_000))
            ])
            #expect(try await reason(fixture) == "membership_expired")
            func member(_ start: String, _ end: String? = nil) -> JSONValue {
                var period: JSONObject = ["start": .string(start)]
                if let end { period["end"] = .string(end) }
                return [
                    "member": ["reference": .string("PractitionerRole/\(Ward.nurse)-CAB")], "period": .object(period),
                ]
            }
            func put(_ participants: JSONValue, _ version: Int?, status: String = "active") async -> Int {
                await fixture.send(
                    .put, "/CareTeam/t", Sample.team("t", participants, status: status),
                    match: version.map { #"W/"\#($0)""# }
                ).status
            }
            #expect(await put([member("2026-10-01")], nil) == 201)
            #expect(try await reason(fixture) == "care_team")
            // The same team again changes nothing.
            #expect(await put([member("2026-10-01")], 1) == 200)
            #expect(try await reason(fixture) == "care_team")
            #expect(await put([member("2026-10-01", "2026-10-31")], 2) == 200)
            #expect(try await reason(fixture) == "membership_expired")
            #expect(await put([member("2026-10-01", "2026-12-31")], 3) == 200)
            #expect(try await reason(fixture) == "care_team")
            #expect(await put([member("2026-10-01", "2026-10-31"), member("2026-11-02")], 4) == 200)
            #expect(try await reason(fixture) == "care_team")
            #expect(await put([], 5) == 422)
            #expect(await put([member("2026-10-01", "2026-10-31")], 5) == 200)
            #expect(try await reason(fixture) == "membership_expired")
            #expect(await put([member("2026-11-01")], 6) == 200)
            #expect(try await reason(fixture) == "care_team")
            #expect(await put([member("2026-11-01")], 7, status: "suspended") == 200)
            #expect(try await reason(fixture) == "membership_expired")
        }
    }

    @Test("a directive that names one care team opens to nobody of another") func oneTeam() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            func team(_ id: String, of professional: String) -> JSONValue {
                Sample.team(
                    id,
                    [
                        [
                            "member": ["reference": .string("Practitioner/\(professional)")],
                            "period": ["start": "2026-01-01"],
                        ]
                    ])
            }
            #expect(await fixture.send(.put, "/CareTeam/general", team("general", of: Ward.nurse)).status == 201)
            #expect(await fixture.send(.put, "/CareTeam/onco", team("onco", of: "899700100033")).status == 201)
            func refusing(allBut team: String) -> JSONValue {
                let role: JSONValue = [
                    "coding": [
                        ["system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"]
                    ]
                ]
                var root = Sample.opposition.object ?? JSONObject()
                root["provision"] = [
                    [
                        "type": "permit",
                        "actor": [["role": role, "reference": ["reference": .string("CareTeam/\(team)")]]],
                    ]
                ]
                return Sample.consent("c", provision: .object(root), policy: "urn:example:policy")
            }
            #expect(await fixture.send(.put, "/Consent/c", refusing(allBut: "onco")).status == 201)
            #expect(try await reason(fixture) == "opposition")
            #expect(
                await fixture.send(.put, "/Consent/c", refusing(allBut: "general"), match: #"W/"1""#).status == 200)
            #expect(try await reason(fixture) == "care_team")
            // The one that holds the memberships which came by other means: the nurse's is among them.
            #expect(await fixture.send(.put, "/Consent/c", refusing(allBut: "PAT-1"), match: #"W/"2""#).status == 200)
            #expect(try await reason(fixture) == "care_team")
            try await fixture.access.write([
                ConsentChange.leave(
                    patient: try #require(PatientIdentifier("PAT-1")), membership: "m1",
                    at: Instant(seconds: 1_750_000_000))
            ])
            #expect(try await reason(fixture) == "opposition")
            let unknown = await fixture.send(.put, "/Consent/c", refusing(allBut: "other"), match: #"W/"3""#)
            #expect(unknown.status == 422)
            #expect(unknown.issue == "not-found Consent.provision.provision[0].actor[0].reference.reference")
        }
    }

    @Test("a member's day of leaving is theirs to its end, in France") func lastDay() async throws {
        for (now, expected) in [
            ("2026-11-02T23:59:59+01:00", "care_team"), ("2026-11-03T00:00:00+01:00", "membership_expired"),
        ] {
            try await FHIRFixture.with(now: try #require(Instant(iso8601: now))) { fixture in
                try await Ward.load(fixture.access)
                try await fixture.access.write([
                    ConsentChange.leave(
                        patient: try #require(PatientIdentifier("PAT-1")), membership: "m1",
                        at: Instant(seconds: 1_750_000_000))
                ])
                let team = Sample.team(
                    "t",
                    [
                        [
                            "member": ["reference": .string("Practitioner/\(Ward.nurse)")],
                            "period": ["start": "2026-10-01", "end": "2026-11-02"],
                        ]
                    ])
                #expect(await fixture.send(.put, "/CareTeam/t", team).status == 201)
                #expect(try await reason(fixture) == expected)
            }
        }
    }

    @Test("people, places and roles written by FHIR are those that decisions read") func people() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let bundle: JSONValue = [
                "resourceType": "Bundle", "type": "transaction",
                "entry": [
                    entry(
                        "a",
                        [
                            "resourceType": "PractitionerRole", "practitioner": ["reference": "urn:uuid:b"],
                            "organization": ["reference": "urn:uuid:c"],
                        ]),
                    entry(
                        "b",
                        [
                            "resourceType": "Practitioner", "name": [["family": "Roche"]],
                            "identifier": [["system": "https://rpps.esante.gouv.fr", "value": "10001234573"]],
                            "qualification": [
                                ["code": ["coding": [["system": "urn:oid:1.2.250.1.71.1.2.7", "code": "60"]]]]
                            ],
                        ]),
                    entry(
                        "c",
                        [
                            "resourceType": "Organization", "name": "EHPAD",
                            "extension": [["url": "urn:socle:fhir:team-capable", "valueBoolean": true]],
                        ]),
                    entry(
                        "d",
                        [
                            "resourceType": "CareTeam", "status": "active", "subject": ["reference": "Patient/PAT-1"],
                            "participant": [["member": ["reference": "urn:uuid:c"]]],
                        ]),
                ],
            ]
            let answer = await fixture.send(.post, "", bundle)
            #expect(answer.status == 200, "\(answer.json)")
            let types = (answer.json["entry"]?.array ?? []).map { $0["resource"]?["resourceType"]?.string }
            #expect(types == ["PractitionerRole", "Practitioner", "Organization", "CareTeam"])
            let place = try #require(answer.json["entry"]?.array?[2]["resource"]?["id"]?.string)
            var question = Ward.question(subject: "rpps:810001234573").object ?? JSONObject()
            question["subject"] = [
                "type": "professional", "id": "rpps:810001234573",
                "properties": ["situation": .string(place), "method": "psc", "acr": "eidas1"],
            ]
            #expect(try await reason(fixture, .object(question)) == "care_team_structure")
        }
    }

    @Test("a role ends for decisions when it is ended, and ends no other of the same place") func roles() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            func role(_ id: String, _ place: String, _ members: [String: JSONValue] = [:]) -> JSONValue {
                var role: JSONObject = [
                    "resourceType": "PractitionerRole", "id": .string(id),
                    "practitioner": ["reference": .string("Practitioner/\(Ward.nurse)")],
                    "organization": ["reference": .string("Organization/\(place)")],
                ]
                for (name, value) in members { role[name] = value }
                return .object(role)
            }
            func asked(in place: String) async throws -> String? {
                var question = Ward.question().object ?? JSONObject()
                question["subject"] = [
                    "type": "professional", "id": .string("rpps:\(Ward.nurse)"),
                    "properties": ["situation": .string(place), "method": "psc", "acr": "eidas1"],
                ]
                return try await reason(fixture, .object(question))
            }
            for place in ["STR-1", "STR-9"] {
                let organization: JSONValue = ["resourceType": "Organization", "id": .string(place), "name": "S"]
                #expect(await fixture.send(.put, "/Organization/\(place)", organization).status == 201)
            }
            // A role that is over is no word against the place that was recorded by other means.
            let past = role("old", "STR-1", ["period": ["start": "2010-01-01", "end": "2015-01-01"]])
            #expect(await fixture.send(.put, "/PractitionerRole/old", past).status == 201)
            #expect(try await asked(in: "STR-1") == "care_team")
            #expect(try await asked(in: "STR-9") == "context_invalid")
            #expect(await fixture.send(.put, "/PractitionerRole/a", role("a", "STR-9")).status == 201)
            #expect(await fixture.send(.put, "/PractitionerRole/b", role("b", "STR-9")).status == 201)
            #expect(try await asked(in: "STR-9") == "care_team")
            let over = ["active": JSONValue.bool(false)]
            #expect(
                await fixture.send(.put, "/PractitionerRole/b", role("b", "STR-9", over), match: "W/\"1\"").status
                    == 200)
            #expect(try await asked(in: "STR-9") == "care_team")
            // The day of the questions is 2 November 2026.
            let coming = ["period": ["start": "2026-11-03"] as JSONValue]
            #expect(
                await fixture.send(.put, "/PractitionerRole/a", role("a", "STR-9", coming), match: "W/\"1\"").status
                    == 200)
            #expect(try await asked(in: "STR-9") == "context_invalid")
            let present = ["period": ["start": "2026-11-01", "end": "2026-11-02"] as JSONValue]
            #expect(
                await fixture.send(.put, "/PractitionerRole/a", role("a", "STR-9", present), match: "W/\"2\"").status
                    == 200)
            #expect(try await asked(in: "STR-9") == "care_team")
            #expect(
                await fixture.send(.put, "/PractitionerRole/a", role("a", "STR-9", over), match: "W/\"3\"").status
                    == 200)
            #expect(try await asked(in: "STR-9") == "context_invalid")
        }
    }

    @Test("a structure forms a team by its type, or because it is said where the law lets it be said")
    func teamCapable() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            func write(_ type: String, said: Bool?, active: Bool = true) async throws -> FHIRAnswer {
                let known = await fixture.send(.get, "/Organization/STR-9")
                var resource: JSONObject = [
                    "resourceType": "Organization", "id": "STR-9", "name": "S", "active": .bool(active),
                    "type": [["coding": [["system": "urn:socle:structure-type", "code": .string(type)]]]],
                ]
                if let said {
                    resource["extension"] = [["url": "urn:socle:fhir:team-capable", "valueBoolean": .bool(said)]]
                }
                return await fixture.send(
                    .put, "/Organization/STR-9", .object(resource), match: known.status == 200 ? known.eTag : nil)
            }
            let id = try #require(StructureIdentifier("STR-9"))
            func forms() async throws -> Bool? {
                try await StoredAccessRecords(database: fixture.access.database).structure(id)?.teamCapable
            }
            for (type, said, active, expected) in [
                ("EHPAD", nil, true, true), ("EHPAD", false, true, false), ("EHPAD", nil, true, false),
                ("MSP", nil, true, true), ("MSP", nil, false, false), ("MSP", nil, true, true),
                ("DAC", nil, true, false),
                ("DAC", true, true, true), ("DAC", nil, true, true), ("OFFICINE", nil, true, false),
                ("OFFICINE", false, true, false), ("GHT", nil, true, false), ("AP-HP", true, true, true),
            ] as [(String, Bool?, Bool, Bool)] {
                let answer = try await write(type, said: said, active: active)
                #expect(answer.status < 300, "\(answer.json)")
                #expect(try await forms() == expected, "\(type) \(String(describing: said)) \(active)")
            }
            let foreign: JSONValue = [
                "resourceType": "Organization", "id": "STR-8", "name": "S",
                "type": [["coding": [["system": "urn:x", "code": "EHPAD"], ["code": "MSP"]]]],
            ]
            #expect(await fixture.send(.put, "/Organization/STR-8", foreign).status == 201)
            let other = try await StoredAccessRecords(database: fixture.access.database).structure(
                try #require(StructureIdentifier("STR-8")))
            #expect(other?.teamCapable == false, "a code of another system")
            let refused = try await write("CABINET", said: true)
            #expect(refused.status == 422)
            let place = refused.json["issue"]?.array?[0]["expression"]?.array?[0].string
            #expect(place == "Organization.extension[0].valueBoolean")
            #expect(try await forms() == true, "what was stored stays")
        }
    }

    @Test("a transaction is whole or nothing, and each entry needs its right") func transaction() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            func bundle(_ entries: JSONValue...) -> JSONValue {
                ["resourceType": "Bundle", "type": "transaction", "entry": .array(entries)]
            }
            let good = entry("x", Sample.consent("x", provision: Sample.opposition))
            let bad = entry("y", Sample.consent("y", provision: ["type": "deny"], policy: "urn:socle:policy:v0"))
            let refused = await fixture.send(.post, "", bundle(good, bad))
            #expect(refused.status == 422)
            #expect(try await reason(fixture) == "care_team")
            let consents = await fixture.send(.get, "/Consent", query: "patient=PAT-1").ids
            #expect(!consents.contains("x") && !consents.contains("y"))
            let narrow = await fixture.send(.post, "", bundle(good), token: "fhir~system/Patient.c")
            #expect(narrow.status == 403)
            var lost = Sample.consent("z", provision: Sample.opposition).object ?? JSONObject()
            lost["patient"] = ["reference": "urn:uuid:nobody"]
            #expect(
                await fixture.send(.post, "", bundle(good, entry("z", .object(lost)))).issue
                    == "not-found Bundle.entry[1]")
            #expect(await fixture.send(.post, "", bundle()).issue == "required Bundle.entry")
            let erasure: JSONValue = ["request": ["method": "DELETE", "url": "Consent/x"]]
            #expect(
                await fixture.send(.post, "", bundle(erasure)).issue
                    == "not-supported Bundle.entry[0].request.method")
            #expect(await fixture.send(.post, "", ["resourceType": "Bundle", "type": "batch"]).status == 422)
            #expect(await fixture.send(.post, "", bundle(good, good)).status == 422)
            #expect(await fixture.send(.post, "", bundle(good)).status == 200)
            #expect(try await reason(fixture) == "opposition")
        }
    }

    private func entry(_ address: String, _ resource: JSONValue) -> JSONValue {
        [
            "fullUrl": .string("urn:uuid:\(address)"), "resource": resource,
            "request": ["method": "POST", "url": .string(resource["resourceType"]?.string ?? "")],
        ]
    }
}
