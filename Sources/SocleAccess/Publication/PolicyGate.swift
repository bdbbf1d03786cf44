// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// What a version must pass to be published: every policy reads finite facts only, and what must hold is proved at
/// every combination of them.
package struct PolicyGate: Sendable {
    /// One thing proved, or refused with a counter-example.
    package struct Check: Sendable {
        package var id: String
        package var statement: String
        /// Empty for what holds of any set of rules.
        package var law: String
        package var counterExample: CounterExample?
        package var holds: Bool { counterExample == nil }
    }

    package struct Report: Sendable {
        package var policies: Int
        package var facts: Int
        package var points: UInt128
        package var checks: [Check]
        /// Policies that never decide: no fault, but somebody should know.
        package var neverDeciding: [String]
        package var passes: Bool { checks.allSatisfy(\.holds) }
    }

    /// - Parameter inForce: the version that this one would follow: its invariants must hold too, so that a rule and
    ///   the invariant it breaks are never changed in one step.
    /// - Throws: everything that keeps the text from being read as rules over finite facts, with places and cures.
    package static func check(
        _ text: PolicyText, inForce: PolicyText? = nil, language: FactLanguage = .en
    ) throws(PolicyFaults) -> Report {
        let program = try PolicyProgram(number: 0, text: text)
        let schema = try PolicySchema.read(text)
        try PolicySchema.checkComputed(schema, text)
        let faults = ParameterTable.faultsOfForm(text)
        guard faults.isEmpty else { throw PolicyFaults(faults) }
        var invariants = try Invariant.read(text, against: schema)
        guard !invariants.isEmpty else {
            throw PolicyFaults([.init(Invariant.folder, "", "no invariant: say what every version must keep")])
        }
        if let inForce {
            let former = try Invariant.former(inForce, against: schema)
            invariants += former.filter { former in
                !invariants.contains { $0.policy.hasSameMeaning(as: former.policy) }
            }
        }
        let space = try FactSpace(
            schemas: [schema], policies: program.policies.policies + invariants.map(\.policy))
        var reader = ConditionReader(space: space, schema: schema, store: DiagramStore(widths: space.widths))
        let version = try VersionDiagram(program, reader: &reader)
        var prover = InvariantProver(
            version: version, reader: reader, words: FactWords([text], language: language))
        var checks = prover.lawsOfForm()
        for invariant in invariants { checks.append(try prover.check(invariant)) }
        return Report(
            policies: version.policies.count, facts: space.variables.count, points: prover.points, checks: checks,
            neverDeciding: prover.neverDeciding())
    }
}
