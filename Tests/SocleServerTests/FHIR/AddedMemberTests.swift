// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleStore
import Testing

@Suite("FHIR · R-TEAM-4: a professional who adds a member is a member (CSP D.1110-3-2)")
struct AddedMemberTests {
    private static let added = "899700100033"

    /// PAT-1 with the nurse in the team, and two physicians known and in no team.
    private func with(_ body: (FHIRFixture) async throws -> Void) async throws {
        try await FHIRFixture.with { fixture in
            try await Ward.load(fixture.access)
            let profession = CodedConcept(code: "10", system: CodeSystem.healthProfessions)
            for id in [Self.added, "899700100044"] {
                try await fixture.access.write([
                    PersonChange.professional(
                        Professional(
                            id: try #require(ProfessionalIdentifier(id)), name: "Dr \(id)", profession: profession,
                            activities: []))
                ])
            }
            try await body(fixture)
        }
    }

    private func participant(_ id: String, by adder: String? = nil, end: String? = nil) -> JSONValue {
        var participant: JSONObject = [
            "member": ["reference": .string("Practitioner/\(id)")], "period": ["start": "2026-01-01"],
        ]
        if let end { participant["period"] = ["start": "2026-01-01", "end": .string(end)] }
        if let adder {
            participant["extension"] = [
                [
                    "url": "urn:socle:fhir:added-by",
                    "valueReference": ["reference": .string("Practitioner/\(adder)")],
                ]
            ]
        }
        return .object(participant)
    }

    private func put(_ fixture: FHIRFixture, _ participants: [JSONValue], match: String? = nil) async -> FHIRAnswer {
        await fixture.send(.put, "/CareTeam/t", Sample.team("t", .array(participants)), match: match)
    }

    private func expectNotices(_ count: Int, _ fixture: FHIRFixture) async throws {
        let waiting = try await StoredNotices(fixture.access.database).followed(waitingOnly: true, limit: 100)
        #expect(waiting.count == count)
    }

    @Test("a member adds a professional, and the patient is to be told") func member() async throws {
        try await with { fixture in
            #expect(await put(fixture, [participant(Self.added, by: Ward.nurse)]).status == 201)
            try await expectNotices(1, fixture)
            // Who was added adds in turn.
            let both = [participant(Self.added, by: Ward.nurse), participant("899700100044", by: Self.added)]
            #expect(await put(fixture, both, match: "W/\"1\"").status == 200)
            try await expectNotices(2, fixture)
        }
    }

    @Test("who is unknown, of no team, of it no more, or the one who is added, adds nobody") func refused() async throws
    {
        try await with { fixture in
            let former = "899700100044"
            let wrong: [[JSONValue]] = [
                [participant(Self.added, by: "899700100099")], [participant(Self.added, by: former)],
                [participant(Self.added, by: Self.added)],
                [participant(former, end: "2026-02-01"), participant(Self.added, by: former)],
                [participant(former, by: Self.added), participant(Self.added, by: former)],
            ]
            for participants in wrong {
                let answer = await put(fixture, participants)
                #expect(answer.status == 422, "\(participants)")
                #expect(answer.issue?.hasPrefix("business-rule CareTeam.participant[") == true, "\(answer.json.text)")
            }
            // Nor does one that has left since it was written: what it added before stays.
            #expect(await put(fixture, [participant(Self.added, by: Ward.nurse)]).status == 201)
            try await fixture.access.write([
                ConsentChange.leave(
                    patient: try #require(PatientIdentifier("PAT-1")), membership: "m1", at: Ward.now - .seconds(1))
            ])
            #expect(await put(fixture, [participant(Self.added, by: Ward.nurse)], match: "W/\"1\"").status == 200)
            let more = [participant(Self.added, by: Ward.nurse), participant(former, by: Ward.nurse)]
            #expect(await put(fixture, more, match: "W/\"2\"").status == 422)
            try await expectNotices(1, fixture)
        }
    }

    @Test("who added a member and left keeps nobody from writing the team, the member's start told or not")
    func addedBefore() async throws {
        try await with { fixture in
            var added = try #require(participant(Self.added, by: Ward.nurse).object)
            added["period"] = nil
            #expect(await put(fixture, [.object(added)]).status == 201)
            try await fixture.access.write([
                ConsentChange.leave(
                    patient: try #require(PatientIdentifier("PAT-1")), membership: "m1", at: Ward.now - .seconds(1))
            ])
            #expect(await put(fixture, [.object(added)], match: "W/\"1\"").status == 200)
            var another = try #require(participant("899700100044", by: Ward.nurse).object)
            another["period"] = nil
            #expect(await put(fixture, [.object(added), .object(another)], match: "W/\"2\"").status == 422)
            try await expectNotices(1, fixture)
        }
    }

    @Test("a stay that was over is not reopened by who is no member, and one who is has it told") func reopened()
        async throws
    {
        try await with { fixture in
            #expect(await put(fixture, [participant(Self.added, by: Ward.nurse, end: "2026-02-01")]).status == 201)
            try await expectNotices(0, fixture)
            let again = [participant(Self.added, by: "899700100044")]
            #expect(await put(fixture, again, match: "W/\"1\"").status == 422)
            #expect(await put(fixture, [participant(Self.added, by: Ward.nurse)], match: "W/\"1\"").status == 200)
            try await expectNotices(1, fixture)
        }
    }

    private func told(_ value: JSONObject, of id: String = Self.added) throws -> JSONValue {
        var participant = try #require(participant(id).object)
        var said = value
        said["url"] = "urn:socle:fhir:information"
        participant["extension"] = [.object(said)]
        return .object(participant)
    }

    @Test("how the patient was told is one of a closed list: any other word is refused, and nobody joins untold")
    func information() async throws {
        try await with { fixture in
            for word in ["none", "non", "not-told", "Oral", "paper", "oral,papier"] {
                let refused = await put(fixture, [try told(["valueCode": .string(word)])])
                #expect(refused.status == 422, "\(word)")
                #expect(refused.issue == "code-invalid CareTeam.participant[0].extension[0].valueCode", "\(word)")
            }
            #expect(await put(fixture, [try told(["valueString": "oral"])]).status == 422)
            #expect(await put(fixture, [try told(["valueBoolean": false])]).status == 422)
            try await expectNotices(0, fixture)
            let members = [
                try told(["valueCode": "oral"]), try told(["valueCode": "papier"], of: "899700100044"),
                try told(["valueCode": "dematerialise"], of: Ward.nurse),
            ]
            #expect(await put(fixture, members).status == 201)
            try await expectNotices(0, fixture)
            let patient = try #require(PatientIdentifier("PAT-1"))
            let file = try await StoredAccessRecords(database: fixture.access.database).file(of: patient)
            let forms = file.memberships.compactMap(\.information)
            #expect(Set(forms) == Set(Membership.Information.allCases))
        }
    }

    @Test("who joins later is told so, with the day; who has joined, as one who has") func later() async throws {
        try await with { fixture in
            var later = try #require(participant(Self.added).object)
            later["period"] = ["start": "2027-06-01"]
            #expect(await put(fixture, [.object(later), participant("899700100044")]).status == 201)
            let notices = try await StoredNotices(fixture.access.database).followed(waitingOnly: true, limit: 100)
            let texts = notices.sorted { $0.notice.about < $1.notice.about }.map(\.text)
            #expect(texts.count == 2)
            #expect(
                texts.first?.french
                    == "Dr 899700100033 fera partie de votre cercle de soins à partir du 01/06/2027 à 00:00 (ajout le "
                    + "02/11/2026 à 10:00). Vous pouvez vous y opposer à tout moment.")
            #expect(
                texts.first?.english
                    == "Dr 899700100033 was added to your care team on 02/11/2026 at 10:00, from 01/06/2027 at 00:00 on. "
                    + "You may oppose this at any time.")
            #expect(texts.last?.french.contains("fait maintenant partie") == true)
        }
    }

    @Test("a professional is named by a reference, never by their number as a text") func text() async throws {
        try await with { fixture in
            var participant = try #require(participant(Self.added).object)
            participant["extension"] = [["url": "urn:socle:fhir:added-by", "valueString": "899700100044"]]
            #expect(await put(fixture, [.object(participant)]).status == 422)
            participant["extension"] = [["url": "urn:socle:fhir:added-by", "valueString": "secretariat"]]
            #expect(await put(fixture, [.object(participant)]).status == 201)
        }
    }
}
