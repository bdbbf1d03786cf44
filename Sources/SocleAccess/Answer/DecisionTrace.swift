// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCedar

/// How an answer was reached: the facts, then every policy in the order of the rules, each condition with its truth and
/// the values it met. It shows a patient's choices to who reads it: for the tool of whoever administers rights.
package struct DecisionTrace: Sendable {
    /// One policy of the version, and what became of it.
    package struct Step: Sendable {
        package var rule: PolicyRule
        /// Every condition held: the policy has its effect.
        package var applies: Bool
        /// It explains the answer: of those that apply, the first.
        package var decides: Bool
        /// Its scope, then its conditions, as far as they were looked at.
        package var conditions: [Explanation.Finding]
    }

    /// As the Cedar schema names them.
    package var facts: [(name: String, value: String)]
    package var steps: [Step]
    /// Which cell of the matrix was looked up.
    package var cell: String?
    /// Policies that could not be evaluated: any of them is a refusal.
    package var errors: [String]
    /// Members of the question that counted for nothing.
    package var ignored: [String]
}

extension PolicyProgram {
    /// Not for the path of a decision: each condition of each policy is evaluated apart.
    package func trace(_ sheet: FactSheet, of decision: Decision) -> DecisionTrace {
        let facts = sheet.facts
        let looked = looked(for: facts)
        var steps: [DecisionTrace.Step] = []
        if let entities = try? facts.entities() {
            for explanation in policies.explain(facts.request(matrix: looked.access), entities) {
                guard let rule = rule(of: explanation.policy) else { continue }
                steps.append(
                    DecisionTrace.Step(
                        rule: rule, applies: explanation.outcome == .holds, decides: false,
                        conditions: explanation.clauses))
            }
        }
        steps.sort { $0.rule.order < $1.rule.order }
        if let first = steps.firstIndex(where: \.applies) {
            // Of a refusal that no policy gives (an error, an inconsistency), none decides.
            steps[first].decides = steps[first].rule.reason == decision.reason
        }
        return DecisionTrace(
            facts: facts.described(matrix: looked.access), steps: steps, cell: looked.citation,
            errors: decision.errors, ignored: sheet.ignored)
    }
}
