// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import SocleFHIR

@Suite("Patients · what a resource says of one")
struct PatientTests {
    private func patient(_ members: String) throws -> Patient? {
        let json = try Examples.json(#"{"resourceType":"Patient","id":"p"\#(members)}"#)
        let context = PlanContext(
            base: "https://socle.test/fhir", now: Instant(seconds: 1_793_610_000), actor: "client")
        var around = Surroundings()
        let plan = try Resource(json).plan(id: "p", context, &around)
        guard case .patient(let patient) = plan.changes.first as? PersonChange else { return nil }
        return patient
    }

    @Test(
        "a death is one whatever is unknown of it; a patient lives where none is said, or where it is denied",
        arguments: [
            ("", true), (#","deceasedBoolean":false"#, true), (#","deceasedBoolean":true"#, false),
            (#","deceasedDateTime":"2026-03-01""#, false),
            (#","_deceasedDateTime":{"extension":[{"url":"urn:x","valueCode":"unknown"}]}"#, false),
            (#","_deceasedBoolean":{"extension":[{"url":"urn:x","valueCode":"unknown"}]}"#, false),
            (
                #","deceasedBoolean":false,"_deceasedBoolean":{"extension":[{"url":"urn:x","valueCode":"a"}]}"#, true
            ),
        ])
    func death(_ members: String, _ isAlive: Bool) throws {
        #expect(try patient(members)?.alive == isAlive)
    }

    @Test("a number whose key is wrong is nobody's INS; a qualified identity needs one whose key is right") func ins()
        throws
    {
        func members(_ key: String, _ status: String) -> String {
            #"""
            ,"identifier":[{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2690549588157\#(key)"}],
            "extension":[{"url":"https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability",
            "extension":[{"url":"identityStatus","valueCoding":{"code":"\#(status)"}}]}]
            """#
        }
        #expect(try patient(members("80", "QUAL"))?.ins?.key == "80")
        #expect(try patient(members("80", "VALI"))?.ins?.key == "80")
        let unkept = try patient(members("81", "VALI"))
        #expect(unkept != nil && unkept?.ins == nil)
        #expect(throws: FHIRRefusal.self) { try patient(members("81", "QUAL")) }
    }

    @Test("who is a minor follows from the date of birth, each time it is said; what was said beside it stays")
    func capacity() throws {
        func after(_ known: Patient?, _ date: String?, said: String? = nil) throws -> Patient {
            var json: JSONObject = ["resourceType": "Patient", "id": "p"]
            json["birthDate"] = date.map(JSONValue.string)
            if let said { json["extension"] = [["url": "urn:socle:fhir:capacity", "valueCode": .string(said)]] }
            var around = Surroundings()
            let id = try #require(PatientIdentifier("p"))
            around.patients[id] = Surroundings.PatientRecords(patient: known)
            let context = PlanContext(base: "https://socle.test/fhir", now: Self.now, actor: "client")
            let plan = try Resource(.object(json)).plan(id: "p", context, &around)
            guard case .patient(let patient) = plan.changes.first as? PersonChange else { throw Unplanned() }
            return patient
        }
        let child = try after(nil, "2015-03-04")
        #expect(child.capacity == .minor)
        for partial in ["2015", "2015-03", "2008", "2008-11"] {
            let patient = try after(nil, partial)
            #expect(patient.capacity == .minor, "\(partial)")
            #expect(try after(patient, "1985").capacity == .able, "corrected")
            #expect(try after(patient, nil).capacity == .minor, "a date that is not said stays")
        }
        #expect(try after(nil, "2015").birthDate == CalendarDate("2015-12-31"))
        #expect(try after(nil, "2016-02").birthDate == CalendarDate("2016-02-29"))
        for wrong in [nil, "1985", "1915-05-04"] {
            let adult = try after(nil, wrong)
            #expect(adult.capacity == .able)
            #expect(try after(adult, "2015-03-04").capacity == .minor, "\(wrong ?? "-")")
        }
        // Emancipated, protected, or a minor of an unknown date: said, and kept.
        let emancipated = try after(child, "2009-03-04", said: "able")
        #expect(try after(emancipated, "2009-03-05").capacity == .able)
        let said = try after(nil, nil, said: "minor")
        #expect(try after(said, nil).capacity == .minor)
        #expect(try after(said, "1985-01-01").capacity == .able)
        let protected = try after(nil, "1950-01-01", said: "unable_to_express")
        #expect(try after(protected, "1951-01-01").capacity == .unableToExpress)
    }

    private struct Unplanned: Error {}
    private static let now = Instant(seconds: 1_793_610_000)
}
