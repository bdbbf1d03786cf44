// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleConsent
import SocleFHIR
import SocleIdentity
import SocleJSON
import SocleServer
import SocleStore
import Testing

@Suite("FHIR and people on record · read, found by id, and never written over unseen")
struct PresentedPersonTests {
    private static let physician = "810001234573"

    private func with(_ body: (FHIRFixture) async throws -> Void) async throws {
        try await FHIRFixture.with { fixture in
            let structure = try #require(StructureIdentifier("STR-CH"))
            let parent = try #require(StructureIdentifier("STR-GHT"))
            try await fixture.access.write([
                PersonChange.patient(
                    Patient(
                        id: try #require(PatientIdentifier("PAT-JEANNE")), name: "Jeanne Martin",
                        ins: INS("269054958815780"), insStatus: .qualified, birthDate: CalendarDate("1969-05-12"),
                        capacity: .unableToExpress, alive: false)),
                PersonChange.professional(
                    Professional(
                        id: try #require(ProfessionalIdentifier(Self.physician)), name: "Dr Paul Nadir",
                        givenName: "Paul", familyName: "Nadir",
                        profession: CodedConcept(code: "10", system: CodeSystem.healthProfessions), speciality: "SM26",
                        registryStatus: .struckOff,
                        activities: [Activity(structure: structure, kind: "cabinet", sector: "SA08", mode: "L")])),
                PersonChange.structure(
                    Structure(
                        id: structure, name: "CH du Val", type: "ETAB_MCO", finess: FINESS("940000581"), parent: parent,
                        teamCapable: false)),
            ])
            try await body(fixture)
        }
    }

    private static let paths = ["/Patient/PAT-JEANNE", "/Practitioner/\(physician)", "/Organization/STR-CH"]

    private func records(_ fixture: FHIRFixture) async throws -> Surroundings {
        var needs = Surroundings.Needs()
        needs.patients = Set(["PAT-JEANNE", "PAT-CHILD"].compactMap { PatientIdentifier($0) })
        needs.professionals = [try #require(ProfessionalIdentifier(Self.physician))]
        needs.structures = [try #require(StructureIdentifier("STR-CH"))]
        return try await StoredFHIRRecords(database: fixture.access.database).surroundings(needs)
    }

    private func expectSame(_ fixture: FHIRFixture, _ before: Surroundings) async throws {
        let now = try await records(fixture)
        #expect(now.patients == before.patients)
        #expect(now.professionals == before.professionals)
        #expect(now.structures == before.structures)
    }

    @Test("each is version 1 of a resource, made from the record; sent back as it is, it says the same") func read()
        async throws
    {
        try await with { fixture in
            let before = try await records(fixture)
            for path in Self.paths {
                let read = await fixture.send(.get, path)
                #expect(read.status == 200 && read.eTag == "W/\"1\"", "\(path)")
                #expect(await fixture.send(.get, path).json == read.json)
                #expect(await fixture.send(.get, path + "/_history/1").json == read.json)
                #expect(await fixture.send(.put, path, read.json, match: "W/\"1\"").eTag == "W/\"2\"")
                try await expectSame(fixture, before)
            }
            let patient = await fixture.send(.get, "/Patient/PAT-JEANNE").json
            for word in ["Jeanne Martin", "269054958815780", "QUAL", "1969-05-12", "unable_to_express"] {
                #expect(patient.text.contains(word), "\(word)")
            }
            #expect(patient["deceasedBoolean"]?.bool == true)
            let person = await fixture.send(.get, "/Practitioner/\(Self.physician)").json
            #expect(
                person["active"]?.bool == false && person.text.contains("10001234573") && person.text.contains("SM26"))
            let place = await fixture.send(.get, "/Organization/STR-CH").json
            #expect(place["partOf"]?["reference"] == "Organization/STR-GHT" && place.text.contains("ETAB_MCO"))
        }
    }

    @Test("each is found by its id, and a name that nothing bears is not") func found() async throws {
        try await with { fixture in
            let found = await fixture.send(.get, "/Patient", query: "_id=PAT-JEANNE,PAT-NONE")
            #expect(found.ids == ["PAT-JEANNE"])
            #expect(await fixture.send(.get, "/Organization", query: "_id=STR-CH").ids == ["STR-CH"])
            let numbers = [
                ("Patient", "identifier=urn:oid:1.2.250.1.213.1.4.8%7C269054958815780", ["PAT-JEANNE"]),
                ("Practitioner", "identifier=https://rpps.esante.gouv.fr%7C10001234573,x", [Self.physician]),
                ("Organization", "identifier=940000581", ["STR-CH"]),
                ("Organization", "identifier=https://finess.esante.gouv.fr%7C", ["STR-CH"]),
                ("Patient", "identifier=269054958815781", []), ("Practitioner", "identifier=STR-CH", []),
            ]
            for (type, query, ids) in numbers {
                #expect(await fixture.send(.get, "/\(type)", query: query).ids == ids, "\(query)")
            }
            for path in ["/Patient/PAT-NONE", "/Practitioner/PAT-JEANNE", "/Organization/STR-GHT", "/Patient/STR-CH"] {
                #expect(await fixture.send(.get, path).status == 404, "\(path)")
            }
        }
    }

    @Test("a write that has not seen the record is refused, and changes nothing") func unseen() async throws {
        try await with { fixture in
            let before = try await records(fixture)
            let patient = Sample.patient("PAT-JEANNE")
            #expect(await fixture.send(.put, "/Patient/PAT-JEANNE", patient).status == 428)
            #expect(await fixture.send(.put, "/Patient/PAT-JEANNE", patient, match: "W/\"2\"").status == 412)
            let absent = await fixture.send(.put, "/Patient/PAT-JEANNE", patient, fields: [.ifNoneMatch: "*"])
            #expect(absent.status == 412)
            let practitioner: JSONValue = [
                "resourceType": "Practitioner",
                "identifier": [["system": "https://rpps.esante.gouv.fr", "value": "10001234573"]],
                "name": [["family": "Autre"]],
                "qualification": [["code": ["coding": [["system": "urn:oid:1.2.250.1.71.1.2.7", "code": "10"]]]]],
            ]
            #expect(await fixture.send(.post, "/Practitioner", practitioner).status == 409)
            let place: JSONValue = ["resourceType": "Organization", "id": "STR-CH", "name": "Autre"]
            let bundle: JSONValue = [
                "resourceType": "Bundle", "type": "transaction",
                "entry": [["resource": place, "request": ["method": "PUT", "url": "Organization/STR-CH"]]],
            ]
            #expect(await fixture.send(.post, "", bundle).status == 428)
            try await expectSame(fixture, before)
        }
    }

    @Test("a record changed by other means is the next version: what was read before is not written back")
    func changed()
        async throws
    {
        try await with { fixture in
            var sent = try #require(await fixture.send(.get, "/Patient/PAT-JEANNE").json.object)
            sent["telecom"] = [["system": "phone", "value": "0102030405"]]
            sent["identifier"] = .array(
                (sent["identifier"]?.array ?? []) + [["system": "urn:app", "value": "42"]])
            let written = await fixture.send(.put, "/Patient/PAT-JEANNE", .object(sent), match: "W/\"1\"")
            #expect(written.eTag == "W/\"2\"")
            try await fixture.access.write([
                PersonChange.patient(
                    Patient(
                        id: try #require(PatientIdentifier("PAT-JEANNE")), name: "Jeanne Martin-Roux",
                        ins: INS("269054958815780"), insStatus: .validated, birthDate: CalendarDate("1969-05-12"),
                        capacity: .able, alive: true))
            ])
            #expect(await fixture.send(.put, "/Patient/PAT-JEANNE", written.json, match: "W/\"2\"").status == 412)
            let read = await fixture.send(.get, "/Patient/PAT-JEANNE")
            #expect(read.eTag == "W/\"3\"")
            for word in ["Martin-Roux", "VALI", "0102030405", "urn:app", "269054958815780"] {
                #expect(read.json.text.contains(word), "\(word)")
            }
            for word in ["QUAL", "unable_to_express", "deceased"] { #expect(!read.json.text.contains(word), "\(word)") }
            #expect(await fixture.send(.get, "/Patient/PAT-JEANNE").eTag == "W/\"3\"", "once")
        }
    }

    @Test("what a resource said before it was read as today is not taken away, and is the record's once written again")
    func readOtherwise() async throws {
        try await with { fixture in
            // A date known in part was none, and an ended qualification gave the profession.
            let child = "/Patient/PAT-CHILD"
            var patient = try #require(Sample.patient("PAT-CHILD").object)
            patient["birthDate"] = "2015"
            #expect(await fixture.send(.put, child, .object(patient)).status == 201)
            let id = try #require(PatientIdentifier("PAT-CHILD"))
            var recorded = try #require(try await records(fixture).patients[id]?.patient)
            #expect(recorded.capacity == .minor)
            (recorded.birthDate, recorded.capacity) = (nil, .able)
            let path = "/Practitioner/\(Self.physician)"
            var sent = try #require(await fixture.send(.get, path).json.object)
            func qualification(_ code: String, _ period: JSONValue) -> JSONValue {
                [
                    "code": ["coding": [["system": "urn:oid:1.2.250.1.71.1.2.7", "code": .string(code)]]],
                    "period": period,
                ]
            }
            sent["active"] = true
            sent["qualification"] = [
                qualification("10", ["start": "2000", "end": "2019"]), qualification("60", ["start": "2020"]),
            ]
            #expect(await fixture.send(.put, path, .object(sent), match: "W/\"1\"").eTag == "W/\"2\"")
            let number = try #require(ProfessionalIdentifier(Self.physician))
            var professional = try #require(try await records(fixture).professionals[number])
            #expect(professional.profession.code == "60")
            professional.profession.code = "10"
            try await fixture.access.write([PersonChange.patient(recorded), PersonChange.professional(professional)])

            let (young, working) = (await fixture.send(.get, child), await fixture.send(.get, path))
            #expect(young.json["birthDate"] == "2015" && young.eTag == "W/\"1\"")
            #expect(working.json["qualification"] == sent["qualification"] && working.eTag == "W/\"2\"")
            #expect(await fixture.send(.put, child, young.json, match: "W/\"1\"").eTag == "W/\"2\"")
            #expect(await fixture.send(.put, path, working.json, match: "W/\"2\"").eTag == "W/\"3\"")
            let after = try await records(fixture)
            #expect(after.patients[id]?.patient?.capacity == .minor)
            #expect(after.professionals[number]?.profession.code == "60")
            // Another that nobody wrote here is shown.
            professional.profession.code = "50"
            try await fixture.access.write([PersonChange.professional(professional)])
            let shown = await fixture.send(.get, path)
            #expect(shown.eTag == "W/\"4\"" && shown.json.text.contains("\"50\""))
        }
    }

    @Test("a strike-off that an application says nothing of stays, and is shown; an ended qualification is kept")
    func struckOff() async throws {
        try await with { fixture in
            let path = "/Practitioner/\(Self.physician)"
            var sent = try #require(await fixture.send(.get, path).json.object)
            sent["active"] = nil
            let ended: JSONValue = [
                "code": ["coding": [["system": "urn:oid:1.2.250.1.71.1.2.7", "code": "60"]]],
                "period": ["start": "2010", "end": "2015"],
            ]
            sent["qualification"] = .array([ended] + (sent["qualification"]?.array ?? []))
            #expect(await fixture.send(.put, path, .object(sent), match: "W/\"1\"").eTag == "W/\"2\"")
            let id = try #require(ProfessionalIdentifier(Self.physician))
            let stored = try await records(fixture).professionals[id]
            #expect(stored?.registryStatus == .struckOff && stored?.profession.code == "10")
            let read = await fixture.send(.get, path)
            #expect(read.eTag == "W/\"3\"" && read.json["active"] == false)
            #expect(read.json["qualification"]?.array?.count == 3)
            #expect(await fixture.send(.get, path).eTag == "W/\"3\"", "once")
            var changed = try #require(stored)
            changed.profession.code = "50"
            try await fixture.access.write([PersonChange.professional(changed)])
            let next = await fixture.send(.get, path).json
            #expect(next["qualification"]?.array?.contains(ended) == true && next.text.contains("\"50\""))
            sent["active"] = true
            #expect(await fixture.send(.put, path, .object(sent), match: "W/\"4\"").status == 200)
            #expect(try await records(fixture).professionals[id]?.registryStatus == .active)
        }
    }

    @Test("what others say of a record's name, qualifications and type stays, when the record changes") func others()
        async throws
    {
        try await with { fixture in
            func send(_ path: String, adding additions: [String: JSONValue]) async throws {
                var sent = try #require(await fixture.send(.get, path).json.object)
                for (name, value) in additions { sent[name] = .array((sent[name]?.array ?? []) + [value]) }
                #expect(await fixture.send(.put, path, .object(sent), match: "W/\"1\"").status == 200, "\(path)")
            }
            try await send("/Patient/PAT-JEANNE", adding: ["name": ["use": "maiden", "text": "Jeanne Fille"]])
            let role: JSONValue = ["code": ["coding": [["system": "urn:app:role", "code": "lead"]]]]
            try await send("/Practitioner/\(Self.physician)", adding: ["qualification": role])
            try await send(
                "/Organization/STR-CH", adding: ["type": ["coding": [["system": "urn:app:type", "code": "t"]]]])
            let (patient, nurse, place) = try (
                #require(PatientIdentifier("PAT-JEANNE")), #require(ProfessionalIdentifier(Self.physician)),
                #require(StructureIdentifier("STR-CH"))
            )
            try await fixture.access.write([
                PersonChange.patient(Patient(id: patient, name: "Jeanne Neuve")),
                PersonChange.professional(
                    Professional(
                        id: nurse, name: "Autre Nom",
                        profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions))),
                PersonChange.structure(Structure(id: place, name: "Autre", type: "EHPAD")),
            ])
            let found = [
                ("/Patient/PAT-JEANNE", ["Jeanne Neuve", "Jeanne Fille"], "Jeanne Martin"),
                ("/Practitioner/\(Self.physician)", ["Autre Nom", "urn:app:role", "\"60\""], "SM26"),
                ("/Organization/STR-CH", ["Autre", "urn:app:type", "EHPAD"], "ETAB_MCO"),
            ]
            for (path, words, gone) in found {
                let read = await fixture.send(.get, path)
                #expect(read.eTag == "W/\"3\"", "\(path)")
                for word in words { #expect(read.json.text.contains(word), "\(path) \(word)") }
                #expect(!read.json.text.contains(gone), "\(path)")
                #expect(await fixture.send(.get, path).eTag == "W/\"3\"", "once")
            }
        }
    }
}
