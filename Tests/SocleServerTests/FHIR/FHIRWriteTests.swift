// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAudit
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("FHIR · RESTful writes (R4 §3.1.0)")
struct FHIRWriteTests {
    @Test("a create is given an id, a version and a place, and can be read back") func create() async throws {
        try await FHIRFixture.with { fixture in
            let created = await fixture.send(.post, "/Patient", Sample.patient("ignored"))
            #expect(created.status == 201)
            let id = try #require(created.json["id"]?.string)
            #expect(id != "ignored")
            #expect(created.response.headers[.location] == "https://socle.test/fhir/Patient/\(id)/_history/1")
            #expect(created.eTag == #"W/"1""#)
            let read = await fixture.send(.get, "/Patient/\(id)")
            #expect(read.status == 200)
            #expect(read.json == created.json)
            #expect(read.json["meta"]?["lastUpdated"]?.string == "2026-11-02T09:00:00.000Z")
            #expect(read.response.headers[.lastModified] == "Mon, 02 Nov 2026 09:00:00 GMT")
            #expect(read.response.headers[.contentType] == "application/fhir+json")
            let cached = await fixture.send(.get, "/Patient/\(id)", fields: [.ifNoneMatch: #"W/"1""#])
            #expect(cached.status == 304)
        }
    }

    @Test("an update names the version it was made from: 428 without, 412 for another") func update() async throws {
        try await FHIRFixture.with { fixture in
            let first = Sample.patient("PAT-9")
            let second = Sample.patient("PAT-9", family: "Dupont")
            #expect(await fixture.send(.put, "/Patient/PAT-9", first, match: #"W/"1""#).status == 412)
            let created = await fixture.send(.put, "/Patient/PAT-9", first)
            #expect(created.status == 201)
            #expect(await fixture.send(.put, "/Patient/PAT-9", second).status == 428)
            #expect(await fixture.send(.put, "/Patient/PAT-9", second, match: #"W/"2""#).status == 412)
            let absent = await fixture.send(.put, "/Patient/PAT-9", second, fields: [.ifNoneMatch: "*"])
            #expect(absent.status == 412)
            let updated = await fixture.send(.put, "/Patient/PAT-9", second, match: #"W/"1""#)
            #expect(updated.status == 200)
            #expect(updated.version == "2")
            // The loser of a race is told: nothing it wrote is lost in silence.
            let late = await fixture.send(.put, "/Patient/PAT-9", first, match: #"W/"1""#)
            #expect(late.status == 412)
            #expect(late.issue == "conflict")
            #expect(await fixture.send(.get, "/Patient/PAT-9/_history/1").json == created.json)
            #expect(await fixture.send(.get, "/Patient/PAT-9/_history/3").status == 404)
            let history = await fixture.send(.get, "/Patient/PAT-9/_history")
            let versions = (history.json["entry"]?.array ?? []).compactMap {
                $0["resource"]?["meta"]?["versionId"]?.string
            }
            #expect(versions == ["2", "1"])
        }
    }

    @Test("an id of the form of ours is not chosen by a client: it could bear the names of another's record")
    func ownNames() async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let name = "0123456789abcdef0123456789abcdef"
            let consent = Sample.consent(name, provision: Sample.opposition)
            let refused = await fixture.send(.put, "/Consent/\(name)", consent)
            #expect(refused.status == 422)
            #expect(refused.issue == "value Consent.id")
            #expect(await fixture.send(.put, "/CareTeam/\(name)", Sample.team(name, [])).status == 422)
            #expect(await fixture.send(.put, "/Patient/\(name)", Sample.patient(name)).status == 201)
            let created = await fixture.send(.post, "/Consent", consent)
            let id = try #require(created.json["id"]?.string)
            let next = Sample.consent(id, provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/\(id)", next, match: #"W/"1""#).status == 200)
        }
    }

    @Test("of two updates at once from the same version, one is told no") func race() async throws {
        try await FHIRFixture.with { fixture in
            #expect(await fixture.send(.put, "/Patient/PAT-9", Sample.patient("PAT-9")).status == 201)
            let statuses = await withTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        await fixture.send(
                            .put, "/Patient/PAT-9", Sample.patient("PAT-9", family: "F\(number)"), match: #"W/"1""#
                        ).status
                    }
                }
                return await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 412 || $0 == 409 }.count == 7)
            #expect(await fixture.send(.get, "/Patient/PAT-9").version == "2")
        }
    }

    @Test("the same professional is not created twice: the RPPS is the id") func natural() async throws {
        try await FHIRFixture.with { fixture in
            let practitioner: JSONValue = [
                "resourceType": "Practitioner",
                "identifier": [["system": "https://rpps.esante.gouv.fr", "value": "10001234573"]],
                "name": [["family": "Dupont", "given": ["Jean"]]],
                "qualification": [
                    ["code": ["coding": [["system": "urn:oid:1.2.250.1.71.1.2.7", "code": "10"]]]]
                ],
            ]
            let first = await fixture.send(.post, "/Practitioner", practitioner)
            #expect(first.status == 201, "\(first.json)")
            #expect(first.json["id"]?.string == "810001234573")
            let second = await fixture.send(.post, "/Practitioner", practitioner)
            #expect(second.status == 409)
            #expect(second.issue == "duplicate")
        }
    }

    @Test("what cannot be read, taken or answered has its own status, and an outcome") func faults() async throws {
        try await FHIRFixture.with { fixture in
            func status(_ answer: FHIRAnswer) -> String { "\(answer.status) \(answer.issue ?? "-")" }
            let patient = Sample.patient("P")
            let broken = await fixture.send(.post, "/Patient", bytes: Array("{".utf8))
            #expect(status(broken) == "400 structure")
            let text = await fixture.send(.post, "/Patient", patient, type: "text/plain")
            #expect(status(text) == "415 not-supported")
            let other = await fixture.send(.post, "/Consent", patient)
            #expect(status(other) == "400 invariant resourceType")
            let unknown = await fixture.send(.post, "/Patient", ["resourceType": "Patient", "nom": "x"])
            #expect(status(unknown) == "422 structure Patient.nom")
            let moved = await fixture.send(.put, "/Patient/Q", patient)
            #expect(status(moved) == "400 invariant Patient.id")
            let tag = await fixture.send(.put, "/Patient/P", patient, match: "1")
            #expect(status(tag) == "400 value")
            #expect(status(await fixture.send(.get, "/Observation/1")) == "404 not-supported")
            #expect(status(await fixture.send(.get, "/Patient/nobody")) == "404 not-found")
            #expect(status(await fixture.send(.get, "/Patient/a_b")) == "404 not-found")
            #expect(status(await fixture.send(.get, "/Patient/P/name")) == "404 not-found")
            let deleted = await fixture.send(.delete, "/Patient/P")
            #expect(status(deleted) == "405 not-supported")
            #expect(deleted.response.headers[.allow] == "GET, HEAD, PUT")
            let accept = await fixture.send(.get, "/Patient/P", fields: [.accept: "application/fhir+xml"])
            #expect(status(accept) == "406 not-supported")
            let long = await fixture.send(.post, "/Patient", bytes: Array(repeating: 0x20, count: 600 * 1024))
            #expect(status(long) == "413 too-long")
            let longer = await fixture.send(.post, "/Patient", bytes: Array(repeating: 0x20, count: 3 << 20))
            #expect(status(longer) == "413 too-long")
            let deep = String(repeating: "[", count: 40)
            #expect(await fixture.send(.post, "/Patient", bytes: Array(deep.utf8)).status == 400)
        }
    }

    @Test("audit events and devices are Socle's to write, and a professional has a profession") func readOnly()
        async throws
    {
        try await FHIRFixture.with { fixture in
            for type in ["AuditEvent", "Device"] {
                let posted = await fixture.send(.post, "/\(type)", ["resourceType": .string(type)])
                #expect(posted.status == 405)
                let put = await fixture.send(.put, "/\(type)/x", ["resourceType": .string(type), "id": "x"])
                #expect(put.status == 405)
                #expect(put.issue == "not-supported")
            }
            let practitioner = await fixture.send(
                .put, "/Practitioner/PractitionerExample",
                ["resourceType": "Practitioner", "id": "PractitionerExample", "name": [["family": "DUPONT"]]])
            #expect(practitioner.status == 422)
            #expect(practitioner.issue == "required Practitioner.qualification")
            #expect(await fixture.send(.get, "/Device/socle").json["deviceName"] != nil)
        }
    }

    @Test("the one device is read, and not searched: nothing that is not declared is answered") func device()
        async throws
    {
        try await FHIRFixture.with { fixture in
            let form = "application/x-www-form-urlencoded"
            for answer in [
                await fixture.send(.get, "/Device"), await fixture.send(.get, "/Device", query: "foo=bar"),
                await fixture.send(.head, "/Device"), await fixture.send(.get, "/Device", query: "_id=socle"),
                await fixture.send(.post, "/Device/_search", bytes: Array("_id=socle".utf8), type: form),
            ] {
                #expect(answer.status == 405)
                #expect(answer.response.headers[.allow]?.isEmpty == true)
            }
            #expect(await fixture.send(.get, "/Device/other").status == 404)
            let statement = await fixture.send(.get, "/metadata").json
            let resources = statement["rest"]?.array?.first?["resource"]?.array ?? []
            let device = try #require(resources.first { $0["type"]?.string == "Device" })
            #expect(device["interaction"]?.array?.compactMap { $0["code"]?.string } == ["read"])
        }
    }

    @Test("a history tells a create under the type, and an update under the id") func historyMethods() async throws {
        try await FHIRFixture.with { fixture in
            func requests(_ path: String) async -> [String] {
                let entries = await fixture.send(.get, "\(path)/_history").json["entry"]?.array ?? []
                return entries.compactMap { $0["request"] }.map { request in
                    "\(request["method"]?.string ?? "") \(request["url"]?.string ?? "")"
                }
            }
            let created = await fixture.send(.post, "/Patient", Sample.patient("ours"))
            let id = try #require(created.json["id"]?.string)
            #expect(await fixture.send(.put, "/Patient/\(id)", Sample.patient(id), match: #"W/"1""#).status == 200)
            #expect(await requests("/Patient/\(id)") == ["PUT Patient/\(id)", "POST Patient"])
            #expect(await fixture.send(.put, "/Patient/PAT-9", Sample.patient("PAT-9")).status == 201)
            #expect(await requests("/Patient/PAT-9") == ["PUT Patient/PAT-9"])
        }
    }

    @Test("a token does what its scopes say, and nothing else") func scopes() async throws {
        try await FHIRFixture.with { fixture in
            let patient = Sample.patient("PAT-9")
            let anonymous = await fixture.send(.put, "/Patient/PAT-9", patient, token: nil)
            #expect(anonymous.status == 401)
            #expect(anonymous.issue == "login")
            #expect(anonymous.response.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            #expect(await fixture.send(.get, "/Patient/PAT-9", token: "stolen").status == 401)
            #expect(await fixture.send(.get, "/Patient/PAT-9", token: "user").status == 403)
            let reading = "fhir~system/Patient.rs"
            #expect(await fixture.send(.put, "/Patient/PAT-9", patient, token: reading).status == 403)
            #expect(await fixture.send(.post, "/Patient", patient, token: reading).status == 403)
            #expect(await fixture.send(.put, "/Patient/PAT-9", patient, token: "fhir~system/Patient.cu").status == 201)
            #expect(await fixture.send(.get, "/Patient/PAT-9", token: "fhir~system/Patient.cu").status == 403)
            #expect(await fixture.send(.get, "/Patient/PAT-9", token: reading).status == 200)
            #expect(await fixture.send(.get, "/Patient/PAT-9/_history", token: reading).status == 200)
            #expect(await fixture.send(.get, "/Patient", token: "fhir~system/Patient.r").status == 403)
            #expect(await fixture.send(.get, "/Consent", query: "patient=PAT-9", token: reading).status == 403)
            for word in ["patient/Patient.rs", "system/Patient.sr", "system/Patient.read", "system/Patient", "openid"] {
                #expect(await fixture.send(.get, "/Patient/PAT-9", token: "fhir~\(word)").status == 403, "\(word)")
            }
            // A path that is nobody's tells nothing before the token is looked at.
            #expect(await fixture.send(.get, "/Observation/1", token: nil).status == 401)
        }
    }

    @Test("each write is one entry of the journal, of its kind; reads of patients are there too") func journal()
        async throws
    {
        try await FHIRFixture.with { fixture in
            func kinds() async throws -> [String] {
                try await fixture.access.database.read { connection throws(StoreError) in
                    var kinds: [String] = []
                    for row in try connection.rows("SELECT kind FROM journal_entries ORDER BY sequence") {
                        kinds.append(try row.text(0))
                    }
                    return kinds
                }
            }
            let before = try await kinds().count
            _ = await fixture.send(.put, "/Patient/PAT-1", Sample.patient("PAT-1"))
            let consent = Sample.consent("c", provision: Sample.opposition)
            _ = await fixture.send(.put, "/Consent/c", consent)
            _ = await fixture.send(.get, "/Consent/c")
            _ = await fixture.send(.put, "/Consent/c", consent)
            _ = await fixture.send(.get, "/Consent/none")
            #expect(try await kinds().dropFirst(before) == ["administration", "choice", "administration"])
        }
    }

    @Test("a journal that cannot be written writes nothing and shows nothing") func unavailable() async throws {
        try await FHIRFixture.with { fixture in
            _ = await fixture.send(.put, "/Patient/PAT-9", Sample.patient("PAT-9"))
            try await FHIRFixture.with(writingThrough: { _ in NoLane() }) { broken in
                let written = await broken.send(.put, "/Patient/PAT-9", Sample.patient("PAT-9"))
                #expect(written.status == 503)
                #expect(written.issue == "transient")
                #expect(written.response.headers[.retryAfter] == "5")
                #expect(await broken.send(.get, "/Patient", query: "family=x").status == 503)
            }
        }
    }

    @Test("a token revoked while it is written writes nothing, one by one or in a transaction") func revoked()
        async throws
    {
        let late = Interruptions()
        try await FHIRFixture.with(writingThrough: late.before) { fixture in
            func revoking(_ id: String) -> any RecordChange {
                OAuthChange.revokeClientToken(
                    grantID: id, clientID: "dossier", at: Ward.now, expires: Ward.now + .minutes(5))
            }
            let patient = Sample.patient("PAT-9")
            let bundle: JSONValue = [
                "resourceType": "Bundle", "type": "transaction",
                "entry": [["resource": patient, "request": ["method": "PUT", "url": "Patient/PAT-9"]]],
            ]
            let before = try await fixture.access.entries()
            late.plan([revoking("t-1")])
            #expect(await fixture.send(.put, "/Patient/PAT-9", patient, token: "granted~t-1").status == 409)
            late.plan([revoking("t-2")])
            #expect(await fixture.send(.post, "", bundle, token: "granted~t-2").status == 409)
            #expect(try await fixture.access.entries() == before && late.areOver)
            #expect(await fixture.send(.get, "/Patient/PAT-9").status == 404)
            // Another's is no obstacle.
            late.plan([revoking("t-3")])
            #expect(await fixture.send(.put, "/Patient/PAT-9", patient, token: "granted~t-4").status == 201)
        }
    }

    @Test("anyone may read what the server does, and how to get a token") func metadata() async throws {
        try await FHIRFixture.with { fixture in
            let statement = await fixture.send(.get, "/metadata", token: nil)
            #expect(statement.json["fhirVersion"]?.string == "4.0.1")
            let resources = statement.json["rest"]?.array?.first?["resource"]?.array ?? []
            #expect(
                Set(resources.compactMap { $0["type"]?.string }) == [
                    "Consent", "CareTeam", "Patient", "Practitioner", "PractitionerRole", "Organization",
                    "RelatedPerson", "ValueSet", "AuditEvent", "Device",
                ])
            let smart = await fixture.send(.get, "/.well-known/smart-configuration", token: nil)
            #expect(smart.json["token_endpoint"]?.string == "https://socle.test/oauth2/token")
        }
    }
}

private struct NoLane: CommitLane {
    func commit(_ submission: Submission) async throws(LaneUnavailable) -> CommitOutcome {
        throw LaneUnavailable(detail: "broken")
    }
}
