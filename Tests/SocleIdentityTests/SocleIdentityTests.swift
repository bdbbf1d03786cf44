// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import Testing

@Suite("National identifiers · checked at construction")
struct NationalIdentifierTests {
    @Test("an INS needs thirteen characters and the key that they give") func ins() throws {
        let ins = try #require(INS("269054958815780"))
        #expect(ins.number == "2690549588157" && ins.key == "80")
        #expect(INS("1551520001001" + "28") != nil)
        // Corsica: 2A counts as 19, 2B as 18.
        #expect(INS("155152A001001" + (INS.key(of: "155152A001001") ?? "")) != nil)
        #expect(INS.key(of: "155152A001001") == INS.key(of: "1551519001001"))
        #expect(INS.key(of: "155152B001001") == INS.key(of: "1551518001001"))
        for text in [
            "", "269054958815781", "26905495881578", "2690549588157800", "269054958815 80", "26905495881578A",
            "2C9054958815780", "٢69054958815780",
        ] {
            #expect(INS(text) == nil, "\(text)")
        }
    }

    @Test("a FINESS ends with its Luhn digit") func finess() {
        #expect(FINESS("750712184") != nil)
        #expect(FINESS(completing: "94010004")?.number == "940100043")
        #expect(FINESS(completing: "2A000000")?.number.hasPrefix("2A") == true)
        for text in ["", "750712185", "75071218", "7507121844", "75O712184"] { #expect(FINESS(text) == nil) }
    }

    @Test("an RPPS has eleven digits and a Luhn digit; its card form starts with 8") func rpps() {
        #expect(RPPS("10000000017")?.professional?.value == "810000000017")
        for text in ["", "10000000018", "1000000017", "1000000001A"] { #expect(RPPS(text) == nil) }
        for text in ["rpps:10000000017", "rpps:810000000017"] {
            #expect(ProfessionalIdentifier(prefixed: text)?.value == "810000000017")
        }
        #expect(ProfessionalIdentifier(prefixed: "rpps:10000000018")?.value == "10000000018", "nobody's")
        for text in ["10000000017", "rpps:", "rpps: 1", "RPPS:10000000017", ""] {
            #expect(ProfessionalIdentifier(prefixed: text) == nil)
        }
    }

    @Test("an ADELI has nine characters, Corsica's letter in the second place only") func adeli() {
        #expect(ADELI("759300012")?.professional?.value == "0759300012")
        #expect(ADELI("2A9300012") != nil)
        for text in ["", "75930001", "A59300012", "7A9300012", "75930001X"] { #expect(ADELI(text) == nil) }
    }

    @Test("an identifier of ours is a short token") func tokens() {
        #expect(PatientIdentifier("PAT-1/2.3_x") != nil)
        for text in ["", "a b", "é", "a\n", String(repeating: "a", count: 65), "a:b"] {
            #expect(PatientIdentifier(text) == nil)
            #expect(ProfessionalIdentifier(text) == nil)
            #expect(StructureIdentifier(text) == nil)
        }
    }
}

@Suite("Dates and coming of age · Code civil art. 414")
struct AgeTests {
    @Test("only days that exist are dates") func dates() {
        #expect(CalendarDate("2024-02-29")?.description == "2024-02-29")
        for text in ["2023-02-29", "2024-13-01", "2024-1-1", "2024-01-01T00:00:00Z", "", "20240101"] {
            #expect(CalendarDate(text) == nil)
        }
    }

    @Test("eighteen begins at midnight in France, summer and winter") func majority() throws {
        #expect(CalendarDate("2008-01-15")?.anniversary(18) == Instant(iso8601: "2026-01-15T00:00:00+01:00"))
        #expect(CalendarDate("2008-07-15")?.anniversary(18) == Instant(iso8601: "2026-07-15T00:00:00+02:00"))
        #expect(CalendarDate("2008-02-29")?.anniversary(18) == Instant(iso8601: "2026-03-01T00:00:00+01:00"))
        // 2026: summer time from 29 March to 25 October, 01:00 UTC.
        for (text, summer) in [
            ("2026-03-29T00:59:59Z", false), ("2026-03-29T01:00:00Z", true), ("2026-10-25T00:59:59Z", true),
            ("2026-10-25T01:00:00Z", false),
        ] {
            #expect(FrenchTime.isSummer(try #require(Instant(iso8601: text))) == summer, "\(text)")
        }
    }

    @Test("a minor is able from that midnight; other capacities stay as recorded") func capacity() throws {
        var patient = Patient(
            id: try #require(PatientIdentifier("P")), birthDate: CalendarDate("2008-07-15"), capacity: .minor)
        let majority = try #require(Instant(iso8601: "2026-07-15T00:00:00+02:00"))
        #expect(patient.capacity(at: majority - .milliseconds(1)) == .minor)
        #expect(patient.capacity(at: majority) == .able)
        patient.capacity = .unableToExpress
        #expect(patient.capacity(at: majority) == .unableToExpress)
        patient.capacity = .minor
        patient.birthDate = nil
        #expect(patient.capacity(at: majority) == .minor)
    }
}

@Suite("Nomenclatures · by code and system, never by code alone")
struct NomenclatureTests {
    @Test("the same code in two systems is two concepts") func systems() {
        let table = Nomenclature([
            (CodedConcept(code: "93", system: CodeSystem.titles), "Psychologue"),
            (CodedConcept(code: "93", system: CodeSystem.titles), "later label"),
        ])
        #expect(table.label(of: CodedConcept(code: "93", system: CodeSystem.titles)) == "Psychologue")
        #expect(table.label(of: CodedConcept(code: "93", system: CodeSystem.healthProfessions)) == nil)
        #expect(table.count == 1)
    }
}

@Suite("Structures · the kind of place that each type is")
struct PlaceKindTests {
    @Test(
        "a type of the table has its kind; another, or a code of another system, is `autre`",
        arguments: [
            ("CABINET", "cabinet"), ("CABINET_GRP", "cabinet"), ("ETAB_MCO", "hopital_public"),
            ("AP-HP", "hopital_public"), ("SAMU", "samu"), ("SSIAD_PH", "ssiad"), ("LABM", "laboratoire"),
            ("EHPAD", "ehpad"), ("DAC", "dac"), ("", "autre"), ("urn:x|SAMU", "autre"), ("SAMU-SMUR", "autre"),
        ])
    func types(_ type: String, _ kind: String) { #expect(PlaceKind(type: type).rawValue == kind) }
}

@Suite("Professionals · what all of their current roles in a place say")
struct ActivityTests {
    private static let noon = Instant(seconds: 5000)
    private let physician = CodedConcept(code: "10", system: CodeSystem.healthProfessions)
    private let nurse = CodedConcept(code: "60", system: CodeSystem.healthProfessions)

    private func role(
        _ place: String, _ kind: String = "cabinet", _ profession: CodedConcept? = nil, from start: Instant? = nil,
        to end: Instant? = nil
    ) throws -> Activity {
        Activity(
            structure: try #require(StructureIdentifier(place)), kind: kind, sector: "", mode: "",
            profession: profession, role: "r", start: start, end: end)
    }

    private func professional(_ activities: Activity...) throws -> Professional {
        Professional(
            id: try #require(ProfessionalIdentifier("899700100022")), name: "Paul Nadir", profession: nurse,
            activities: activities)
    }

    @Test("a role holds from its start to its end, which is not in it") func holds() throws {
        let place = try #require(StructureIdentifier("STR-1"))
        let someone = try professional(try role("STR-1", from: Self.noon, to: Self.noon + .days(1)))
        for (instant, holds) in [
            (Self.noon - .milliseconds(1), false), (Self.noon, true), (Self.noon + .days(1), false),
        ] {
            #expect(someone.exercises(at: instant) == holds)
            #expect(someone.exercises(in: place, at: instant) == holds)
            #expect(someone.places(at: instant) == (holds ? [place] : []))
        }
    }

    @Test("one of them is enough for the SAMU, and for another profession than the first") func several() throws {
        let place = try #require(StructureIdentifier("STR-1"))
        let someone = try professional(
            try role("STR-1", "hopital_public"), try role("STR-1", "samu", physician, to: Self.noon),
            try role("STR-2", "samu"))
        let before = Self.noon - .milliseconds(1)
        #expect(someone.exercises(in: place, as: .samu, at: before))
        #expect(!someone.exercises(in: place, as: .samu, at: Self.noon))
        #expect(someone.profession(in: place, at: before) == physician)
        #expect(someone.profession(in: place, at: Self.noon) == nurse)
        #expect(someone.places(at: before).map(\.value) == ["STR-1", "STR-2"])
    }

    @Test("two roles contradict each other when they say two professions in one place at one instant") func contradict()
        throws
    {
        let here = try role("STR-1", "cabinet", nurse, from: Self.noon)
        let rows: [(Activity, Bool)] = [
            (try role("STR-1", "samu", physician), true),
            (try role("STR-1", "cabinet", physician, from: Self.noon + .days(9)), true),
            (try role("STR-1", "cabinet", physician, to: Self.noon + .milliseconds(1)), true),
            (try role("STR-1", "cabinet", physician, to: Self.noon), false),
            (try role("STR-1", "samu", nurse), false), (try role("STR-1"), false),
            (try role("STR-2", "cabinet", physician), false),
        ]
        for (other, expected) in rows {
            #expect(here.contradicts(other) == expected, "\(other)")
            #expect(other.contradicts(here) == expected, "\(other)")
        }
    }
}

@Suite("Structures · which types form a care team by themselves (CSP L.1110-12 1°)")
struct TeamFormingTests {
    /// What is said of a structure of that type, and whether it then forms a team.
    @Test(
        "by law unless said otherwise; by its object only when said; never",
        arguments: [
            ("ETAB_MCO", [true, true, false]), ("EHPAD", [true, true, false]), ("MSP", [true, true, false]),
            ("GHT", [false, true, false]), ("DAC", [false, true, false]), ("CABINET_GRP", [false, true, false]),
            ("", [false, true, false]), ("no such type", [false, true, false]),
            ("CABINET", [false, false, false]), ("OFFICINE", [false, false, false]), ("SPST", [false, false, false]),
        ])
    func types(_ type: String, _ expected: [Bool]) throws {
        let id = try #require(StructureIdentifier("STR-1"))
        let found = [nil, true, false].map { Structure(id: id, name: "S", type: type, teamCapable: $0).teamCapable }
        #expect(found == expected)
    }
}
