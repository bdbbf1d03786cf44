// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a version answers at a point of the space of facts.
enum PolicyOutcome: Hashable, Sendable {
    /// The satisfied policy of lowest order decides, and explains.
    case decided(PolicyRule)
    /// No policy is satisfied: a refusal nobody wrote (`no_basis`).
    case nothing
    /// The policy of lowest order and Cedar disagree: a refusal `policy_inconsistent`.
    case inconsistent(PolicyRule)

    var isPermit: Bool {
        if case .decided(let rule) = self { rule.effect == .permit } else { false }
    }

    /// What the person who asks is told: two outcomes with the same answer are no change, whatever policy gives it.
    struct Answer: Hashable, Sendable {
        var isPermit: Bool
        var reason: String
        var rule: String
        var obligations: [String]
        var advice: [String]
    }

    var answer: Answer {
        switch self {
        case .decided(let rule):
            Answer(
                isPermit: rule.effect == .permit, reason: rule.reason, rule: rule.rule, obligations: rule.obligations,
                advice: rule.advice)
        case .nothing: Answer(isPermit: false, reason: "no_basis", rule: "R-FAIL", obligations: [], advice: [])
        case .inconsistent:
            Answer(isPermit: false, reason: "policy_inconsistent", rule: "R-FAIL", obligations: [], advice: [])
        }
    }
}
