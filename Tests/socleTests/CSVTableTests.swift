// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import Testing

@testable import socle

@Suite("Tables · RFC 4180")
struct CSVTableTests {
    @Test("quoted fields hold commas, doubled quotes and line ends") func quoted() throws {
        let table = try CSVTable(parsing: "a,b\r\n\"1,\"\"2\"\"\",\"x\ny\"\r\n")
        #expect(table.columns == ["a", "b"])
        #expect(table.rows == [["a": "1,\"2\"", "b": "x\ny"]])
    }

    @Test("empty fields are kept, empty lines are not") func emptyFields() throws {
        #expect(try CSVTable(parsing: "a,b\n,\n\n1,").rows == [["a": "", "b": ""], ["a": "1", "b": ""]])
    }

    @Test(
        "a malformed table names its line",
        arguments: [("", 1), ("a,b\n1", 2), ("a\n\"x", 2), ("a\n1\nx\"y\n", 3), ("a,b\n\"1\n2\",3\n4", 4)])
    func malformed(text: String, line: Int) {
        let fault = #expect(throws: CSVTable.Fault.self) { try CSVTable(parsing: text) }
        #expect(fault?.line == line)
    }
}

@Suite("Nomenclatures · embedded tables")
struct NomenclaturesTests {
    @Test("the same code means different things in two systems") func codeAndSystem() throws {
        let nomenclatures = try Nomenclatures()
        let title = CodedConcept(code: "93", system: CodeSystem.titles)
        #expect(nomenclatures.professions.label(of: title) == "Psychologue")
        let nurse = CodedConcept(code: "60", system: CodeSystem.healthProfessions)
        #expect(nomenclatures.professions.label(of: nurse) == "Infirmier")
        #expect(!nomenclatures.professions.contains(CodedConcept(code: "60", system: "1.2.3")))
    }

    @Test("each table is whole") func whole() throws {
        let nomenclatures = try Nomenclatures()
        #expect(nomenclatures.professions.count == 84)
        #expect(nomenclatures.documentTypes.count == 114)
        #expect(nomenclatures.structureTypes.count == 34)
        #expect(nomenclatures.sectors["SA17"] == "Etablissement pour personnes âgées")
        #expect(
            nomenclatures.specialities.contains(CodedConcept(code: "SM54", system: Nomenclatures.System.speciality)))
        #expect(nomenclatures.confidentiality.contains("MASQUE_PS"))
    }
}
