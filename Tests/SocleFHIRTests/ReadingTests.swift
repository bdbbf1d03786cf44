// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@testable import SocleFHIR

private func issues(_ text: String) throws -> [SocleFHIR.Issue] {
    let json = try Examples.json(text)
    do throws(FHIRRefusal) {
        _ = try Resource(json)
        return []
    } catch {
        return error.issues
    }
}

private func fault(_ text: String) throws -> String? {
    try issues(text).first.map { "\($0.code.rawValue) \($0.expression ?? "-")" }
}

private let consent = #""resourceType":"Consent","status":"active","scope":{"text":"s"},"category":[{"text":"c"}]"#

@Suite("Reading · FHIR R4: a fault names its element")
struct ReadingTests {
    @Test(
        "each fault is told where it is",
        arguments: [
            (#"{"resourceType":"Patient","nom":"x"}"#, "structure Patient.nom"),
            (#"{"resourceType":"Patient","birthDate":"2026-02-30"}"#, "value Patient.birthDate"),
            (#"{"resourceType":"Patient","birthDate":"2026-02-03T10:00:00Z"}"#, "value Patient.birthDate"),
            (#"{"resourceType":"Patient","gender":"homme"}"#, "code-invalid Patient.gender"),
            (#"{"resourceType":"Patient","active":"true"}"#, "value Patient.active"),
            (#"{"resourceType":"Patient","name":{"family":"x"}}"#, "structure Patient.name"),
            (#"{"resourceType":"Patient","name":[]}"#, "structure Patient.name"),
            (#"{"resourceType":"Patient","gender":["male"]}"#, "structure Patient.gender"),
            (#"{"resourceType":"Patient","name":[{"given":["a",""]}]}"#, "value Patient.name[0].given[1]"),
            (#"{"resourceType":"Patient","name":[{}]}"#, "structure Patient.name[0]"),
            (#"{"resourceType":"Patient","name":["x"]}"#, "structure Patient.name[0]"),
            (
                #"{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2026"}"#,
                "structure Patient.deceasedDateTime"
            ),
            (#"{"resourceType":"Patient","id":"a_b"}"#, "value Patient.id"),
            (#"{"resourceType":"Patient","implicitRules":"urn:x"}"#, "not-supported Patient.implicitRules"),
            (
                #"{"resourceType":"Patient","modifierExtension":[{"url":"urn:x","valueCode":"a"}]}"#,
                "not-supported Patient.modifierExtension"
            ),
            (#"{"resourceType":"Patient","extension":[{"valueCode":"a"}]}"#, "required Patient.extension[0].url"),
            (#"{"resourceType":"Patient","extension":[{"url":"urn:x"}]}"#, "invariant Patient.extension[0]"),
            (
                #"{"resourceType":"Patient","extension":[{"url":"urn:x","valueNothing":"a"}]}"#,
                "structure Patient.extension[0].valueNothing"
            ),
            (#"{"resourceType":"Patient","link":[{"type":"seealso"}]}"#, "required Patient.link[0].other"),
            (#"{"resourceType":"Patient","_gender":{"value":"x"}}"#, "structure Patient.gender"),
            (
                #"{"resourceType":"Patient","managingOrganization":{"type":"Organization"}}"#,
                "invariant Patient.managingOrganization"
            ),
            (
                #"{"resourceType":"Patient","contained":[{"resourceType":"Observation"}]}"#,
                "not-supported Patient.contained[0]"
            ),
            (
                ##"{"resourceType":"Patient","managingOrganization":{"reference":"#o"}}"##,
                "invariant Patient.managingOrganization.reference"
            ),
            (
                ##"{"resourceType":"Patient","extension":[{"url":"urn:x","valueReference":{"reference":"#o"}}]}"##,
                "invariant Patient.extension[0].valueReference.reference"
            ),
            (#"{"resourceType":"Patient","contact":[{"gender":"male"}]}"#, "invariant Patient.contact[0]"),
            (#"{"resourceType":"Consent","status":"active"}"#, "required Consent.category"),
            ("{\(consent),\"provision\":{\"type\":\"allow\"}}", "code-invalid Consent.provision.type"),
            (
                "{\(consent),\"provision\":{\"provision\":[{\"type\":\"deny\",\"actor\":[{\"role\":{\"text\":\"r\"}}]}]}}",
                "required Consent.provision.provision[0].actor[0].reference"
            ),
            (
                "{\(consent),\"provision\":{\"period\":{\"start\":\"2026\",\"end\":\"2025\"}}}",
                "invariant Consent.provision.period"
            ),
            (
                "{\(consent),\"provision\":{\"data\":[{\"meaning\":\"all\",\"reference\":{\"display\":\"d\"}}]}}",
                "code-invalid Consent.provision.data[0].meaning"
            ),
        ])
    func faults(_ text: String, _ expected: String) throws {
        #expect(try fault(text) == expected)
    }

    @Test("several faults are told at once, and no more than twenty") func several() throws {
        #expect(try issues(#"{"resourceType":"Patient","a":1,"b":2}"#).map(\.expression) == ["Patient.a", "Patient.b"])
        let many = (0..<100).map { #""x\#($0)":1"# }.joined(separator: ",")
        #expect(try issues(#"{"resourceType":"Patient",\#(many)}"#).count == 20)
    }

    @Test("a name from outside is not repeated in an answer unless it is one") func names() throws {
        let told = try issues(#"{"resourceType":"Patient","<script>\u0007":1}"#)
        #expect(told.first?.diagnostics == "Patient has no element `?`")
    }

    @Test("extensions are kept, on primitives too") func extensions() throws {
        let text = #"""
            {"resourceType":"Patient","extension":[{"url":"urn:x","valueCodeableConcept":{"text":"t"}}],
            "birthDate":"1984","_birthDate":{"extension":[{"url":"urn:y","valueDateTime":"1984-10-02T10:00:00Z"}]},
            "name":[{"given":["a",null],"_given":[null,{"extension":[{"url":"urn:z","valueBoolean":true}]}]}]}
            """#
        #expect(try issues(text).isEmpty)
    }

    @Test("a contained resource is referred to by its id, and refers to the one that contains it") func contained()
        throws
    {
        let text = ##"""
            {"resourceType":"Patient","managingOrganization":{"reference":"#o"},
            "contained":[{"resourceType":"Organization","id":"o","name":"n","partOf":{"reference":"#p"}},
            {"resourceType":"Organization","id":"p","name":"n","partOf":{"reference":"#"}}],
            "contact":[{"organization":{"reference":"#o"}},{"telecom":[{"value":"1"}]}]}
            """##
        #expect(try issues(text).isEmpty)
    }

    @Test("a version is the resource with our id and meta, and nothing else changed") func stored() throws {
        let resource = try Resource(
            try Examples.json(
                #"{"resourceType":"Patient","meta":{"versionId":"9","profile":["urn:p"]},"id":"x","active":true}"#))
        let expected = try Examples.json(
            #"""
            {"resourceType":"Patient","id":"y","active":true,
            "meta":{"versionId":"2","profile":["urn:p"],"lastUpdated":"2026-11-02T09:15:00.000Z"}}
            """#)
        #expect(
            JSONValue.object(resource.stored(id: "y", version: 2, lastUpdated: "2026-11-02T09:15:00.000Z")) == expected)
    }
}
