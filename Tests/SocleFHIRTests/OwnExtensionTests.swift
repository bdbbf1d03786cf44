// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@testable import SocleFHIR

@Suite("Extensions of ours · read as they were meant, or refused: passed over, what they restrict would open")
struct OwnExtensionTests {
    /// Where the fault is, nil when there is none.
    private func fault(_ json: String) throws -> String? {
        let resource = try Resource(Examples.json(json))
        do throws(FHIRRefusal) {
            try resource.expectOwnExtensions()
            return nil
        } catch {
            #expect(error.status == 422)
            return error.issues.first?.expression
        }
    }

    private func consent(_ members: String, status: String = "active") throws -> String? {
        try fault(
            #"""
            {"resourceType":"Consent","id":"c","status":"\#(status)","patient":{"reference":"Patient/p"},
            "scope":{"coding":[{"code":"patient-privacy",
            "system":"http://terminology.hl7.org/CodeSystem/consentscope"}]},
            "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}]\#(members)}
            """#)
    }

    @Test("each is read where it stands, with a value of its type") func read() throws {
        #expect(
            try consent(
                #"""
                ,"extension":[{"url":"urn:socle:fhir:informed","valueBoolean":false},
                {"url":"urn:socle:fhir:recorded-by","valueReference":{"reference":"Practitioner/1"}},
                {"url":"urn:socle:fhir:evidence","valueCode":"papier"},{"url":"urn:example:x","valueCode":"x"}],
                "provision":{"type":"permit","extension":[{"url":"urn:socle:fhir:place-kind","valueCode":"dac"},
                {"url":"urn:socle:fhir:place-kind","valueCode":"cabinet"}]}
                """#) == nil)
        let team = #"""
            {"resourceType":"CareTeam","id":"t","subject":{"reference":"Patient/p"},"participant":[{
            "member":{"reference":"Practitioner/1"},"extension":[
            {"url":"urn:socle:fhir:legal-basis","valueCode":"L1110-12-2"},
            {"url":"urn:socle:fhir:added-by","valueString":"sub"},
            {"url":"urn:socle:fhir:information","valueCode":"oral"}]}]}
            """#
        #expect(try fault(team) == nil)
        #expect(
            try fault(
                #"""
                {"resourceType":"Patient","id":"p","extension":[{"url":"urn:socle:fhir:capacity","valueCode":"minor"}]}
                """#) == nil)
    }

    @Test(
        "another type, another name, another place and a second one are refused, with their place",
        arguments: [
            (#","extension":[{"url":"urn:socle:fhir:informed","valueString":"false"}]"#, "Consent.extension[0]"),
            (#","extension":[{"url":"urn:socle:fhir:Informed","valueBoolean":false}]"#, "Consent.extension[0]"),
            (#","extension":[{"url":"URN:socle:fhir:informed","valueBoolean":false}]"#, "Consent.extension[0]"),
            (#","extension":[{"url":"urn:socle:fhir:inform","valueBoolean":false}]"#, "Consent.extension[0]"),
            (#","extension":[{"url":"urn:socle:informed","valueBoolean":false}]"#, "Consent.extension[0]"),
            (
                #"""
                ,"extension":[{"url":"urn:socle:fhir:informed","valueBoolean":true},
                {"url":"urn:socle:fhir:informed","valueBoolean":false}]
                """#, "Consent.extension[1]"
            ),
            (
                #","policy":[{"uri":"urn:x","extension":[{"url":"urn:socle:fhir:informed","valueBoolean":false}]}]"#,
                "Consent.policy[0].extension[0]"
            ),
            (
                #","meta":{"extension":[{"url":"urn:socle:fhir:informed","valueBoolean":false}]}"#,
                "Consent.meta.extension[0]"
            ),
            (#","extension":[{"url":"urn:socle:fhir:place-kind","valueCode":"dac"}]"#, "Consent.extension[0]"),
            (
                #","provision":{"provision":[{"extension":[{"url":"urn:socle:fhir:place-kind","valueCode":"dac"}]}]}"#,
                "Consent.provision.provision[0].extension[0]"
            ),
            (
                #"""
                ,"extension":[{"url":"urn:x","extension":[{"url":"urn:socle:fhir:informed","valueBoolean":false}]}]
                """#, "Consent.extension[0].extension[0]"
            ),
            (
                #","_dateTime":{"extension":[{"url":"urn:socle:fhir:informed","valueBoolean":false}]}"#,
                "Consent._dateTime.extension[0]"
            ),
        ])
    func refused(_ members: String, _ place: String) throws {
        #expect(try consent(members) == place)
        #expect(try consent(members, status: "inactive") == nil, "what ends a consent is taken however it is written")
    }

    @Test("those of teams, places and patients likewise", arguments: ["CareTeam", "Organization", "Patient"])
    func others(type: String) throws {
        let (inside, url, value) =
            switch type {
            case "CareTeam": (#""participant":[{EXT}],"subject":{"reference":"Patient/p"}"#, "legal-basis", "cercle")
            case "Organization": (#""name":"A",EXT"#, "team-capable", "false")
            default: ("EXT", "capacity", "minor")
            }
        let text = #""extension":[{"url":"urn:socle:fhir:\#(url)","valueString":"\#(value)"}]"#
        let json = #"{"resourceType":"\#(type)","id":"x",\#(inside.replacing("EXT", with: text))}"#
        #expect(try fault(json)?.hasSuffix("extension[0]") == true)
    }

    @Test("a patient who is not in use loses nothing that is said of them; a place that ends is taken")
    func notInUse() throws {
        func resource(_ type: String, _ url: String) -> String {
            #"{"resourceType":"\#(type)","id":"x","active":false,"extension":[{"url":"\#(url)","valueCode":"x"}]}"#
        }
        #expect(try fault(resource("Patient", "urn:socle:fhir:capacty")) == "Patient.extension[0]")
        #expect(try fault(resource("Organization", "urn:socle:fhir:team-capabl")) == nil)
    }

    @Test("a contained copy says what that resource says, and no more") func contained() throws {
        func team(_ url: String) -> String {
            #"{"resourceType":"CareTeam","id":"t","contained":[{"resourceType":"Organization","id":"o","extension":["#
                + #"{"url":"\#(url)","valueBoolean":true}]}]}"#
        }
        #expect(try fault(team("urn:socle:fhir:team-capable")) == nil)
        #expect(try fault(team("urn:socle:fhir:informed"))?.hasSuffix("contained[0].extension[0]") == true)
    }
}
