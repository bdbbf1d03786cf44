// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleIdentity

extension PolicyProgram {
    /// Facts in, decision out: nothing else is looked at.
    ///
    /// The decision is Cedar's, and a single policy that cannot be evaluated denies. Of the satisfied policies the
    /// one of lowest order explains; when its effect is not the decision, nothing is granted.
    package func decide(_ sheet: FactSheet, parameters: PolicyParameters) -> Decision {
        let facts = sheet.facts
        let looked = looked(for: facts)
        let outcome: OutcomeTable.Outcome
        do throws(Entities.Fault) {
            outcome = try outcomes.outcome(facts, looked.access) { () throws(Entities.Fault) in
                try evaluate(facts, looked.access)
            }
        } catch {
            return .refusal("policy_error", texts: texts, policies: [], errors: ["\(error)"])
        }
        let satisfied = outcome.satisfied
        let names = satisfied.map(\.id) + [looked.policy].compactMap(\.self)
        guard outcome.errors.isEmpty else {
            return .refusal("policy_error", texts: texts, policies: names, errors: outcome.errors)
        }
        guard let first = satisfied.first else { return .refusal("no_basis", texts: texts, policies: names) }
        let isAllowed = outcome.isAllowed
        guard (first.effect == .permit) == isAllowed else {
            return .refusal("policy_inconsistent", texts: texts, policies: names)
        }
        return Decision(
            outcome: isAllowed ? .permit : .deny, reason: first.reason, rule: first.rule,
            obligations: Obligations.filled(
                first.obligations, hidden: sheet.hidden, residual: sheet.residual, parameters: parameters),
            advice: first.advice, policies: names, errors: [], text: text(of: first.reason, looked.cell),
            cell: looked.citation)
    }

    /// A refusal by the matrix names its cell, when there is one.
    private func text(of reason: String, _ cell: HabilitationMatrix.Cell?) -> ReasonText? {
        guard reason == "matrix", let cell else { return texts[reason] }
        return texts[reason]?.citing(cell)
    }

    /// What the matrix answers; it is about documents alone.
    func looked(for facts: Facts) -> HabilitationMatrix.Answer {
        facts.category == "document" ? matrix.answer(role: facts.role, type: facts.documentType) : .absent
    }

    private func evaluate(
        _ facts: Facts, _ matrix: MatrixAccess
    ) throws(Entities.Fault) -> OutcomeTable.Outcome {
        let authorization = policies.authorizeStrictly(facts.request(matrix: matrix), try facts.entities())
        return OutcomeTable.Outcome(
            satisfied: authorization.satisfied.compactMap(rule(of:)).sorted { $0.order < $1.order },
            errors: authorization.errors.map { "\($0.policyID): \($0.message)" },
            isAllowed: authorization.decision == .allow)
    }

    /// Every policy satisfied by those facts, in order: what a trace shows and the invariants are checked on.
    package func satisfied(by facts: Facts, matrix access: MatrixAccess) -> [PolicyRule] {
        guard let entities = try? facts.entities() else { return [] }
        return policies.authorizeStrictly(facts.request(matrix: access), entities).satisfied
            .compactMap(rule(of:)).sorted { $0.order < $1.order }
    }
}
