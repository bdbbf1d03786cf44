// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleIdentity
import Testing

@Suite("Habilitation matrix · compiled to Cedar, equal to the table")
struct HabilitationMatrixTests {
    private static func nomenclature(_ name: String) throws -> CommaSeparated {
        let file = Shipped.root.appending(path: "Sources/CResources/nomenclatures/\(name)")
        return CommaSeparated(try String(contentsOf: file, encoding: .utf8))
    }

    @Test("over every profession and every type of the nomenclatures, with a cell or without one")
    func equalsTable() throws {
        let text = try Shipped.policies()
        let program = try PolicyProgram(number: 1, text: text)
        let table = CommaSeparated(text.files["matrix.csv"] ?? "")
        #expect(table.rows.count == 482)
        var cells: [CodedConcept: [String: String]] = [:]
        for row in table.rows {
            let role = CodedConcept(code: row["profession_code"], system: row["profession_system_oid"])
            cells[role, default: [:]][row["type_code"]] = row["access"]
        }
        let professions = try Self.nomenclature("professions.csv").rows.map {
            CodedConcept(code: $0["code"], system: $0["code_system_oid"])
        }
        let documents = try Self.nomenclature("document-types.csv").rows.map { $0["code"] }
        #expect(professions.count > 80 && documents.count > 100)
        // The same code in another code system is another profession.
        let roles = Set(professions).union(cells.keys).union([CodedConcept(code: "10", system: CodeSystem.careRoles)])
        let types = Set(documents).union(table.rows.map { $0["type_code"] }).union(["NO-SUCH-TYPE", ""])
        var found: [String: Int] = [:]
        for role in roles {
            for type in types {
                let access = program.access(role: role, type: type).rawValue
                found[access, default: 0] += 1
                guard access == cells[role]?[type] ?? "absent" else {
                    Issue.record("\(role) x \(type): \(access)")
                    return
                }
            }
            #expect(program.access(role: role, type: nil) == .absent)
        }
        #expect(program.access(role: nil, type: "15507-7") == .absent)
        #expect((found["allow"] ?? 0) + (found["deny"] ?? 0) == 482)
        #expect(found["absent"] == roles.count * types.count - 482)
    }

    @Test("each answer names the line of its cell and whether it is attested or illustrative") func cells() throws {
        let text = try Shipped.policies()
        let program = try PolicyProgram(number: 1, text: text)
        for row in CommaSeparated(text.files["matrix.csv"] ?? "").rows {
            var facts = Facts(subject: .professional, category: "document")
            facts.role = CodedConcept(code: row["profession_code"], system: row["profession_system_oid"])
            facts.documentType = row["type_code"]
            facts.application = .entitled
            facts.level = .sufficient
            facts.standing = .active
            facts.situation = .chosen
            facts.patient = .alive
            facts.purpose = .treatment
            facts.action = .read
            facts.relation = .own
            facts.information = .given
            let decision = program.decide(FactSheet(facts: facts), parameters: PolicyParameters())
            let cell =
                "line \(row.line): \(row["profession_code"]) x \(row["type_code"]) \(row["access"]) (\(row["status"]))"
            #expect(decision.cell == cell)
            #expect(decision.reason == (row["access"] == "allow" ? "care_team" : "matrix"))
            #expect(decision.policies.last?.hasSuffix("-\(row["access"])-\(row["status"])") == true)
        }
    }

    @Test("a cell given twice, an access that is none, a missing column: each is a fault with its line") func faults()
        throws
    {
        func faults(_ matrix: String) throws -> String {
            var text = try Shipped.policies()
            text.files["matrix.csv"] = matrix
            do throws(PolicyFaults) {
                _ = try PolicyProgram(number: 1, text: text)
                return ""
            } catch {
                return error.description
            }
        }
        let head = "profession_code,profession_system_oid,type_code,access,status\n"
        #expect(try faults(head + "10,1.2,A,allow,attested\n10,1.2,A,deny,attested\n").contains("matrix.csv:3"))
        #expect(try faults(head + "10,1.2,A,perhaps,attested\n").contains("matrix.csv:2"))
        #expect(try faults(head + "10,,A,allow,attested\n").contains("matrix.csv:2"))
        #expect(try faults("profession_code,type_code\n").contains("profession_system_oid"))
    }
}
