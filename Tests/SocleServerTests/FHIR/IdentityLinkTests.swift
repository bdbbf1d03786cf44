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

@Suite("FHIR · the identity-matching server merges and splits patients by their links")
struct IdentityLinkTests {
    private func patient(_ id: String, _ links: [(type: String, other: String)] = []) -> JSONValue {
        var patient = Sample.patient(id).object ?? JSONObject()
        if !links.isEmpty {
            patient["link"] = .array(
                links.map { ["type": .string($0.type), "other": ["reference": .string($0.other)]] })
        }
        return .object(patient)
    }

    /// PAT-1, of whose team the nurse is, and PAT-OLD, who opposed to sharing.
    private func with(_ body: (FHIRFixture) async throws -> Void) async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            #expect(await fixture.send(.put, "/Patient/PAT-1", patient("PAT-1")).status == 428, "on record already")
            #expect(await fixture.send(.put, "/Patient/PAT-OLD", patient("PAT-OLD")).status == 201)
            let yesterday = Ward.now - .hours(24)
            try await fixture.access.write([
                ConsentChange.choose(
                    PatientChoice(
                        id: "o", patient: try #require(PatientIdentifier("PAT-OLD")), kind: .oppositionToSharing,
                        period: Period(start: yesterday), recordedAt: yesterday))
            ])
            try await expect(fixture, "care_team")
            try await body(fixture)
        }
    }

    private func expect(
        _ fixture: FHIRFixture, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await fixture.access.ask(Ward.question())
        #expect(answer["context"]?["reason"]?.string == reason, sourceLocation: sourceLocation)
    }

    private func put(
        _ fixture: FHIRFixture, _ id: String, _ links: [(type: String, other: String)], version: Int = 1,
        token: String = "matcher"
    ) async -> FHIRAnswer {
        await fixture.send(.put, "/Patient/\(id)", patient(id, links), token: token, match: "W/\"\(version)\"")
    }

    @Test(
        "either resource says it: from then on the choices of both bind, and one link less undoes it",
        arguments: [("PAT-OLD", "replaced-by", "Patient/PAT-1"), ("PAT-1", "replaces", "Patient/PAT-OLD")])
    func merge(_ id: String, _ type: String, _ other: String) async throws {
        try await with { fixture in
            #expect(await put(fixture, id, [(type, other)]).status == 200)
            try await expect(fixture, "opposition")
            #expect(await put(fixture, id, [(type, other)], version: 2).status == 200, "said again")
            try await expect(fixture, "opposition")
            #expect(await put(fixture, id, [], version: 3).status == 200)
            try await expect(fixture, "care_team")
        }
    }

    @Test("both resources may say it, one after the other or in one transaction") func bothSides() async throws {
        try await with { fixture in
            #expect(await put(fixture, "PAT-OLD", [("replaced-by", "Patient/PAT-1")]).status == 200)
            #expect(await put(fixture, "PAT-1", [("replaces", "Patient/PAT-OLD")]).status == 200)
            try await expect(fixture, "opposition")
            // The split too; what was refused in between holds for both.
            let between = Sample.consent("p", patient: "PAT-OLD", provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/p", between).status == 201)
            #expect(await put(fixture, "PAT-1", [], version: 2).status == 200)
            #expect(await put(fixture, "PAT-OLD", [], version: 2).status == 200)
            try await expect(fixture, "opposition")
            let shown = await fixture.send(.get, "/Consent", query: "patient=PAT-1")
            let refusals = (shown.json["entry"]?.array ?? []).filter {
                $0["resource"]?["provision"]?["type"]?.string == "deny"
            }
            #expect(refusals.count == 1, "what PAT-OLD refused in between, as PAT-1's own")
        }
        try await with { fixture in
            let entries = [
                ("PAT-OLD", [("replaced-by", "Patient/PAT-1")]), ("PAT-1", [("replaces", "Patient/PAT-OLD")]),
            ].map { id, links -> JSONValue in
                [
                    "resource": patient(id, links.map { (type: $0.0, other: $0.1) }),
                    "request": ["method": "PUT", "url": .string("Patient/\(id)"), "ifMatch": "W/\"1\""],
                ]
            }
            let bundle: JSONValue = ["resourceType": "Bundle", "type": "transaction", "entry": .array(entries)]
            #expect(await fixture.send(.post, "", bundle, token: "matcher").status == 200)
            try await expect(fixture, "opposition")
        }
    }

    /// The nurse is in a team of each of two records that became one.
    private func withTeams(_ body: (FHIRFixture) async throws -> Void) async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            #expect(await fixture.send(.put, "/Patient/PAT-OLD", patient("PAT-OLD")).status == 201)
            try await fixture.access.write([
                ConsentChange.leave(
                    patient: try #require(PatientIdentifier("PAT-1")), membership: "m1",
                    at: Instant(seconds: 1_750_000_000))
            ])
            for (id, patient) in [("t1", "PAT-1"), ("t2", "PAT-OLD")] {
                #expect(await fixture.send(.put, "/CareTeam/\(id)", team(id, patient)).status == 201)
            }
            #expect(await put(fixture, "PAT-OLD", [("replaced-by", "Patient/PAT-1")]).status == 200)
            try await expect(fixture, "care_team")
            try await body(fixture)
        }
    }

    private func team(_ id: String, _ patient: String, status: String = "active") -> JSONValue {
        let member: JSONValue = [
            "member": ["reference": .string("Practitioner/\(Ward.nurse)")], "period": ["start": "2026-10-01"],
        ]
        var team = Sample.team(id, [member], status: status).object ?? JSONObject()
        team["subject"] = ["reference": .string("Patient/\(patient)")]
        return .object(team)
    }

    /// - Parameter resources: what is written, where, and from which version (`nil`: new), in one transaction.
    private func transaction(_ resources: (resource: JSONValue, url: String, version: Int?)...) -> JSONValue {
        let entries = resources.map { resource, url, version -> JSONValue in
            var request: JSONObject = ["method": "PUT", "url": .string(url)]
            if let version { request["ifMatch"] = .string("W/\"\(version)\"") }
            return ["resource": resource, "request": .object(request)]
        }
        return ["resourceType": "Bundle", "type": "transaction", "entry": .array(entries)]
    }

    @Test("who leaves under one identifier leaves under both, whatever else the transaction says of the other")
    func departure() async throws {
        try await withTeams { fixture in
            let bundle = transaction(
                (team("t1", "PAT-1", status: "inactive"), "CareTeam/t1", 1),
                (Sample.consent("c", patient: "PAT-OLD", provision: Sample.opposition), "Consent/c", nil))
            #expect(await fixture.send(.post, "", bundle).status == 200)
            try await expect(fixture, "opposition")
            let shown = await fixture.send(.get, "/CareTeam/t2").json
            #expect(shown["participant"]?.array?.map { $0["period"]?["end"] != nil } == [true])
            // Written from what was read before, the member would be back.
            let stale = await fixture.send(.put, "/CareTeam/t2", team("t2", "PAT-OLD"), match: "W/\"1\"")
            #expect(stale.status == 412)
            let trail = await fixture.send(.get, "/AuditEvent", query: "patient=PAT-OLD&_count=5")
            #expect(trail.json.text.contains("CareTeam/t1"), "whose record lost a member knows by what")
        }
    }

    @Test("who leaves under both identifiers in one transaction has left, and neither is refused")
    func departures() async throws {
        try await withTeams { fixture in
            let bundle = transaction(
                (team("t1", "PAT-1", status: "inactive"), "CareTeam/t1", 1),
                (team("t2", "PAT-OLD", status: "inactive"), "CareTeam/t2", 1))
            #expect(await fixture.send(.post, "", bundle).status == 200)
            try await expect(fixture, "membership_expired")
            for id in ["t1", "t2"] {
                let shown = await fixture.send(.get, "/CareTeam/\(id)").json
                #expect(shown["status"]?.string == "inactive", "\(id)")
                let stale = await fixture.send(.put, "/CareTeam/\(id)", team(id, "PAT-1"), match: "W/\"1\"")
                #expect(stale.status == 412)
            }
        }
    }

    @Test("a search of one identifier shows what is recorded under the other, and is found under both")
    func searches() async throws {
        try await with { fixture in
            func found(_ type: String, _ parameter: String, _ patient: String) async -> [String] {
                let answer = await fixture.send(.get, "/\(type)", query: "\(parameter)=\(patient)")
                return (answer.json["entry"]?.array ?? []).compactMap { entry in
                    let resource = entry["resource"]
                    return (resource?["subject"] ?? resource?["patient"])?["reference"]?.string
                }.sorted()
            }
            let (one, old) = ("Patient/PAT-1", "Patient/PAT-OLD")
            #expect(await found("CareTeam", "patient", "PAT-OLD") == [])
            #expect(await found("Consent", "patient", "PAT-1") == [one])
            #expect(await put(fixture, "PAT-1", [("replaces", "Patient/PAT-OLD")]).status == 200)
            for patient in ["PAT-1", "PAT-OLD", "Patient/PAT-OLD", "PAT-1,PAT-OLD"] {
                #expect(await found("Consent", "patient", patient) == [one, old], "\(patient)")
                #expect(await found("CareTeam", "patient", patient) == [one])
                #expect(await found("CareTeam", "subject", patient) == [one])
                let entry = try await fixture.access.lastEntry()
                #expect(entry["patients"] == ["PAT-1", "PAT-OLD"])
            }
            #expect(await found("Consent", "actor", "Patient/PAT-OLD") == [], "an actor is as it was written")
            #expect(await put(fixture, "PAT-1", [], version: 2).status == 200)
            #expect(await found("Consent", "patient", "PAT-1") == [one])
            #expect(await found("CareTeam", "patient", "PAT-OLD") == [])
        }
    }

    /// For the nurse, outside the team.
    private func nurseConsent(_ id: String, of patient: String, status: String = "active", period: JSONValue? = nil)
        -> JSONValue
    {
        var provision: JSONObject = [
            "type": "permit",
            "purpose": [["system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"]],
            "actor": [
                [
                    "role": [
                        "coding": [
                            [
                                "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                                "code": "IRCP",
                            ]
                        ]
                    ], "reference": ["reference": .string("Practitioner/\(Ward.nurse)")],
                ]
            ],
        ]
        if let period { provision["period"] = period }
        return Sample.consent(id, patient: patient, status: status, provision: .object(provision))
    }

    @Test("a consent that expired under one identifier takes nothing away; one taken back is so for both, split or not")
    func consents() async throws {
        try await with { fixture in
            func expect(
                _ reasons: [String], sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                for (patient, reason) in zip(["PAT-A", "PAT-B"], reasons) {
                    let answer = try await fixture.access.ask(Ward.question(patient: patient))
                    #expect(answer["context"]?["reason"]?.string == reason, sourceLocation: sourceLocation)
                }
            }
            for id in ["PAT-A", "PAT-B"] {
                #expect(await fixture.send(.put, "/Patient/\(id)", patient(id)).status == 201)
            }
            let expired = nurseConsent("b", of: "PAT-B", period: ["start": "2020-01-01", "end": "2021-01-01"])
            #expect(await fixture.send(.put, "/Consent/a", nurseConsent("a", of: "PAT-A")).status == 201)
            #expect(await fixture.send(.put, "/Consent/b", expired).status == 201)
            try await expect(["consent_outside_team", "consent_withdrawn"])
            #expect(await put(fixture, "PAT-A", [("replaces", "Patient/PAT-B")]).status == 200)
            try await expect(["consent_outside_team", "consent_outside_team"])
            #expect(await fixture.send(.put, "/Consent/b2", nurseConsent("b2", of: "PAT-B")).status == 201)
            let inactive = nurseConsent("a", of: "PAT-A", status: "inactive")
            #expect(await fixture.send(.put, "/Consent/a", inactive, match: "W/\"1\"").status == 200)
            try await expect(["consent_withdrawn", "consent_withdrawn"])
            #expect(await put(fixture, "PAT-A", [], version: 2).status == 200)
            try await expect(["consent_withdrawn", "consent_withdrawn"])
            let ended = await fixture.send(.get, "/Consent/b2")
            #expect(ended.json["status"]?.string == "inactive" && ended.version == "2")
        }
    }

    @Test("a clock that is set back takes nothing from what is said of records that are one") func clockSetBack()
        async throws
    {
        try await FHIRFixture.with(writing: .minutes(15)) { fixture in
            try await Ward.load(fixture.access)
            func reasons(_ patients: String...) async throws -> [String?] {
                var reasons: [String?] = []
                for patient in patients {
                    let answer = try await fixture.access.ask(Ward.question(patient: patient))
                    reasons.append(answer["context"]?["reason"]?.string)
                }
                return reasons
            }
            for id in ["PAT-A", "PAT-B", "PAT-C", "PAT-D", "PAT-E", "PAT-F"] {
                #expect(await fixture.send(.put, "/Patient/\(id)", patient(id)).status == 201)
            }
            for (survivor, absorbed) in [("PAT-A", "PAT-B"), ("PAT-C", "PAT-D"), ("PAT-E", "PAT-F")] {
                #expect(await put(fixture, survivor, [("replaces", "Patient/\(absorbed)")]).status == 200)
            }
            for id in ["A", "B"] {
                let given = nurseConsent("c\(id)", of: "PAT-\(id)")
                #expect(await fixture.send(.put, "/Consent/c\(id)", given).status == 201)
            }
            for id in ["C", "D"] {
                try await fixture.access.write([
                    ConsentChange.choose(
                        PatientChoice(
                            id: "i", patient: try #require(PatientIdentifier("PAT-\(id)")),
                            kind: .teamInformation(recipients: []), period: Period(start: Ward.now - .hours(1)),
                            recordedAt: Ward.now - .hours(1)))
                ])
                var team = try #require(team("t\(id)", "PAT-\(id)").object)
                team["participant"] = [["member": ["reference": .string("Practitioner/\(Ward.nurse)")]]]
                #expect(await fixture.send(.put, "/CareTeam/t\(id)", .object(team)).status == 201)
            }
            let before = try await reasons("PAT-A", "PAT-C")
            #expect(before == ["consent_outside_team", "care_team"])

            fixture.setClock(to: Ward.now)
            let withdrawn = nurseConsent("cA", of: "PAT-A", status: "inactive")
            #expect(await fixture.send(.put, "/Consent/cA", withdrawn, match: "W/\"1\"").status == 200)
            let over = team("tC", "PAT-C", status: "inactive")
            #expect(await fixture.send(.put, "/CareTeam/tC", over, match: "W/\"1\"").status == 200)
            let opposition = Sample.consent("o", patient: "PAT-F", provision: Sample.opposition)
            #expect(await fixture.send(.put, "/Consent/o", opposition).status == 201)
            #expect(await put(fixture, "PAT-E", [], version: 2).status == 200)
            let after = try await reasons("PAT-A", "PAT-B", "PAT-C", "PAT-D", "PAT-E")
            #expect(
                after == [
                    "consent_withdrawn", "consent_withdrawn", "membership_expired", "membership_expired", "opposition",
                ])
        }
    }

    @Test("two patients new to the server are linked in one transaction, in whatever order they come")
    func newPatients() async throws {
        for reversed in [false, true] {
            try await with { fixture in
                func entry(_ id: String, _ resource: JSONValue) -> JSONValue {
                    ["resource": resource, "request": ["method": "PUT", "url": .string("Patient/\(id)")]]
                }
                let entries = [
                    entry("PAT-A", patient("PAT-A", [("replaces", "Patient/PAT-B")])),
                    entry("PAT-B", patient("PAT-B", [("replaced-by", "Patient/PAT-A")])),
                ]
                let bundle: JSONValue = [
                    "resourceType": "Bundle", "type": "transaction",
                    "entry": .array(reversed ? entries.reversed() : entries),
                ]
                #expect(await fixture.send(.post, "", bundle, token: "fhir").status == 403)
                #expect(await fixture.send(.post, "", bundle, token: "matcher").status == 200)
                let ended = await fixture.send(
                    .put, "/Patient/PAT-B", patient("PAT-B", []), token: "matcher", match: #"W/"1""#)
                #expect(ended.status == 200, "merged once, and split")
            }
        }
    }

    @Test("the journal tells of a merge and of a split under both identifiers") func journalled() async throws {
        try await with { fixture in
            #expect(await put(fixture, "PAT-OLD", [("replaced-by", "Patient/PAT-1")]).status == 200)
            let merge = try await fixture.access.lastEntry()
            #expect(merge["patients"] == ["PAT-1", "PAT-OLD"])
            #expect(
                merge["details"]?["identities"] == [
                    ["action": "patient_merge", "survivor": "PAT-1", "absorbed": "PAT-OLD"]
                ])
            #expect(await put(fixture, "PAT-OLD", [], version: 2).status == 200)
            let split = try await fixture.access.lastEntry()
            #expect(split["patients"] == ["PAT-1", "PAT-OLD"])
            #expect(
                split["details"]?["identities"] == [
                    ["action": "patient_split", "survivor": "PAT-1", "absorbed": "PAT-OLD"]
                ])
        }
    }

    @Test("another client may not, and changes nothing; what it leaves as it is it may write") func forbidden()
        async throws
    {
        try await with { fixture in
            let refused = await put(fixture, "PAT-OLD", [("replaced-by", "Patient/PAT-1")], token: "fhir")
            #expect(refused.status == 403)
            #expect(refused.issue == "forbidden Patient.link")
            try await expect(fixture, "care_team")
            #expect(await put(fixture, "PAT-OLD", [("replaced-by", "Patient/PAT-1")]).status == 200)
            #expect(await put(fixture, "PAT-OLD", [], version: 2, token: "fhir").status == 403)
            try await expect(fixture, "opposition")
            let same = await put(fixture, "PAT-OLD", [("replaced-by", "Patient/PAT-1")], version: 2, token: "fhir")
            #expect(same.status == 200)
            // Links that say of nobody that they are one are anybody's.
            let seeAlso = await put(fixture, "PAT-1", [("seealso", "Patient/PAT-OLD")], token: "fhir")
            #expect(seeAlso.status == 200)
        }
    }

    @Test("links that cannot be are refused, and name the element") func refused() async throws {
        try await with { fixture in
            #expect(await fixture.send(.put, "/Patient/PAT-3", patient("PAT-3")).status == 201)
            let wrong: [(id: String, links: [(type: String, other: String)], issue: String)] = [
                ("PAT-OLD", [("replaced-by", "Patient/PAT-OLD")], "business-rule Patient.link[0].other"),
                ("PAT-OLD", [("replaced-by", "RelatedPerson/r")], "business-rule Patient.link[0].other"),
                ("PAT-OLD", [("replaced-by", "Patient/PAT-NOBODY")], "business-rule Patient.link"),
                (
                    "PAT-OLD", [("replaced-by", "Patient/PAT-1"), ("replaced-by", "Patient/PAT-3")],
                    "business-rule Patient.link"
                ),
                ("PAT-1", [("replaces", "Patient/PAT-NOBODY")], "business-rule Patient.link"),
            ]
            for (id, links, issue) in wrong {
                let answer = await put(fixture, id, links)
                #expect(answer.status == 422 && answer.issue == issue, "\(links): \(answer.json.text)")
            }
            try await expect(fixture, "care_team")
            // Once merged, into nobody else; and not the other way round.
            #expect(await put(fixture, "PAT-OLD", [("replaced-by", "Patient/PAT-1")]).status == 200)
            #expect(await put(fixture, "PAT-3", [("replaces", "Patient/PAT-OLD")]).status == 422)
            #expect(await put(fixture, "PAT-1", [("replaced-by", "Patient/PAT-OLD")]).status == 422)
            try await expect(fixture, "opposition")
        }
    }
}
