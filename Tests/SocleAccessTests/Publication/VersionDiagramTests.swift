// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleIdentity
import Testing

@testable import SocleAccess

/// A version as a diagram, asked the way the engine is.
struct DiagramUnderTest {
    let program: PolicyProgram
    let version: VersionDiagram
    let reader: ConditionReader

    init(_ text: PolicyText) throws {
        program = try PolicyProgram(number: 1, text: text)
        let schema = try PolicySchema.read(text)
        let space = try FactSpace(schemas: [schema], policies: program.policies.policies)
        var reader = ConditionReader(space: space, schema: schema, store: DiagramStore(widths: space.widths))
        version = try VersionDiagram(program, reader: &reader)
        self.reader = reader
    }

    func outcome(_ facts: Facts, _ matrix: MatrixAccess) throws -> PolicyOutcome {
        version.outcome(at: try point(facts, matrix), reader.store)
    }

    struct NoSuchValue: Error {
        var fact: String
        var value: String?
    }

    /// Where the facts stand in the space: read from the request that the engine is given.
    private func point(_ facts: Facts, _ matrix: MatrixAccess) throws -> [Int] {
        let request = facts.request(matrix: matrix)
        return try reader.space.variables.map { variable in
            let value: String? =
                switch variable.kind {
                case .subject: request.principal.type
                case .action: request.action.id
                case .category: variable.values.contains(facts.category) ? facts.category : FactVariable.another
                case .documentType: facts.documentType ?? FactVariable.none
                case .role: role(facts, in: variable)
                case .adminRole(let name?):
                    facts.subject == .admin && facts.adminRoles.contains(name) ? "true" : "false"
                case .adminRole(nil):
                    facts.subject == .admin
                        && facts.adminRoles.contains { name in
                            !reader.space.variables.contains { $0.kind == .adminRole(name) }
                        } ? "true" : "false"
                case .fact: text(request.context[variable.name])
                }
            guard let value, let place = variable.place(of: value) else {
                throw NoSuchValue(fact: variable.name, value: value)
            }
            return place
        }
    }

    private func role(_ facts: Facts, in variable: FactVariable) -> String {
        guard facts.subject == .professional, let role = facts.role else { return FactVariable.none }
        let name = "\(role.system)|\(role.code)"
        if variable.values.contains(name) { return name }
        let other = FactVariable.another(of: role.system)
        return variable.values.contains(other) ? other : FactVariable.another
    }

    private func text(_ value: Value?) -> String? {
        switch value {
        case .bool(let value): value ? "true" : "false"
        case .entity(let uid): uid.id
        default: nil
        }
    }
}

@Suite("Version diagram · the same answer as the engine")
struct VersionDiagramTests {
    private func compare(_ text: PolicyText, count: Int, seed: UInt64) throws -> Set<String> {
        let diagram = try DiagramUnderTest(text)
        var points = Points(seed: seed)
        var reasons: Set<String> = []
        for _ in 0..<count {
            var facts = points.facts()
            // The engine looks the matrix up by itself: the diagram is asked what it found.
            facts.documentType = points.flag(oneIn: 3) ? nil : ["15507-7", "83836-7", "NO-SUCH"][points.next(3)]
            let matrix =
                facts.category == "document"
                ? diagram.program.access(role: facts.role, type: facts.documentType) : .absent
            let decided = diagram.program.decide(FactSheet(facts: facts), parameters: PolicyParameters())
            let outcome = try diagram.outcome(facts, matrix)
            let answer = outcome.answer
            let filled = Obligations.filled(
                answer.obligations, hidden: [], residual: [], parameters: PolicyParameters())
            guard decided.isPermit == answer.isPermit, decided.reason == answer.reason, decided.rule == answer.rule,
                decided.advice == answer.advice, decided.obligations == filled
            else {
                Issue.record("\(decided) is not \(answer) at \(facts)")
                return reasons
            }
            if case .decided(let rule) = outcome { #expect(decided.policies.first == rule.id) }
            reasons.insert(decided.reason)
        }
        return reasons
    }

    @Test("on 20,000 random points of the shipped policies, every field of the answer") func shipped() throws {
        let reasons = try compare(Shipped.policies(), count: 20_000, seed: 11)
        #expect(reasons.count > 40, "the points reach too few rules: \(reasons)")
    }

    @Test("on versions that disagree with themselves or say nothing, too") func broken() throws {
        let inconsistent = try PolicyGateTests.shipped(
            "13-opposition.cedar",
            """
            context.blocked
            }
            unless {
                action == Action::"read" && context.authorship == Authorship::"own"
            };
            """,
            """
            context.blocked
            };
            """)
        #expect(try compare(inconsistent, count: 2_000, seed: 12).contains("policy_inconsistent"))
        let silent = try PolicyGateTests.shipped(
            "18-no-relation.cedar", #"&& context.relation == Relation::"none""#,
            #"&& context.relation == Relation::"none" && context.blocked"#)
        #expect(try compare(silent, count: 2_000, seed: 13).contains("no_basis"))
    }

    @Test("on every expected decision") func scenarios() throws {
        guard let scenarios = try Shipped.scenarios() else { return }
        let shipped = try Shipped.policies()
        for scenario in scenarios {
            let answer = try scenario.records().decision(under: shipped)
            let sheet = try #require(answer.sheet)
            var text = shipped
            text.files["matrix.csv"] = try scenario.records().matrix
            let diagram = try DiagramUnderTest(text)
            let outcome = try diagram.outcome(sheet.facts, diagram.program.looked(for: sheet.facts).access)
            #expect(outcome.isPermit == answer.decision.isPermit, "\(scenario.id)")
            #expect(outcome.answer.reason == answer.decision.reason, "\(scenario.id)")
            #expect(outcome.answer.rule == answer.decision.rule, "\(scenario.id)")
        }
    }

    @Test("the points are the product of the values, less the roles that nobody could hold") func count() throws {
        let diagram = try DiagramUnderTest(Shipped.policies())
        var store = diagram.reader.store
        let space = diagram.reader.space
        let all = space.widths.reduce(UInt128(1)) { $0 * UInt128($1) }
        #expect(store.count(DiagramStore.always) == all)
        let possible = store.possible(in: space)
        let (subjects, roles) = (5, try #require(space.variables.first { $0.kind == .role }).values.count)
        let admin = space.variables.count { if case .adminRole = $0.kind { true } else { false } }
        // A professional has one of the roles, an administrator any number of theirs, the others none.
        let people = UInt128(roles + (1 << admin) + (subjects - 2))
        let rest = all / UInt128(subjects * roles * (1 << admin))
        #expect(store.count(possible) == rest * people)
    }
}
