// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleStore
import Testing

@Suite("FHIR · care teams: who is a member, as what, until when")
struct CareTeamTests {
    private func participant(
        _ member: String, roles: [String] = [], basis: String? = nil, _ members: JSONObject = [:]
    ) -> JSONValue {
        var json: JSONObject = ["member": ["reference": .string(member)], "period": ["start": "2026-01-01"]]
        if !roles.isEmpty { json["role"] = .array(roles.map { ["coding": [["code": .string($0)]]] }) }
        if let basis { json["extension"] = [["url": "urn:socle:fhir:legal-basis", "valueCode": .string(basis)]] }
        for (name, value) in members.members { json[name] = value }
        return .object(json)
    }

    private func rows(_ fixture: FHIRFixture, _ statement: Statement) async throws -> [String] {
        try await fixture.access.database.rows(statement, []).map { try $0.optionalText(0) ?? "-" }
    }

    @Test("the treating physician is one by any coding of any role, and is told of emergencies") func physician()
        async throws
    {
        try await FHIRFixture.with { fixture in
            let both: JSONValue = ["coding": [["code": "OTHER"], ["code": "PCP"]]]
            let list: JSONValue = [
                participant("Practitioner/899700100011", roles: ["OTHER", "PCP"]),
                participant("Practitioner/899700100022", ["role": [both]]),
                participant("Practitioner/899700100033", roles: ["OTHER", "NURSE"]),
                participant("Practitioner/899700100044", ["role": [["text": "voisin"]]]),
            ]
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", list)).status == 201)
            let roles = try await rows(fixture, "SELECT role FROM memberships ORDER BY member")
            #expect(roles == ["PCP", "PCP", "OTHER", "-"])
        }
    }

    @Test("who exercises is of the team by the law or not at all: `cercle` is for someone close") func circle()
        async throws
    {
        try await FHIRFixture.with { fixture in
            for member in ["Practitioner/899700100022", "PractitionerRole/899700100022-CAB", "Organization/STR-1"] {
                let team = Sample.team("t", [participant(member, basis: "cercle")])
                let refused = await fixture.send(.put, "/CareTeam/t", team)
                #expect(refused.status == 422, "\(member)")
                #expect(refused.issue == "business-rule CareTeam.participant[0].extension[0].valueCode")
            }
            let close = Sample.team("t", [participant("RelatedPerson/r", basis: "cercle")])
            #expect(await fixture.send(.put, "/CareTeam/t", close).status == 201)
        }
    }

    @Test("a date given as unknown is not one that never comes: an active team says its dates") func unknownDates()
        async throws
    {
        try await FHIRFixture.with { fixture in
            let unknown: JSONValue = [
                "extension": [
                    [
                        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown",
                    ]
                ]
            ]
            for (name, known) in [("_end", "start"), ("_start", "end")] {
                let period: JSONObject = [known: "2026-01-01", name: unknown]
                let place = String(name.dropFirst())
                let member = participant("Practitioner/899700100022", ["period": .object(period)])
                let refused = await fixture.send(.put, "/CareTeam/t", Sample.team("t", [member]))
                #expect(refused.status == 422)
                #expect(refused.issue == "business-rule CareTeam.participant[0].period.\(place)")
                var team = try #require(Sample.team("t", [participant("Practitioner/899700100022")]).object)
                team["period"] = .object(period)
                let whole = await fixture.send(.put, "/CareTeam/t", .object(team))
                #expect(whole.issue == "business-rule CareTeam.period.\(place)")
                // A team that gives nobody anything may leave them out.
                team["id"] = .string("over-\(place)")
                team["status"] = "inactive"
                #expect(await fixture.send(.put, "/CareTeam/over-\(place)", .object(team)).status == 201)
            }
        }
    }

    @Test("an RPPS number is the professional of that number; another patient is no member, the same one is none")
    func members() async throws {
        try await FHIRFixture.with { fixture in
            let list: JSONValue = [participant("Practitioner/10001234573"), participant("Patient/PAT-1")]
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", list)).status == 201)
            let members = try await rows(fixture, "SELECT member FROM memberships")
            #expect(members == ["810001234573"])
            let other = await fixture.send(.put, "/CareTeam/u", Sample.team("u", [participant("Patient/PAT-2")]))
            #expect(other.status == 422)
            #expect(other.issue == "business-rule CareTeam.participant[0].member.reference")
            // Nor is a professional written under a number that is another's name.
            let practitioner: JSONValue = [
                "resourceType": "Practitioner", "id": "10001234573", "name": [["family": "Dupont"]],
                "qualification": [["code": ["coding": [["system": "urn:oid:1.2.250.1.71.1.2.7", "code": "10"]]]]],
            ]
            let written = await fixture.send(.put, "/Practitioner/10001234573", practitioner)
            #expect(written.issue == "business-rule Practitioner.id")
        }
    }

    @Test("a team that is over ends now, one written in error never was", arguments: ["inactive", "entered-in-error"])
    func ended(status: String) async throws {
        try await FHIRFixture.with { fixture in
            let list: JSONValue = [participant("Practitioner/899700100022")]
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", list)).status == 201)
            let ended = Sample.team("t", list, status: status)
            #expect(await fixture.send(.put, "/CareTeam/t", ended, match: #"W/"1""#).status == 200)
            let never = try await rows(
                fixture, "SELECT CASE WHEN period_end = period_start THEN 'never' ELSE 'until' END FROM memberships")
            #expect(never == [status == "inactive" ? "until" : "never"])
            // Said again, it changes nothing; said to be in force, they are members anew.
            #expect(await fixture.send(.put, "/CareTeam/t", ended, match: #"W/"2""#).status == 200)
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", list), match: #"W/"3""#).status == 200)
            let open = try await rows(fixture, "SELECT member FROM memberships WHERE period_end IS NULL")
            #expect(open == ["899700100022"])
        }
    }

    @Test("a member without a start is the one who is there: nothing is made anew, and nobody is told again")
    func startless() async throws {
        try await FHIRFixture.with { fixture in
            var version = 0
            func put(_ members: [JSONObject]) async -> Int {
                let list = members.map { JSONValue.object($0) }
                let match = version == 0 ? nil : "W/\"\(version)\""
                version += 1
                return await fixture.send(.put, "/CareTeam/t", Sample.team("t", .array(list)), match: match).status
            }
            func stays() async throws -> [String] {
                try await rows(
                    fixture,
                    "SELECT id || CASE WHEN period_end IS NULL THEN '' ELSE ' ends' END FROM memberships ORDER BY id"
                )
            }
            func notices() async throws -> Int { try await rows(fixture, "SELECT about FROM notices").count }
            let nurse: JSONObject = ["member": ["reference": "Practitioner/899700100022"]]
            let structure: JSONObject = ["member": ["reference": "Organization/STR-1"]]
            for expected in [201, 200, 200] { #expect(await put([nurse, structure]) == expected) }
            let first = try await stays()
            #expect(first == ["t/1.1", "t/1.2"])
            #expect(try await notices() == 2)
            // Nor when an end is said, however often, or taken back before it comes.
            var ending = nurse
            ending["period"] = ["end": "2027-01-01"]
            for _ in 1...2 { #expect(await put([ending, structure]) == 200) }
            #expect(try await stays() == ["t/1.1 ends", "t/1.2"])
            for _ in 1...2 { #expect(await put([nurse, structure]) == 200) }
            #expect(try await stays() == ["t/1.1 ends", "t/1.2", "t/6.1"])
            #expect(try await notices() == 2)
            // Another role is another stay; so is coming back, which the patient is told.
            var physician = nurse
            physician["role"] = [["coding": [["code": "PCP"]]]]
            for _ in 1...2 { #expect(await put([physician]) == 200) }
            #expect(try await stays() == ["t/1.1 ends", "t/1.2 ends", "t/6.1 ends", "t/8.1"])
            for _ in 1...2 { #expect(await put([physician, structure]) == 200) }
            #expect(try await stays() == ["t/1.1 ends", "t/1.2 ends", "t/10.1", "t/6.1 ends", "t/8.1"])
            #expect(try await notices() == 4)
        }
    }

    @Test("a stay that is over when it is first told, without a start, is one of no length, and told once")
    func overWithoutStart() async throws {
        try await FHIRFixture.with { fixture in
            let over: JSONValue = [
                "member": ["reference": "Practitioner/899700100022"], "period": ["end": "2026-06-01"],
            ]
            for version in 0...2 {
                let answer = await fixture.send(
                    .put, "/CareTeam/t", Sample.team("t", [over]), match: version == 0 ? nil : "W/\"\(version)\"")
                #expect(answer.status == (version == 0 ? 201 : 200))
            }
            let never = try await rows(fixture, "SELECT id FROM memberships WHERE period_end = period_start")
            #expect(never == ["t/1.1"])
            #expect(try await rows(fixture, "SELECT id FROM memberships") == never)
            #expect(try await rows(fixture, "SELECT about FROM notices").isEmpty)
        }
    }

    @Test("nobody is a member before the team's own period, nor after it (FHIR R4 CareTeam.period)") func teamPeriod()
        async throws
    {
        try await FHIRFixture.with { fixture in
            var team = Sample.team("t", [participant("Practitioner/899700100022", ["period": ["start": "2025-01-01"]])])
            for (number, period, kept) in [
                (0, ["start": "2026-03-01", "end": "2026-04-30"], "2026-02-28T23:00:00.000Z 2026-04-30T22:00:00.000Z"),
                (1, ["start": "2024-01-01"], "2024-12-31T23:00:00.000Z -"),
                (2, ["end": "2027-04-30"], "2024-12-31T23:00:00.000Z 2027-04-30T22:00:00.000Z"),
                (3, ["start": "2027-01-01"], "2026-12-31T23:00:00.000Z -"),
            ] as [(Int, JSONValue, String)] {
                var object = try #require(team.object)
                (object["id"], object["period"]) = (.string("t\(number)"), period)
                team = .object(object)
                #expect(await fixture.send(.put, "/CareTeam/t\(number)", team).status == 201)
                let found = try await fixture.access.database.rows(
                    "SELECT period_start, period_end FROM memberships WHERE id = $1", [.text("t\(number)/1.1")])
                let said = try found.map { row in
                    "\(try row.instant(0).description) \(try row.optionalInstant(1)?.description ?? "-")"
                }
                #expect(said == [kept], "\(period)")
            }
            // What the participant says within it stays.
            let within = participant(
                "Practitioner/899700100022", ["period": ["start": "2026-03-02", "end": "2026-03-03"]])
            var object = try #require(Sample.team("w", [within]).object)
            object["period"] = ["start": "2026-03-01", "end": "2026-04-30"]
            #expect(await fixture.send(.put, "/CareTeam/w", .object(object)).status == 201)
            let ends = try await fixture.access.database.rows(
                "SELECT period_end FROM memberships WHERE id = $1", [.text("w/1.1")])
            #expect(try ends.map { try $0.instant(0).description } == ["2026-03-03T23:00:00.000Z"])
        }
    }

    @Test("of a member listed twice the patient is told once") func twice() async throws {
        try await FHIRFixture.with { fixture in
            let list: JSONValue = [
                participant("Practitioner/899700100022"), participant("Practitioner/899700100022", roles: ["PCP"]),
                participant("RelatedPerson/r"),
            ]
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", list)).status == 201)
            let about = try await rows(fixture, "SELECT about FROM notices ORDER BY about")
            #expect(about == ["t/1.1", "t/1.3"])
            let notices = try await StoredNotices(fixture.access.database).followed(limit: 10)
            let texts = Set(notices.map { String($0.text.french.prefix { $0 != "(" }) })
            #expect(
                texts == [
                    "Un professionnel fait maintenant partie de votre cercle de soins ",
                    "Une personne de votre entourage fait maintenant partie de votre cercle de soins ",
                ])
        }
    }

    @Test("an identifier of another patient is no id for a care team, and none of it stops anybody else")
    func reserved() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            try await fixture.access.write([
                PersonChange.patient(Patient(id: try #require(PatientIdentifier("PAT-2"))))
            ])
            func put(_ id: String, match: String? = nil) async -> FHIRAnswer {
                var team = Sample.team(id, [participant("Practitioner/899700100022")]).object ?? [:]
                team["subject"] = ["reference": "Patient/EVE"]
                return await fixture.send(.put, "/CareTeam/\(id)", .object(team), match: match)
            }
            let refused = await put("PAT-2")
            #expect(refused.status == 422 && refused.issue == "business-rule CareTeam.id")
            // PAT-1's team was recorded by other means: it is there by now.
            #expect(await put("PAT-1").status == 428)
            #expect(await put("PAT-1", match: "W/\"1\"").issue == "business-rule CareTeam.subject")
            #expect(await put("EVE").status == 201, "one's own is one's own")
            // Of somebody who is not on record yet: their team gives way when it comes.
            #expect(await put("PAT-3").status == 201)
            try await fixture.access.write([
                ConsentChange.join(
                    Membership(
                        id: "m", patient: try #require(PatientIdentifier("PAT-3")),
                        member: .professional(try #require(ProfessionalIdentifier("899700100022"))),
                        period: Period(start: Instant(seconds: 1)), legalBasis: .recognised))
            ])
            let found = await fixture.send(.get, "/CareTeam", query: "patient=PAT-3")
            #expect(found.status == 200 && found.ids.count == 1 && found.ids != ["PAT-3"])
            let consent = Sample.consent("c", patient: "PAT-3", provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/c", consent).status == 201)
            #expect(await fixture.send(.get, "/CareTeam", query: "patient=PAT-1").ids == ["PAT-1"])
            #expect(await fixture.send(.get, "/Consent", query: "status=active").status == 200)
            #expect(await fixture.send(.get, "/Consent/nope").status == 404)
        }
    }
}
