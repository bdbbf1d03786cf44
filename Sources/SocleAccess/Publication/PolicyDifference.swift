// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Every change between two versions: of answers over all combinations of facts, of the tables line by line.
package struct PolicyDifference: Sendable {
    /// Combinations where one answer became another.
    package struct Change: Sendable {
        package enum Direction: String, Sendable, CaseIterable {
            /// Refused before, permitted after.
            case opens
            case closes
            /// The same decision, with another reason, rule, obligation or advice.
            case explains
        }

        package var direction: Direction
        package var before: AnswerSummary
        package var after: AnswerSummary
        /// How many combinations change so, exactly.
        package var points: UInt128
        /// Together they are exactly those combinations.
        package var blocks: [Block]
        /// Combinations counted above and in none of the blocks: there are too many blocks to tell.
        package var undetailed: UInt128
    }

    /// Combinations told together by the facts they share.
    package struct Block: Sendable {
        package var facts: [DescribedFact]
        package var words: [String]
        /// Those that no block before it tells.
        package var points: UInt128
    }

    /// A line of a table.
    package struct Line: Hashable, Sendable {
        /// What it is of: a cell, a parameter, a text.
        package var subject: String
        /// nil when it is new.
        package var before: String?
        /// nil when it is gone.
        package var after: String?
    }

    /// Combinations compared.
    package var points: UInt128
    package var changes: [Change]
    /// Policies added, taken out, or written otherwise, by name.
    package var policies: [Line]
    package var matrix: [Line]
    package var parameters: [Line]
    package var reasons: [Line]
    package var facts: [Line]
    package var invariants: [Line]
    /// What this comparison does not tell.
    package var notChecked: [String]

    package var changedPoints: UInt128 { changes.reduce(0) { $0 + $1.points } }

    /// Whether anything that can alter an answer, or what is proved, differs.
    package var isEmpty: Bool {
        changes.isEmpty && policies.isEmpty && matrix.isEmpty && parameters.isEmpty && reasons.isEmpty && facts.isEmpty
            && invariants.isEmpty
    }
}

/// An answer as a version gives it, placeholders unfilled.
package struct AnswerSummary: Hashable, Sendable {
    package var isPermit: Bool
    package var reason: String
    package var rule: String
    package var obligations: [String]
    package var advice: [String]

    init(_ answer: PolicyOutcome.Answer) {
        isPermit = answer.isPermit
        reason = answer.reason
        rule = answer.rule
        obligations = answer.obligations
        advice = answer.advice
    }
}
