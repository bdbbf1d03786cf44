// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What was decided and why: enough to explain it to the person, to show it to the patient and to review it.
package struct Decision: Hashable, Sendable {
    package enum Outcome: String, Sendable { case permit, deny }

    package var outcome: Outcome
    package var reason: String
    package var rule: String
    package var obligations: [String]
    package var advice: [String]
    /// The policies satisfied, the deciding one first, then the matrix policy that was looked up.
    package var policies: [String]
    /// Policies that could not be evaluated. Any of them makes the decision a denial.
    package var errors: [String]
    package var text: ReasonText?
    /// Which cell of the matrix was looked up, as `line 12: 60 x 68599-0 deny (attested)`.
    package var cell: String?

    package var isPermit: Bool { outcome == .permit }

    /// A denial that no policy gives: the facts, the policies, the records or the journal failed.
    static func refusal(
        _ reason: String, rule: String = "R-FAIL", texts: ReasonTexts = .withoutPolicy, policies: [String] = [],
        errors: [String] = []
    ) -> Decision {
        Decision(
            outcome: .deny, reason: reason, rule: rule, obligations: [], advice: [], policies: policies,
            errors: errors, text: texts[reason], cell: nil)
    }
}
