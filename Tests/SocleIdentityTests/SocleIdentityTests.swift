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
