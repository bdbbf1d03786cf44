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

@Suite("FHIR and what other means record · read, updated and decided on alike")
struct PresentedRecordTests {
    private func patient(_ id: String = "PAT-1") throws -> PatientIdentifier { try #require(PatientIdentifier(id)) }

    private func choice(_ id: String, _ kind: PatientChoice.Kind, of patient: PatientIdentifier) -> PatientChoice {
        PatientChoice(
            id: id, patient: patient, kind: kind, period: Period(start: Ward.now - .days(10)),
            recordedAt: Ward.now - .days(10), recordedBy: "sub-1", evidence: "compte")
    }

    @Test("a choice that a page recorded is read, and its withdrawal needs its version") func choice() async throws {
        try await FHIRFixture.with { fixture in
            try await fixture.access.write([
                ConsentChange.choose(choice("opp", .oppositionToSharing, of: try patient()))
            ])
            let found = await fixture.send(.get, "/Consent", query: "patient=PAT-1")
            let id = try #require(found.ids.first)
            #expect(found.ids.count == 1 && found.status == 200)
            let read = await fixture.send(.get, "/Consent/\(id)")
            #expect(read.eTag == "W/\"1\"" && read.json["status"] == "active")
            var update = try #require(read.json.object)
            update["status"] = "inactive"
            let body = JSONValue.object(update)
            #expect(await fixture.send(.put, "/Consent/\(id)", body).status == 428)
            #expect(await fixture.send(.put, "/Consent/\(id)", body, match: "W/\"2\"").status == 412)
            #expect(await fixture.send(.put, "/Consent/\(id)", body, match: "W/\"1\"").eTag == "W/\"2\"")
            #expect(await fixture.send(.get, "/Consent/\(id)/_history").ids.count == 2)
            #expect(await fixture.send(.get, "/Consent/\(id)/_history/1").json["status"] == "active")
            // The choice itself has ended, as anybody else reads it.
            let ends = try await fixture.access.database.rows(
                "SELECT version, period_end FROM choices WHERE id = 'opp' ORDER BY version", [])
            #expect(ends.count == 2)
            let end = try ends[1].optionalInstant(1)
            #expect(end == Ward.now)
        }
    }

    @Test("a read by a name that nothing bears is a 404, whatever waits") func unknown() async throws {
        try await FHIRFixture.with { fixture in
            try await fixture.access.write([
                ConsentChange.choose(choice("opp", .oppositionToSharing, of: try patient()))
            ])
            for path in ["/Consent/opp", "/Consent/opp/_history", "/CareTeam/PAT-9", "/Consent/opp/_history/1"] {
                #expect(await fixture.send(.get, path).status == 404, "\(path)")
            }
            // Without the right to read consents, none of this is said.
            #expect(
                await fixture.send(.get, "/Consent", query: "patient=PAT-1", token: "fhir~system/CareTeam.rs").status
                    == 403)
        }
    }

    @Test("who an application adds is told to the patient, once; not if they did it, were told, or for a longer stay")
    func notices() async throws {
        try await FHIRFixture.with { fixture in
            func member(_ number: String, _ extensions: JSONValue...) -> JSONValue {
                var json: JSONObject = [
                    "member": ["reference": .string("Practitioner/\(number)")],
                    "period": ["start": "2026-01-10", "end": "2030-01-01"],
                ]
                if !extensions.isEmpty { json["extension"] = .array(extensions) }
                return .object(json)
            }
            let own: JSONValue = [
                "url": "urn:socle:fhir:added-by", "valueReference": ["reference": "Patient/PAT-1"],
            ]
            let told: JSONValue = ["url": "urn:socle:fhir:information", "valueCode": "oral"]
            let list: JSONValue = [member("899700100022"), member("899700100033", own), member("899700100044", told)]
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", list)).status == 201)
            func waiting() async throws -> [String] {
                try await fixture.access.database.rows("SELECT about, subject, recipient FROM notices", []).map {
                    "\(try $0.text(0)) \(try $0.text(1)) \(try $0.text(2))"
                }
            }
            #expect(try await waiting() == ["t/1.1 member_added patient"])
            let rows = try await fixture.access.database.rows(
                "SELECT added_by, information FROM memberships ORDER BY member", [])
            let recorded = try rows.map { "\(try $0.optionalText(0) ?? "-") \(try $0.optionalText(1) ?? "-")" }
            #expect(recorded == ["dossier -", "PAT-1 -", "dossier oral"])
            // Longer: the same stay, nobody new.
            var longer = try #require(member("899700100022").object)
            longer["period"] = ["start": "2026-01-10", "end": "2031-01-01"]
            let second: JSONValue = [.object(longer), member("899700100033", own), member("899700100044", told)]
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", second), match: "W/\"1\"").status == 200)
            #expect(try await waiting().count == 1)
            // Gone and back: told again.
            let without: JSONValue = [member("899700100033", own), member("899700100044", told)]
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", without), match: "W/\"2\"").status == 200)
            var back = try #require(member("899700100022").object)
            back["period"] = ["start": "2026-11-21"]
            let third: JSONValue = [.object(back), member("899700100033", own), member("899700100044", told)]
            #expect(await fixture.send(.put, "/CareTeam/t", Sample.team("t", third), match: "W/\"3\"").status == 200)
            #expect(try await waiting().count == 2)
            // Somebody who is no professional and nobody close cannot have added anyone.
            let wrong: JSONValue = [
                "url": "urn:socle:fhir:added-by", "valueReference": ["reference": "Device/socle"],
            ]
            let refused = await fixture.send(.put, "/CareTeam/u", Sample.team("u", [member("899700100022", wrong)]))
            #expect(refused.status == 422)
        }
    }
}
