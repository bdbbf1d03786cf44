// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleFHIR
import SocleIdentity
import SocleJSON
import Testing

@Suite("FHIR · who read of a patient is found under them, whatever was found")
struct ReadTraceTests {
    /// The resources of each reading in a patient's journal, the last one first.
    private func reads(_ fixture: FHIRFixture, of patient: String) async -> [[String]] {
        let answer = await fixture.send(.get, "/AuditEvent", query: "patient=\(patient)")
        return (answer.json["entry"]?.array ?? []).compactMap { $0["resource"] }
            .filter { $0["action"]?.string == "R" }
            .map { event in
                (event["entity"]?.array ?? []).compactMap { $0["what"]?["reference"]?.string }
                    .filter { $0 != "Patient/\(patient)" && $0 != "AuditEvent" }
            }.filter { !$0.isEmpty }
    }

    @Test("a search that names a patient and finds nothing is found under that patient") func nothingFound()
        async throws
    {
        try await FHIRFixture.with { fixture in
            let queries = [
                ("/Consent", "patient=PAT-1"), ("/Consent", "patient=Patient/PAT-1&status=active"),
                ("/CareTeam", "subject=PAT-1"), ("/RelatedPerson", "patient=PAT-1"), ("/Patient", "_id=PAT-1"),
            ]
            for (path, query) in queries {
                #expect(await fixture.send(.get, path, query: query).ids.isEmpty)
                #expect(await reads(fixture, of: "PAT-1").first == [String(path.dropFirst())], "\(path)?\(query)")
                #expect(await reads(fixture, of: "PAT-2").isEmpty, "\(path)?\(query)")
            }
            let form = Array("patient=PAT-3".utf8)
            #expect(
                await fixture.send(
                    .post, "/Consent/_search", bytes: form, type: "application/x-www-form-urlencoded"
                ).status == 200)
            #expect(await reads(fixture, of: "PAT-3") == [["Consent"]])
        }
    }

    @Test("of several patients named, each is told of what was found of them") func someFound() async throws {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Consent/c", Sample.consent("c", provision: Sample.opposition))
            let found = await fixture.send(.get, "/Consent", query: "patient=PAT-1,PAT-2")
            #expect(found.ids == ["c"])
            #expect(await reads(fixture, of: "PAT-1") == [["Consent/c"]])
            #expect(await reads(fixture, of: "PAT-2") == [["Consent"]])
        }
    }

    @Test("that a patient's resource did not change is told them too") func notModified() async throws {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Patient/PAT-1", Sample.patient("PAT-1"))
            let cached = await fixture.send(.get, "/Patient/PAT-1", fields: [.ifNoneMatch: #"W/"1""#])
            #expect(cached.status == 304)
            #expect(await reads(fixture, of: "PAT-1").first == ["Patient/PAT-1/_history/1"])
        }
    }

    @Test("a history is found under each patient that a version was about") func changedPatient() async throws {
        try await FHIRFixture.with { fixture in
            func related(_ patient: String) -> JSONValue {
                ["resourceType": "RelatedPerson", "id": "rel", "patient": ["reference": .string("Patient/\(patient)")]]
            }
            #expect(await fixture.send(.put, "/RelatedPerson/rel", related("PAT-1")).status == 201)
            #expect(await fixture.send(.put, "/RelatedPerson/rel", related("PAT-2"), match: #"W/"1""#).status == 422)
            // As it could be written before it was refused.
            try await fixture.access.write([
                FHIRChange.write(
                    StoredVersion(
                        reference: Reference(type: "RelatedPerson", id: "rel"), version: 2, lastUpdated: Ward.now,
                        content: try #require(related("PAT-2").object)), index: [])
            ])
            #expect(await fixture.send(.get, "/RelatedPerson/rel/_history").ids.count == 2)
            #expect(await reads(fixture, of: "PAT-1") == [["RelatedPerson/rel/_history/1"]])
            #expect(await reads(fixture, of: "PAT-2") == [["RelatedPerson/rel/_history/2"]])
        }
    }

    @Test("a page is as long as it is asked to be, and its link goes on so") func counts() async throws {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Patient/PAT-1", Sample.patient("PAT-1"))
            for version in 1...6 {
                _ = await fixture.send(
                    .put, "/Patient/PAT-1", Sample.patient("PAT-1"), match: "W/\"\(version)\"")
            }
            for (path, query) in [("/Patient/PAT-1/_history", "_count=3"), ("/AuditEvent", "patient=PAT-1&_count=3")] {
                let page = await fixture.send(.get, path, query: query)
                #expect(page.ids.count == 3, "\(path)")
                let next = try #require(page.next)
                #expect(next.contains("_count=3"), "\(path)")
                #expect(await fixture.send(.get, path, query: next).ids.count == 3, "\(path)")
            }
        }
    }

    @Test("a parameter that is none of a history's, or no number, is a 400 and nothing is read") func refused()
        async throws
    {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Patient/PAT-1", Sample.patient("PAT-1"))
            let entries = try await fixture.access.entries()
            for query in ["_since=2026-01-01", "_at=2026", "patient=PAT-1", "_count=0", "_count=x", "_page=%21", "%"] {
                let answer = await fixture.send(.get, "/Patient/PAT-1/_history", query: query)
                #expect(answer.status == 400, "\(query)")
                #expect(answer.issue != nil, "\(query)")
            }
            for query in ["patient=PAT-1&_count=0", "patient=PAT-1&_count=-1", "patient=PAT-1&_since=2026"] {
                #expect(await fixture.send(.get, "/AuditEvent", query: query).status == 400, "\(query)")
            }
            #expect(try await fixture.access.entries() == entries)
        }
    }
}
