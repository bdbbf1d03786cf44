// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import SocleFHIR

/// A professional and the roles that resources say, written one after the other.
struct Directory {
    /// 2 November 2026.
    var now = Instant(seconds: 1_793_610_000)
    var around = Surroundings()

    init() throws {
        for (id, type) in [("STR-DUO", "ETAB_MCO"), ("STR-CAB", "CABINET"), ("STR-SAMU", "SAMU")] {
            let id = try #require(StructureIdentifier(id))
            around.structures[id] = Structure(id: id, name: id.value, type: type)
        }
    }

    mutating func write(_ text: String) throws -> Professional? {
        let resource = try Resource(try Examples.json(text))
        let context = PlanContext(base: "https://socle.test/fhir", now: now, actor: "client")
        // What is refused changes nothing.
        var after = around
        let plan = try resource.plan(id: resource.id ?? "", context, &after)
        around = after
        guard case .professional(let professional) = plan.changes.first as? PersonChange else { return nil }
        return professional
    }

    /// A professional with these qualifications: a code of TRE_G15, and the members of a period.
    mutating func person(_ qualifications: (String, String?)..., members: String = "") throws -> Professional? {
        let list = qualifications.map { code, period in
            #"{"code":{"coding":[{"system":"urn:oid:1.2.250.1.71.1.2.7","code":"\#(code)"}]}"#
                + (period.map { #","period":{\#($0)}"# } ?? "") + "}"
        }
        return try write(
            #"""
            {"resourceType":"Practitioner","id":"899700100022","name":[{"text":"Paul Nadir"}],
            "qualification":[\#(list.joined(separator: ","))]\#(members)}
            """#)
    }

    mutating func role(_ id: String, _ place: String = "STR-DUO", _ members: String = "") throws -> Professional? {
        try write(
            #"""
            {"resourceType":"PractitionerRole","id":"\#(id)","practitioner":{"reference":"Practitioner/899700100022"},
            "organization":{"reference":"Organization/\#(place)"}\#(members)}
            """#)
    }

    static func profession(_ code: String) -> String {
        #","code":[{"coding":[{"system":"urn:oid:1.2.250.1.71.1.2.7","code":"\#(code)"}]}]"#
    }

    static func kind(_ word: String, _ member: String = "valueCode") -> String {
        #","extension":[{"url":"urn:socle:fhir:activity-kind","\#(member)":"\#(word)"}]"#
    }

    static func period(_ start: String?, _ end: String?) -> String {
        let members = [start.map { #""start":"\#($0)""# }, end.map { #""end":"\#($0)""# }].compactMap(\.self)
        return #","period":{\#(members.joined(separator: ","))}"#
    }
}

/// The element at fault; nil when it was taken.
func fault(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let error as FHIRRefusal {
        return error.issues.first?.expression
    } catch {
        return "\(error)"
    }
}

@Suite("Roles · each says its own part of what somebody exercises in a place")
struct PractitionerRoleTests {
    private func directory() throws -> Directory {
        var directory = try Directory()
        _ = try directory.person(("10", nil))
        return directory
    }

    @Test("two roles in one place stand side by side, and one that ends takes nothing of the other") func two() throws {
        var directory = try directory()
        let place = try #require(StructureIdentifier("STR-DUO"))
        _ = try directory.role("a", "STR-DUO", Directory.kind("samu"))
        let both = try #require(try directory.role("b"))
        #expect(both.activities.map(\.role) == ["a", "b"])
        #expect(both.activities.map(\.kind) == ["samu", "hopital_public"])
        #expect(both.exercises(in: place, as: .samu, at: directory.now))
        let one = try #require(try directory.role("b", "STR-DUO", #","active":false"#))
        #expect(one.activities.map(\.role) == ["a"])
        #expect(one.exercises(in: place, as: .samu, at: directory.now))
        #expect(try directory.role("a", "STR-DUO", #","active":false"#)?.activities == [])
    }

    @Test("a role of the past removes nothing, of other roles or of what came by other means") func past() throws {
        var directory = try directory()
        let id = try #require(ProfessionalIdentifier("899700100022"))
        let imported = Activity(
            structure: try #require(StructureIdentifier("STR-CAB")), kind: "cabinet", sector: "SA08", mode: "L")
        directory.around.professionals[id]?.activities = [imported]
        #expect(
            try directory.role("old", "STR-CAB", Directory.period("2010-01-01", "2015-01-01"))?.activities == [imported]
        )
        #expect(try directory.role("off", "STR-CAB", #","active":false"#)?.activities == [imported])
        _ = try directory.role("a")
        _ = try directory.role("a", "STR-DUO", Directory.period("2020-01-01", "2026-10-01"))
        _ = try directory.role("b", "STR-DUO", Directory.kind("samu"))
        let corrected = try directory.role("a", "STR-DUO", Directory.period("2020-01-01", "2026-09-15"))
        #expect(corrected?.activities.map(\.role) == [nil, "b"])
        #expect(corrected?.activities.first == imported)
    }

    @Test("a role begins and ends by the clock: its last day is in it whole, in France") func clock() throws {
        var directory = try directory()
        let place = try #require(StructureIdentifier("STR-DUO"))
        let written = try #require(try directory.role("a", "STR-DUO", Directory.period("2026-11-10", "2026-11-20")))
        for (instant, holds) in [
            ("2026-11-02T12:00:00Z", false), ("2026-11-09T22:59:59Z", false), ("2026-11-09T23:00:00Z", true),
            ("2026-11-20T22:59:59Z", true), ("2026-11-20T23:00:00Z", false),
        ] {
            let instant = try #require(Instant(iso8601: instant))
            #expect(written.exercises(in: place, at: instant) == holds, "\(instant)")
        }
        // Once it has ended, the next write of any role clears it away.
        directory.now = try #require(Instant(iso8601: "2026-11-21T00:00:00Z"))
        #expect(try directory.role("b", "STR-CAB")?.activities.map(\.role) == ["b"])
        let unknown = #","period":{"start":"2026-01-01","_end":{"extension":[{"url":"urn:x","valueCode":"unknown"}]}}"#
        #expect(fault { _ = try directory.role("c", "STR-DUO", unknown) } == "PractitionerRole.period.end")
    }

    @Test("two professions in one place at one time are refused; one after the other, or elsewhere, are not")
    func professions() throws {
        var directory = try directory()
        _ = try directory.role("a", "STR-DUO", Directory.profession("10") + Directory.period(nil, "2026-12-31"))
        for members in ["", Directory.period("2026-12-31", nil), Directory.period("2026-01-01", "2026-11-30")] {
            let place = fault { _ = try directory.role("b", "STR-DUO", Directory.profession("60") + members) }
            #expect(place == "PractitionerRole.code", "\(members)")
        }
        let after = try directory.role("b", "STR-DUO", Directory.profession("60") + Directory.period("2027-01-01", nil))
        #expect(after?.activities.map(\.profession?.code) == ["10", "60"])
        #expect(try directory.role("c", "STR-CAB", Directory.profession("93"))?.activities.count == 3)
        #expect(try directory.role("d")?.activities.count == 4, "one that says no profession")
        // A role says another of itself, and what has ended says nothing.
        let past = Directory.profession("60") + Directory.period("2020-01-01", "2021-01-01")
        #expect(try directory.role("e", "STR-DUO", past)?.activities.count == 4)
        let corrected = try directory.role("c", "STR-CAB", Directory.profession("60"))
        #expect(corrected?.activities.first { $0.role == "c" }?.profession?.code == "60")
    }

    @Test("a profession that a role says no more is no more its own; what other means recorded stays")
    func unsaid() throws {
        var directory = try directory()
        _ = try directory.role("a", "STR-DUO", Directory.profession("60"))
        #expect(fault { _ = try directory.role("b", "STR-DUO", Directory.profession("10")) } == "PractitionerRole.code")
        #expect(try directory.role("a")?.activities.first?.profession == nil)
        let other = try directory.role("b", "STR-DUO", Directory.profession("10"))
        #expect(other?.activities.map(\.profession?.code) == [nil, "10"])
        let id = try #require(ProfessionalIdentifier("899700100022"))
        directory.around.professionals[id]?.activities[0].profession = other?.activities[1].profession
        #expect(try directory.role("a")?.activities.first?.profession?.code == "10", "recorded by other means")
        let function = #","code":[{"coding":[{"system":"urn:x","code":"chef"}]}]"#
        for code in [function, ""] {
            #expect(
                try directory.role("a", "STR-DUO", code)?.activities.first?.profession?.code == "10", "no profession")
        }
    }

    @Test("a professional has two hundred roles at most; what ends one is taken") func bounded() throws {
        var directory = try directory()
        for number in 1...200 { _ = try directory.role("r\(number)") }
        #expect(fault { _ = try directory.role("more") } == "PractitionerRole")
        #expect(try directory.role("r7")?.activities.count == 200)
        #expect(try directory.role("r7", "STR-DUO", #","active":false"#)?.activities.count == 199)
        #expect(try directory.role("more")?.activities.count == 200)
    }

    @Test("the kind of place is one of the list; unsaid, it is the structure's, then what it was") func kinds() throws {
        var directory = try directory()
        for word in ["SAMU", "Samu", "samu ", "hopital", ""] {
            let place = fault { _ = try directory.role("a", "STR-DUO", Directory.kind(word)) }
            #expect(place?.hasPrefix("PractitionerRole.extension[0]") == true, "\(word)")
        }
        let text = fault { _ = try directory.role("a", "STR-DUO", Directory.kind("samu", "valueString")) }
        #expect(text == "PractitionerRole.extension[0]")
        #expect(try directory.role("a", "STR-SAMU")?.activities.map(\.kind) == ["samu"])
        #expect(try directory.role("b", "STR-DUO", Directory.kind("samu"))?.activities.last?.kind == "samu")
        #expect(try directory.role("b", "STR-DUO")?.activities.last?.kind == "samu")
        // Whatever a role says, it can be ended.
        let ended = try directory.role("b", "STR-DUO", Directory.kind("SAMU") + #","active":false"#)
        #expect(ended?.activities.map(\.role) == ["a"])
    }
}
