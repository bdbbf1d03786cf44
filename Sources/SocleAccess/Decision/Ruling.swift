// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

/// What the policies of a version answer to facts, whoever asks: made once, and shared by every decision that rests on
/// the same facts.
package final class Ruling: Hashable, Sendable {
    let outcome: Decision.Outcome
    let reason: String
    let rule: String
    /// As the policy writes them, placeholders and all.
    let obligations: [String]
    /// Whether obligations are filled in for each question.
    let isFilled: Bool
    let advice: [String]
    let policies: [String]
    let errors: [String]
    let text: ReasonText?
    let cell: String?

    /// Its members of an answer, already written: before the obligations, after them, and at the end.
    let grounds: JSONText.Part
    let words: JSONText.Part
    let naming: JSONText.Part

    init(
        outcome: Decision.Outcome, reason: String, rule: String, obligations: [String] = [], advice: [String] = [],
        policies: [String] = [], errors: [String] = [], text: ReasonText?, cell: String? = nil
    ) {
        self.outcome = outcome
        self.reason = reason
        self.rule = rule
        self.obligations = obligations
        isFilled = obligations.contains { $0.utf8.contains(UInt8(ascii: "{")) }
        self.advice = advice
        self.policies = policies
        self.errors = errors
        self.text = text
        self.cell = cell
        grounds = JSONText.Part { members in
            members.append(unique: "reason", reason)
            members.append(unique: "rule", rule)
        }
        words = JSONText.Part { members in
            members.append(unique: "advice", advice)
            guard let text else { return }
            let sentences: [(String, String, String)] = [
                ("reason_user", text.userFrench, text.userEnglish),
                ("reason_admin", text.adminFrench, text.adminEnglish),
            ]
            for (name, french, english) in sentences {
                members.append(
                    unique: name,
                    object: { reason in
                        reason.append(unique: "fr", french)
                        reason.append(unique: "en", english)
                    })
            }
        }
        naming = JSONText.Part { $0.append(unique: "policies", policies) }
    }

    /// A denial that no policy gives.
    static func refusal(
        _ reason: String, rule: String = "R-FAIL", texts: ReasonTexts = .withoutPolicy, policies: [String] = [],
        errors: [String] = []
    ) -> Ruling {
        Ruling(outcome: .deny, reason: reason, rule: rule, policies: policies, errors: errors, text: texts[reason])
    }

    package static func == (a: Ruling, b: Ruling) -> Bool {
        a === b
            || a.outcome == b.outcome && a.reason == b.reason && a.rule == b.rule && a.obligations == b.obligations
                && a.advice == b.advice && a.policies == b.policies && a.errors == b.errors && a.text == b.text
                && a.cell == b.cell
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(reason)
        hasher.combine(policies)
    }
}
