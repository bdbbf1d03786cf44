// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// What a directive still says once who asks, why and when are settled: filters on data (IHE PCF `residual`).
package struct ConsentResidual: Hashable, Sendable {
    package let clauses: [ConsentClause]
    let refusesTheRest: Bool
    /// Whether what it permits opens anything.
    package let opens: Bool

    /// What it says of fully described data; nil for nothing. What was not said of the data counts as not holding.
    package func effect(on data: RuleData) -> ConsentRule.Effect? {
        var permits = false
        let matching = clauses.filter { $0.data.matches(data) == .yes }
        for (position, clause) in matching.enumerated() {
            // The next one that matches is its exception: then it is the exception's to say.
            if position + 1 < matching.count, matching[position + 1].index < clause.end { continue }
            if clause.effect == .deny { return .deny }
            permits = true
        }
        return permits ? .permit : refusesTheRest ? .deny : nil
    }

    /// What can be said of data described in part.
    package struct Verdict: Hashable, Sendable {
        /// Every answer that a fuller description could give; nil is saying nothing.
        package var possible: Set<ConsentRule.Effect?>
        /// What is left open, with its exceptions.
        fileprivate var open: [ConsentClause] = []
        fileprivate var refusesTheRest = false

        /// The filters that whoever knows the data must still apply, in order, the last that matches deciding and none
        /// of them saying nothing; empty when nothing is left open. Made when asked for: a list is decided on without.
        package var filters: [ResidualFilter] {
            guard possible.count > 1 else { return [] }
            return (refusesTheRest ? [.forbidsEverything] : []) + ConsentResidual.filters(of: open[...])
        }
    }

    package func verdict(on data: RuleData) -> Verdict {
        let known = clauses.map { (clause: $0, match: $0.data.matches(data)) }.filter { $0.match != .no }
        guard known.contains(where: { $0.match == .unknown }) else {
            return Verdict(possible: [effect(on: data)])
        }
        var possible = ConsentResidual.outcomes(of: known[...])
        if refusesTheRest, possible.contains(nil) {
            possible.remove(nil)
            possible.insert(.deny)
        }
        return Verdict(possible: possible, open: known.map(\.clause), refusesTheRest: refusesTheRest)
    }

    /// Every answer of these clauses, each condition left open holding or not: however many there are, each clause is
    /// looked at once. nil is none of them deciding.
    private static func outcomes(
        of known: ArraySlice<(clause: ConsentClause, match: DataCondition.Match)>
    ) -> Set<ConsentRule.Effect?> {
        var outcomes: Set<ConsentRule.Effect?> = [nil]
        var rest = known
        while let (clause, match) = rest.popFirst() {
            let exceptions = rest.prefix { $0.clause.index < clause.end }
            rest = rest.dropFirst(exceptions.count)
            var own = ConsentResidual.outcomes(of: exceptions)
            if own.contains(nil) {
                // Where none of its exceptions decides, the clause does when it matches.
                if match == .yes { own.remove(nil) }
                own.insert(clause.effect)
            }
            outcomes = Set(
                outcomes.flatMap { before in
                    own.map { before == .deny || $0 == .deny ? .deny : before ?? $0 }
                })
        }
        return outcomes
    }

    /// Of rules beside each other a refusal wins; a rule decides where none of its exceptions does, hence before them.
    fileprivate static func filters(of clauses: ArraySlice<ConsentClause>) -> [ResidualFilter] {
        ResidualFilter.refusalsWin(
            sequence(state: clauses) { rest in
                guard let rule = rest.popFirst() else { return nil }
                let exceptions = rest.prefix { $0.index < rule.end }
                rest = rest.dropFirst(exceptions.count)
                return rule.filters + filters(of: exceptions)
            })
    }
}
