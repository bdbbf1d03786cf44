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
}
