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
        let ruling = rulings.ruling(on: sheet.facts) { rule(on: sheet.facts) }
        guard ruling.isFilled else { return Decision(ruling) }
        return Decision(
            ruling,
            obligations: Obligations.filled(
                ruling.obligations, hidden: sheet.hidden, residual: sheet.residual, parameters: parameters))
    }

    private func rule(on facts: Facts) -> Ruling {
        let looked = looked(for: facts)
        let authorization: Authorization
        do throws(Entities.Fault) {
            authorization = policies.authorizeStrictly(facts.request(matrix: looked.access), try facts.entities())
        } catch {
            return .refusal("policy_error", texts: texts, errors: ["\(error)"])
        }
        let satisfied = authorization.satisfied.compactMap(rule(of:)).sorted { $0.order < $1.order }
        let names = satisfied.map(\.id) + [looked.policy].compactMap(\.self)
        guard authorization.errors.isEmpty else {
            return .refusal(
                "policy_error", texts: texts, policies: names,
                errors: authorization.errors.map { "\($0.policyID): \($0.message)" })
        }
        guard let first = satisfied.first else { return .refusal("no_basis", texts: texts, policies: names) }
        let isAllowed = authorization.decision == .allow
        guard (first.effect == .permit) == isAllowed else {
            return .refusal("policy_inconsistent", texts: texts, policies: names)
        }
        return Ruling(
            outcome: isAllowed ? .permit : .deny, reason: first.reason, rule: first.rule,
            obligations: first.obligations, advice: first.advice, policies: names,
            text: text(of: first, looked.cell), cell: looked.citation)
    }

    /// The policy's own, where it has one. A refusal by the matrix names its cell, when there is one.
    private func text(of rule: PolicyRule, _ cell: HabilitationMatrix.Cell?) -> ReasonText? {
        let text = texts[rule.id] ?? texts[rule.reason]
        guard rule.reason == "matrix", let cell else { return text }
        return text?.citing(cell)
    }

    /// What the matrix answers; it is about documents alone.
    func looked(for facts: Facts) -> HabilitationMatrix.Answer {
        facts.category == "document" ? matrix.answer(role: facts.role, type: facts.documentType) : .absent
    }

    /// Every policy satisfied by those facts, in order: what a trace shows and the invariants are checked on.
    package func satisfied(by facts: Facts, matrix access: MatrixAccess) -> [PolicyRule] {
        guard let entities = try? facts.entities() else { return [] }
        return policies.authorizeStrictly(facts.request(matrix: access), entities).satisfied
            .compactMap(rule(of:)).sorted { $0.order < $1.order }
    }
}
