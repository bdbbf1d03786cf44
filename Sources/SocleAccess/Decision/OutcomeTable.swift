// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// What the policies of one version answer to facts they have already met.
///
/// Facts are few, have few values, and are all that a policy reads: evaluating is a pure function of them, and this is
/// its table, filled in as it is asked. Nobody's decision is kept: the facts of each question are found anew.
final class OutcomeTable: Sendable {
    struct Outcome: Sendable {
        /// In order, the deciding one first.
        var satisfied: [PolicyRule]
        /// Policies that could not be evaluated, and why.
        var errors: [String]
        var isAllowed: Bool
    }

    private struct Met: Hashable {
        var facts: Facts
        var matrix: MatrixAccess
    }

    /// Categories and types are open sets: what is kept is bounded, and dropped when it is full.
    private static let limit = 4096
    private let outcomes = Mutex<[Met: Outcome]>([:])

    func outcome<Fault>(
        _ facts: Facts, _ matrix: MatrixAccess, evaluating evaluate: () throws(Fault) -> Outcome
    ) throws(Fault) -> Outcome {
        let met = Met(facts: facts, matrix: matrix)
        if let known = outcomes.withLock({ $0[met] }) { return known }
        let outcome = try evaluate()
        outcomes.withLock { outcomes in
            if outcomes.count >= OutcomeTable.limit { outcomes = [:] }
            outcomes[met] = outcome
        }
        return outcome
    }
}
