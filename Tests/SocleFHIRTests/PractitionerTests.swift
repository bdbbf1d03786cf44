// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import Testing

@Suite("Practitioners · a profession that is theirs now, and a standing that is said")
struct PractitionerTests {
    @Test("an ended qualification gives no profession; with no other one it is refused") func ended() throws {
        var directory = try Directory()
        let past = #""start":"2010-01-01","end":"2020-01-01""#
        #expect(try directory.person(("10", past), ("60", nil))?.profession.code == "60")
        #expect(try directory.person(("60", #""start":"2015-01-01""#), ("10", nil))?.profession.code == "60")
        #expect(fault { _ = try directory.person(("10", past)) } == "Practitioner.qualification")
        let specialities = #"""
            ,"qualification":[{"code":{"coding":[{"system":"urn:oid:1.2.250.1.71.1.2.7","code":"10"}]}},
            {"code":{"coding":[{"system":"urn:oid:1.2.250.1.71.4.2.5","code":"SM26"}]},"period":{\#(past)}},
            {"code":{"coding":[{"system":"urn:oid:1.2.250.1.71.4.2.5","code":"SM54"}]}}]
            """#
        let person = try directory.write(
            #"{"resourceType":"Practitioner","id":"899700100022","name":[{"text":"P"}]\#(specialities)}"#)
        #expect(person?.speciality == "SM54")
    }

    @Test("a profession that begins or ends later is refused, for nothing would begin or end it then") func later()
        throws
    {
        var directory = try Directory()
        for (period, name) in [
            (#""start":"2027-01-01""#, "start"), (#""end":"2026-11-30""#, "end"),
            (#""start":"2020-01-01","end":"2027-01-01""#, "end"),
            (#""start":"2020-01-01","_end":{"extension":[{"url":"urn:x","valueCode":"unknown"}]}"#, "end"),
        ] {
            let place = fault { _ = try directory.person(("60", nil), ("10", period)) }
            #expect(place == "Practitioner.qualification[1].period.\(name)", "\(period)")
        }
        // What records do not hold may have any period.
        let other =
            #","qualification":[{"code":{"coding":[{"system":"urn:x","code":"y"}]},"period":{"end":"2099"}},"#
            + #"{"code":{"coding":[{"system":"urn:oid:1.2.250.1.71.1.2.7","code":"10"}]}}]"#
        let person = try directory.write(
            #"{"resourceType":"Practitioner","id":"899700100022","name":[{"text":"P"}]\#(other)}"#)
        #expect(person?.profession.code == "10")
    }

    @Test("a strike-off stays until `active: true` is said") func struckOff() throws {
        var directory = try Directory()
        #expect(try directory.person(("10", nil))?.registryStatus == .active)
        let unsaid = #","_active":{"extension":[{"url":"urn:x","valueCode":"unknown"}]}"#
        for (members, status) in [
            (#","active":false"#, Professional.RegistryStatus.struckOff), ("", .struckOff), (unsaid, .struckOff),
            (#","active":true"#, .active), ("", .active),
        ] {
            #expect(try directory.person(("10", nil), members: members)?.registryStatus == status, "\(members)")
        }
    }
}
