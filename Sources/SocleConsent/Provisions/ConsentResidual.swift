// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// What a directive still says once who asks, why and when are settled: filters on data (IHE PCF `residual`).
package struct ConsentResidual: Hashable, Sendable {
    package let clauses: [ConsentClause]
    let refusesTheRest: Bool

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
        /// The filters that whoever knows the data must still apply, in order, the last that matches deciding; empty
        /// when nothing is left open.
        package var filters: [String]
    }

    package func verdict(on data: RuleData) -> Verdict {
        let known = clauses.map { (clause: $0, match: $0.data.matches(data)) }.filter { $0.match != .no }
        guard known.contains(where: { $0.match == .unknown }) else {
            return Verdict(possible: [effect(on: data)], filters: [])
        }
        var possible = ConsentResidual.outcomes(of: known[...])
        if refusesTheRest, possible.contains(nil) {
            possible.remove(nil)
            possible.insert(.deny)
        }
        return Verdict(possible: possible, filters: possible.count == 1 ? [] : filters(known.map(\.clause)))
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

    /// `forbid`, `permit:label=...`: an exception after its rule, and of two exceptions the refusal last.
    private func filters(_ left: [ConsentClause]) -> [String] {
        let depth = { (clause: ConsentClause) in
            clauses.filter { $0.index < clause.index && clause.index < $0.end }.count
        }
        let ordered = left.sorted {
            (depth($0), $0.effect == .deny ? 1 : 0, $0.index) < (depth($1), $1.effect == .deny ? 1 : 0, $1.index)
        }
        // A permit of everything adds nothing to a decision that permits.
        let said = ordered.drop { $0.effect == .permit && $0.data.isEverything }
        return (refusesTheRest ? ["forbid"] : []) + said.map(\.filter)
    }
}

extension ConsentClause {
    /// The clause as a filter on data: `forbid`, `permit:label=SYSTEM|N`, `forbid:created=2022-.../2022-...`.
    fileprivate var filter: String {
        var parts: [String] = []
        func add(_ name: String, _ values: Set<String>) {
            if !values.isEmpty { parts.append("\(name)=\(values.sorted().joined(separator: ","))") }
        }
        add("label", data.labels)
        add("class", data.classes)
        add("code", data.codes)
        if !data.period.isEverything {
            parts.append("created=\(data.period.start?.description ?? "")/\(data.period.end?.description ?? "")")
        }
        for meaning in DataCondition.Meaning.allCases {
            add(meaning.rawValue, Set(data.references.filter { $0.meaning == meaning }.map { "\($0.type)/\($0.id)" }))
        }
        return ([effect == .deny ? "forbid" : "permit"] + parts).joined(separator: ":")
    }
}
