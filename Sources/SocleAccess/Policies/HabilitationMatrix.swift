// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleIdentity
import Synchronization

/// The habilitation matrix, compiled to Cedar: one policy for each role, access and status, naming its types.
///
/// It answers only whether a cell opens, closes or is absent. That is a fact; the policies of access decide with it.
final class HabilitationMatrix: Sendable {
    /// One line of the table.
    struct Cell: Hashable, Sendable {
        var role: CodedConcept
        var type: String
        var allows: Bool
        /// `attested` or `illustrative`: kept, so that nobody takes a sample for the order of 26 October 2023.
        var status: String
        var line: Int
        /// As the table names them, for those who read it; empty where it does not.
        var roleLabel: String
        var typeLabel: String

        var address: Address { Address(role: role, type: type) }

        /// Where an answer says it comes from: `line 12: 60 x 68599-0 deny (attested)`.
        var citation: String { "line \(line): \(role.code) x \(type) \(allows ? "allow" : "deny") (\(status))" }

        /// `Infirmier (60): CR opératoire (34874-8)`.
        var title: String {
            func named(_ label: String, _ code: String) -> String { label.isEmpty ? code : "\(label) (\(code))" }
            return "\(named(roleLabel, role.code)): \(named(typeLabel, type))"
        }
    }

    /// A look-up's answer, with the policy and the line it comes from.
    struct Answer: Hashable, Sendable {
        var access: MatrixAccess
        var policy: String?
        var cell: Cell?
        /// Of the cell: written once, for every answer that names it.
        let citation: String?
        static let absent = Answer(access: .absent)

        init(access: MatrixAccess, policy: String? = nil, cell: Cell? = nil) {
            self.access = access
            self.policy = policy
            self.cell = cell
            citation = cell?.citation
        }
    }

    struct Address: Hashable, Sendable {
        var role: CodedConcept
        var type: String
    }

    let source: String
    private let policies: CompiledPolicies
    private let cells: [Address: Cell]
    /// Answers already evaluated: there are as many as cells, and asking again is most of the work of a busy node.
    private let answers = Mutex<[Address: Answer]>([:])

    /// Columns `profession_code`, `profession_system_oid`, `type_code`, `access` (allow, deny), `status`.
    init(_ table: CommaSeparated, faults: inout [PolicyFaults.Fault]) {
        let missing = Set(["profession_code", "profession_system_oid", "type_code", "access"])
            .subtracting(table.columns)
        for name in missing.sorted() {
            faults.append(PolicyFaults.Fault("matrix.csv", "1", "no column `\(name)`"))
        }
        var cells: [Address: Cell] = [:]
        var groups: [String: [Cell]] = [:]
        for row in table.rows {
            let role = CodedConcept(code: row["profession_code"], system: row["profession_system_oid"])
            guard let cell = HabilitationMatrix.cell(row, role: role) else {
                faults.append(PolicyFaults.Fault("matrix.csv", "\(row.line)", "not a cell of the matrix"))
                continue
            }
            if let other = cells.updateValue(cell, forKey: Address(role: role, type: cell.type)) {
                faults.append(
                    PolicyFaults.Fault("matrix.csv", "\(row.line)", "the cell of line \(other.line) is given again"))
            }
            groups[HabilitationMatrix.name(of: cell), default: []].append(cell)
        }
        self.cells = cells
        source = groups.sorted { $0.key < $1.key }.map { HabilitationMatrix.policy($0.key, $0.value) }
            .joined(separator: "\n")
        do throws(SyntaxError) {
            policies = CompiledPolicies(try PolicySet(parsing: source))
        } catch {
            faults.append(PolicyFaults.Fault("matrix.csv", "", "cannot be compiled: \(error)"))
            policies = CompiledPolicies(PolicySet())
        }
    }

    var allCells: [Cell] { cells.values.sorted { $0.line < $1.line } }

    func answer(role: CodedConcept?, type: String?) -> Answer {
        guard let role, let type else { return .absent }
        let address = Address(role: role, type: type)
        if let known = answers.withLock({ $0[address] }) { return known }
        // A cell nobody wrote has no policy either, and open sets must not fill the memory.
        guard let cell = cells[address] else { return .absent }
        let answer = evaluate(address, cell)
        answers.withLock { $0[address] = answer }
        return answer
    }

    /// An error, or two policies of different effects, close the cell.
    private func evaluate(_ address: Address, _ cell: Cell) -> Answer {
        var facts = Facts(subject: .professional, category: "document")
        facts.role = address.role
        facts.documentType = address.type
        guard let entities = try? facts.entities() else { return Answer(access: .deny, policy: nil, cell: cell) }
        let authorization = policies.authorizeStrictly(facts.request(matrix: .absent), entities)
        let name = authorization.satisfied.first.map { $0.annotations["id"] ?? $0.id }
        switch authorization.decision {
        case .allow: return Answer(access: .allow, policy: name, cell: cell)
        case .deny: return Answer(access: .deny, policy: name, cell: cell)
        }
    }

    private static func cell(_ row: CommaSeparated.Row, role: CodedConcept) -> Cell? {
        let access = row["access"]
        guard !role.code.isEmpty, !role.system.isEmpty, !row["type_code"].isEmpty, ["allow", "deny"].contains(access)
        else { return nil }
        return Cell(
            role: role, type: row["type_code"], allows: access == "allow", status: row["status"], line: row.line,
            roleLabel: row["profession_label"], typeLabel: row["type_label"])
    }

    private static func name(of cell: Cell) -> String {
        "matrix-\(cell.role.system)-\(cell.role.code)-\(cell.allows ? "allow" : "deny")-\(cell.status)"
    }

    private static func policy(_ name: String, _ cells: [Cell]) -> String {
        let role = cells[0].role
        let types = cells.map { "DocumentType::\(quoted($0.type))" }.joined(separator: ", ")
        return """
            @id(\(quoted(name)))
            @status(\(quoted(cells[0].status)))
            \(cells[0].allows ? "permit" : "forbid") (
                principal in Role::\(quoted("\(role.system)|\(role.code)")), action, resource
            ) when { resource in [\(types)] };
            """
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result + "\""
    }
}
