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
        participant(in: "Practitioner/\(id)", by: adder.map { "Practitioner/\($0)" }, end: end)
    }

    private func participant(
        in member: String, by adder: String? = nil, end: String? = nil, basis: String? = nil
    ) -> JSONValue {
        var participant: JSONObject = ["member": ["reference": .string(member)], "period": ["start": "2026-01-01"]]
        if let end { participant["period"] = ["start": "2026-01-01", "end": .string(end)] }
        if let adder {
            participant["extension"] = [
                [
                    "url": "urn:socle:fhir:added-by",
                    "valueReference": ["reference": .string(adder)],
                ]
            ]
        }
        if let basis {
            participant["extension"] = [["url": "urn:socle:fhir:legal-basis", "valueCode": .string(basis)]]
        }
        return .object(participant)
    }

    private func put(
        _ fixture: FHIRFixture, _ participants: [JSONValue], match: String? = nil, of patient: String = "PAT-1",
        as id: String = "t"
    ) async -> FHIRAnswer {
        var team = Sample.team(id, .array(participants)).object ?? JSONObject()
        team["subject"] = ["reference": .string("Patient/\(patient)")]
        return await fixture.send(.put, "/CareTeam/\(id)", .object(team), match: match)
    }

    private func write(_ fixture: FHIRFixture, _ id: String, in places: [String], struckOff: Bool = false) async throws
    {
        let activities = try places.map {
            Activity(structure: try #require(StructureIdentifier($0)), kind: "cabinet", sector: "SA07", mode: "L")
        }
        try await fixture.access.write([
            PersonChange.professional(
                Professional(
                    id: try #require(ProfessionalIdentifier(id)), name: "Dr \(id)",
                    profession: CodedConcept(code: "10", system: CodeSystem.healthProfessions),
                    registryStatus: struckOff ? .struckOff : .active, activities: activities))
        ])
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

    @Test("who exercises in a structure that forms no team adds nobody by it, whatever lists it (CSP L.1110-12 1°)")
    func places() async throws {
        try await with { fixture in
            let adder = "899700100044"
            for (id, type) in [("STR-CAB", "CABINET"), ("STR-MSP", "MSP")] {
                try await fixture.access.write([
                    PersonChange.structure(
                        Structure(id: try #require(StructureIdentifier(id)), name: id, type: type))
                ])
                try await write(fixture, adder, in: [id])
                let added = participant(Self.added, by: adder)
                let expected = type == "MSP" ? 201 : 422
                let listed = participant(in: "Organization/\(id)")
                #expect(await put(fixture, [added], as: "no-\(id)").status == 422, "listed nowhere")
                #expect(await put(fixture, [listed, added], as: "beside-\(id)").status == expected, "\(type)")
                #expect(await put(fixture, [listed], as: "other-\(id)").status == 201)
                #expect(await put(fixture, [added], as: "by-\(id)").status == expected, "\(type)")
            }
            // Recognised by the patient (2°), a practice is of the team as any other structure.
            try await write(fixture, adder, in: ["STR-CAB"])
            let recognised = participant(in: "Organization/STR-CAB", basis: "L1110-12-2")
            let both = [recognised, participant(Self.added, by: adder)]
            #expect(await put(fixture, both, as: "recognised").status == 201)
        }
    }

    @Test("of two records that are one person's the members of either add, and nobody else") func merged() async throws
    {
        try await with { fixture in
            let patients = try (1...3).map { try #require(PatientIdentifier("PAT-\($0)")) }
            let (former, start) = ("899700100044", Instant(seconds: 1_700_000_000))
            try await fixture.access.write([
                PersonChange.patient(Patient(id: patients[1])), PersonChange.patient(Patient(id: patients[2])),
                IdentityChange.merge(survivor: patients[0], absorbed: patients[1], at: start),
                IdentityChange.merge(survivor: patients[1], absorbed: patients[2], at: start),
            ])
            for patient in ["PAT-1", "PAT-2", "PAT-3"] {
                let answer = await put(fixture, [participant(Self.added, by: former)], of: patient)
                #expect(answer.status == 422, "\(patient)")
                #expect(answer.issue?.hasPrefix("business-rule CareTeam.participant[") == true)
                let answered = await put(
                    fixture, [participant(Self.added, by: Ward.nurse)], of: patient, as: "nurse-\(patient)")
                #expect(answered.status == 201, "\(patient)")
            }
            try await fixture.access.write([
                ConsentChange.join(
                    Membership(
                        id: "m3", patient: patients[2],
                        member: .professional(try #require(ProfessionalIdentifier(former))),
                        period: Period(start: start), legalBasis: .recognised))
            ])
            #expect(await put(fixture, [participant(Self.added, by: former)]).status == 201)
            try await fixture.access.write([IdentityChange.split(absorbed: patients[1], at: Ward.now)])
            let again = [participant(Self.added, by: former)]
            #expect(await put(fixture, again, as: "apart").status == 422)
            #expect(await put(fixture, again, of: "PAT-2", as: "together").status == 201)
        }
    }

    @Test("who was struck off adds nobody, as a member or by a place") func struckOff() async throws {
        try await with { fixture in
            try await fixture.access.write([
                PersonChange.structure(
                    Structure(id: try #require(StructureIdentifier("STR-MSP")), name: "MSP", type: "MSP"))
            ])
            try await write(fixture, Ward.nurse, in: ["STR-MSP"], struckOff: true)
            let team = [participant(in: "Organization/STR-MSP"), participant(Self.added, by: Ward.nurse)]
            #expect(await put(fixture, team).status == 422)
            try await write(fixture, Ward.nurse, in: [])
            #expect(await put(fixture, team).status == 201, "as a member")
        }
    }

    @Test("a member may be named by a role of theirs, whatever its id") func roles() async throws {
        try await with { fixture in
            try await fixture.access.write([
                PersonChange.structure(
                    Structure(id: try #require(StructureIdentifier("STR-1")), name: "Cabinet", type: "CABINET"))
            ])
            for (role, professional) in [("role-n", Ward.nurse), ("role-s", "899700100044")] {
                let resource: JSONValue = [
                    "resourceType": "PractitionerRole", "id": .string(role),
                    "practitioner": ["reference": .string("Practitioner/\(professional)")],
                    "organization": ["reference": "Organization/STR-1"],
                ]
                #expect(await fixture.send(.put, "/PractitionerRole/\(role)", resource).status == 201)
            }
            let (added, roles) = ("Practitioner/\(Self.added)", "PractitionerRole/")
            for (role, status) in [
                ("role-s", 422), ("899700100044-CAB", 422), ("role-n", 201), ("\(Ward.nurse)-CAB", 201),
            ] {
                let answer = await put(fixture, [participant(in: added, by: roles + role)], as: "by-\(role)")
                #expect(answer.status == status, "\(role): \(answer.json.text)")
            }
        }
    }
}
