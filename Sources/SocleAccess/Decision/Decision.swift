// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What was decided and why: enough to explain it to the person, to show it to the patient and to review it.
package struct Decision: Hashable, Sendable {
    package enum Outcome: String, Sendable { case permit, deny }

    let ruling: Ruling
    /// The ruling's, filled in for this question.
    package let obligations: [String]

    init(_ ruling: Ruling) { self.init(ruling, obligations: ruling.obligations) }

    init(_ ruling: Ruling, obligations: [String]) {
        self.ruling = ruling
        self.obligations = obligations
    }

    package var outcome: Outcome { ruling.outcome }
    package var reason: String { ruling.reason }
    package var rule: String { ruling.rule }
    package var advice: [String] { ruling.advice }
    /// The policies satisfied, the deciding one first, then the matrix policy that was looked up.
    package var policies: [String] { ruling.policies }
    /// Policies that could not be evaluated. Any of them makes the decision a denial.
    package var errors: [String] { ruling.errors }
    package var text: ReasonText? { ruling.text }
    /// Which cell of the matrix was looked up, as `line 12: 60 x 68599-0 deny (attested)`.
    package var cell: String? { ruling.cell }

    package var isPermit: Bool { outcome == .permit }

    /// A denial that no policy gives: the facts, the policies, the records or the journal failed.
    static func refusal(
        _ reason: String, rule: String = "R-FAIL", texts: ReasonTexts = .withoutPolicy, policies: [String] = [],
        errors: [String] = []
    ) -> Decision {
        Decision(.refusal(reason, rule: rule, texts: texts, policies: policies, errors: errors))
    }
}
