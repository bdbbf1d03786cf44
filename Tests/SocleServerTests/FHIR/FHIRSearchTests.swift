// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import Testing

@Suite("FHIR · search (R4 §3.1.1)")
struct FHIRSearchTests {
    private func load(_ fixture: FHIRFixture) async {
        for number in 10..<35 {
            let patient = number % 2 == 0 ? "PAT-EVEN" : "PAT-ODD"
            let status = number % 5 == 0 ? "inactive" : "active"
            var consent =
                Sample.consent(
                    "c-\(number)", patient: patient, status: status, provision: Sample.opposition
                ).object ?? JSONObject()
            consent["dateTime"] = .string("2026-0\(1 + number % 9)-15")
            consent["identifier"] = [["system": "urn:test", "value": .string("N\(number)")]]
            #expect(await fixture.send(.put, "/Consent/c-\(number)", .object(consent)).status == 201)
        }
    }

    @Test("pages follow one another, each resource once, whatever the page's size") func paging() async throws {
        try await FHIRFixture.with { fixture in
            await load(fixture)
            for size in [1, 7, 13, 100] {
                var found: [String] = []
                var query = "patient=PAT-EVEN&_count=\(size)"
                while true {
                    let page = await fixture.send(.get, "/Consent", query: query)
                    #expect(page.status == 200)
                    #expect(page.ids.count <= size)
                    found += page.ids
                    guard let next = page.next else { break }
                    query = next
                }
                #expect(found == stride(from: 10, to: 35, by: 2).map { "c-\($0)" })
            }
        }
    }

    @Test("a page token is only a place in the order: it opens nothing, and another's is refused") func tokens()
        async throws
    {
        try await FHIRFixture.with { fixture in
            await load(fixture)
            let first = await fixture.send(.get, "/Consent", query: "patient=PAT-EVEN&_count=2")
            let next = try #require(first.next)
            #expect(await fixture.send(.get, "/Consent", query: next, token: nil).status == 401)
            #expect(await fixture.send(.get, "/Consent", query: next, token: "fhir~system/Patient.rs").status == 403)
            // Carried to another search, it finds what that search finds.
            let odd = next.replacing("PAT-EVEN", with: "PAT-ODD")
            #expect(await fixture.send(.get, "/Consent", query: odd).ids == ["c-13", "c-15"])
            for forged in ["zzz", "AAAA", "c-10", "0", "%00", "..", "1' OR 1=1"] {
                let query = "patient=PAT-EVEN&_page=" + forged.replacing(" ", with: "%20").replacing("'", with: "%27")
                #expect(await fixture.send(.get, "/Consent", query: query).status == 400, "\(forged)")
            }
        }
    }

    @Test(
        "each kind of parameter finds what it says",
        arguments: [
            ("patient=Patient/PAT-ODD&status=inactive", ["c-15", "c-25"]),
            ("patient=https://socle.test/fhir/Patient/PAT-ODD&status=inactive", ["c-15", "c-25"]),
            ("status=inactive,active&identifier=urn:test|N12", ["c-12"]),
            ("identifier=N12", ["c-12"]),
            ("identifier=urn:test|N12,urn:test|N13", ["c-12", "c-13"]),
            ("identifier=|N12", []),
            ("identifier=urn:other|N12", []),
            ("_id=c-10,c-99", ["c-10"]),
            ("patient=PAT-EVEN&date=2026-03", ["c-20"]),
            ("patient=PAT-EVEN&date=2026-03-15", ["c-20"]),
            ("patient=PAT-EVEN&date=ge2026-08", ["c-16", "c-26", "c-34"]),
            ("patient=PAT-EVEN&date=lt2026-02-01", ["c-18"]),
            ("patient=PAT-EVEN&date=gt2026-08-14&date=le2026-08-15", ["c-16", "c-34"]),
            ("patient=PAT-NOBODY", []),
            ("category=http://loinc.org|59284-0&_count=1", ["c-10"]),
            ("purpose=TREAT&_count=1", ["c-10"]),
        ])
    func parameters(_ query: String, _ expected: [String]) async throws {
        try await FHIRFixture.with { fixture in
            await load(fixture)
            let answer = await fixture.send(.get, "/Consent", query: query.replacing("|", with: "%7C"))
            #expect(answer.status == 200)
            #expect(answer.ids == expected)
        }
    }

    @Test("names are found by their beginning, case and accents aside, and no pattern is one") func names()
        async throws
    {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Patient/A", Sample.patient("A", family: "Lefèvre", given: "Zoé"))
            _ = await fixture.send(.put, "/Patient/B", Sample.patient("B", family: "Le Goff", given: "Anne-Lise"))
            for (query, ids) in [
                ("family=LEFEV", ["A"]), ("family=le", ["A", "B"]), ("name=zoe", ["A"]), ("given=anne-l", ["B"]),
                ("family=%25", []), ("family=_e", []), ("family=le%20g", ["B"]), ("birthdate=1960", ["A", "B"]),
                ("birthdate=1961", []), ("name=lef&given=anne", []),
            ] {
                #expect(await fixture.send(.get, "/Patient", query: query).ids == ids, "\(query)")
            }
            let form = Array("family=lefevre".utf8)
            let posted = await fixture.send(
                .post, "/Patient/_search", bytes: form, type: "application/x-www-form-urlencoded")
            #expect(posted.ids == ["A"])
        }
    }

    @Test("a search that cannot be understood whole finds nothing") func refusals() async throws {
        try await FHIRFixture.with { fixture in
            for query in [
                "patients=PAT-1", "patient:missing=true", "patient=", "_count=0", "_count=x", "patient=Group/1",
                "date=2026-13", "date=xx2026", "identifier=%7C", "_id=a_b", "_sort=date", "_include=Consent:patient",
                "_id=c-10&_id=c-11", "patient=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
                "status=a&status=b&status=c&status=d&status=e", "date=%zz",
            ] {
                let answer = await fixture.send(.get, "/Consent", query: query)
                #expect(answer.status == 400, "\(query)")
                #expect(answer.json["resourceType"]?.string == "OperationOutcome", "\(query)")
            }
        }
    }

    @Test(
        "a date equal to another lies within it; a period that goes beyond it is reached, from one side or both",
        arguments: [
            ("period=2026", ["within"]), ("period=eq2026-03", ["within"]), ("period=2026-03-10", []),
            ("period=2026-03-10T12:00:00Z", []), ("period=2025,2026", ["within"]), ("period=2027", []),
            ("period=ge2026&period=le2026", ["beyond", "open", "within"]), ("period=ge2027", ["beyond", "open"]),
            ("period=gt2027", ["open"]), ("period=lt2026", ["beyond", "open"]), ("period=le2024", ["open"]),
        ])
    func dates(_ query: String, _ expected: [String]) async throws {
        try await FHIRFixture.with { fixture in
            for (id, start, end) in [
                ("within", "2026-03-01", "2026-03-31"), ("beyond", "2025-12-31", "2027-01-01"), ("open", "2024", nil),
            ] {
                var provision = try #require(Sample.opposition.object)
                var period: JSONObject = ["start": .string(start)]
                period["end"] = end.map(JSONValue.string)
                provision["period"] = .object(period)
                let consent = Sample.consent(id, provision: .object(provision))
                #expect(await fixture.send(.put, "/Consent/\(id)", consent).status == 201)
            }
            #expect(await fixture.send(.get, "/Consent", query: query).ids == expected)
        }
    }

    @Test("a journal is of one patient, and every date given must hold") func repeated() async throws {
        try await FHIRFixture.with { fixture in
            for id in ["PAT-1", "PAT-2"] {
                _ = await fixture.send(.put, "/Patient/\(id)", Sample.patient(id))
            }
            let entries = try await fixture.access.entries()
            for query in ["patient=PAT-1&patient=PAT-2", "patient=PAT-1&patient=PAT-1", "patient=PAT-1,PAT-2"] {
                let answer = await fixture.send(.get, "/AuditEvent", query: query)
                #expect(answer.status == 400 && answer.ids.isEmpty, "\(query)")
            }
            #expect(try await fixture.access.entries() == entries)
            for (dates, found) in [
                (["ge2026-11-02", "le2026-11-02"], true), (["ge2026-11-03", "ge2026-11-01"], false),
                (["lt2026-11-01", "le2026-12"], false), (["2026-11-01", "2026"], false),
                (["2026", "2026-11-02"], true),
                (["2026-11-02", "gt2026-11-02"], false), (["ge2026-11-03", "lt2026-11-02"], false),
            ] {
                let query = (["patient=PAT-1"] + dates.map { "date=\($0)" }).joined(separator: "&")
                #expect(await fixture.send(.get, "/AuditEvent", query: query).ids.isEmpty != found, "\(query)")
            }
        }
    }

    @Test("an index follows its resource: what it no longer says no longer finds it") func reindexed() async throws {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Patient/A", Sample.patient("A", family: "Durand"))
            _ = await fixture.send(.put, "/Patient/A", Sample.patient("A", family: "Martin"), match: #"W/"1""#)
            #expect(await fixture.send(.get, "/Patient", query: "family=durand").ids.isEmpty)
            #expect(await fixture.send(.get, "/Patient", query: "family=martin").ids == ["A"])
        }
    }

    @Test("a patient's journal is read as audit events, newest first") func events() async throws {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Consent/c", Sample.consent("c", provision: Sample.opposition))
            _ = await fixture.send(.get, "/Consent/c")
            let found = await fixture.send(.get, "/AuditEvent", query: "patient=PAT-1")
            let events = (found.json["entry"]?.array ?? []).compactMap { $0["resource"] }
            #expect(events.map { $0["action"]?.string } == ["R", "C"])
            let id = try #require(events.last?["id"]?.string)
            let read = await fixture.send(.get, "/AuditEvent/\(id)")
            #expect(read.json == events.last)
            #expect(await fixture.send(.get, "/AuditEvent").status == 400)
            #expect(await fixture.send(.get, "/AuditEvent", query: "patient=PAT-1&date=ge2027").ids.isEmpty)
            #expect(await fixture.send(.get, "/AuditEvent/..1").status == 404)
            let reader = "fhir~system/Consent.cruds"
            #expect(await fixture.send(.get, "/AuditEvent", query: "patient=PAT-1", token: reader).status == 403)
        }
    }
}
