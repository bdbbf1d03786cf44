// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// What a directive still says once who asks, why and when are settled: filters on data (IHE PCF `residual`).
package struct ConsentResidual: Hashable, Sendable {
    package let clauses: [ConsentClause]
    let refusesTheRest: Bool

    /// What it says of fully described data; nil for nothing. What was not said of the data counts as not holding.
    package func effect(on data: RuleData) -> ConsentRule.Effect? {
        effect { $0.data.matches(data) == .yes }
    }

    private func effect(_ holds: (ConsentClause) -> Bool) -> ConsentRule.Effect? {
        var permits = false
        let matching = clauses.filter(holds)
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

    /// Beyond that many conditions left open, every answer is held possible.
    private static let openLimit = 8

    package func verdict(on data: RuleData) -> Verdict {
        let known = clauses.map { ($0, $0.data.matches(data)) }.filter { $0.1 != .no }
        let open = known.filter { $0.1 == .unknown }.map(\.0.index)
        guard !open.isEmpty else { return Verdict(possible: [effect(on: data)], filters: []) }
        var possible: Set<ConsentRule.Effect?> = []
        if open.count > ConsentResidual.openLimit {
            possible = [.permit, .deny, nil]
        } else {
            let sure = Set(known.filter { $0.1 == .yes }.map(\.0.index))
            for bits in 0..<(1 << open.count) {
                possible.insert(
                    effect { clause in
                        sure.contains(clause.index)
                            || open.firstIndex(of: clause.index).map { bits >> $0 & 1 == 1 } ?? false
                    })
            }
        }
        return Verdict(possible: possible, filters: possible.count == 1 ? [] : filters(known.map(\.0)))
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
