// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// One rule of a directive laid flat: everything inherited is written out, and nothing above it need be looked at.
package struct ConsentClause: Hashable, Sendable {
    /// Its place in the directive.
    var index: Int
    /// The clauses from `index + 1` up to here, excluded, are its exceptions and theirs.
    var end: Int
    /// nil for a root that states no rule: it says nothing itself.
    package var effect: ConsentRule.Effect?
    package var period: Span
    package var purposes: Set<String>
    package var actors: Set<RuleActor>
    package var actions: Set<RuleAction>
    package var data: DataCondition

    func speaks(to question: RuleQuestion) -> Bool {
        period.contains(question.instant)
            && (purposes.isEmpty || !purposes.isDisjoint(with: question.purposes))
            && (actors.isEmpty || !actors.isDisjoint(with: question.actors))
            && question.isAbout(actions, effect)
    }
}

/// The fast form of a directive: its rules in one list, each before its exceptions.
///
/// A clause that speaks decides when none of its exceptions speaks; of the deciding ones a refusal wins. That equals
/// `ConsentDirective.evaluate`, which a property test holds it to.
package struct CompiledDirective: Hashable, Sendable {
    package let clauses: [ConsentClause]
    /// Whether the root permits some data only, and so refuses the rest.
    let refusesTheRest: Bool
    /// Whether what it permits opens anything.
    package private(set) var opens: Bool
    /// The same, when nothing that it permits opens anything.
    package var closed: CompiledDirective {
        var closed = self
        closed.opens = false
        return closed
    }

    package init(_ directive: ConsentDirective) {
        var clauses: [ConsentClause] = []
        clauses.reserveCapacity(directive.root.count)
        CompiledDirective.lay(directive.root, under: nil, onto: &clauses)
        self.clauses = clauses
        opens = !directive.refusesOnly
        refusesTheRest = directive.root.effect == .permit && !directive.root.data.isEverything
    }

    private static func lay(_ rule: ConsentRule, under parent: ConsentClause?, onto clauses: inout [ConsentClause]) {
        let index = clauses.count
        var clause = ConsentClause(
            index: index, end: index + rule.count, effect: rule.effect, period: rule.period, purposes: rule.purposes,
            actors: rule.actors, actions: rule.actions, data: rule.data(under: parent.map { ($0.effect, $0.data) }))
        if let parent {
            clause.period = rule.period.limited(to: parent.period)
            if rule.purposes.isEmpty { clause.purposes = parent.purposes }
            if rule.actors.isEmpty { clause.actors = parent.actors }
            if rule.actions.isEmpty { clause.actions = parent.actions }
        }
        clauses.append(clause)
        for exception in rule.exceptions { lay(exception, under: clause, onto: &clauses) }
    }

    /// What is left of the directive once who, why and when are settled: conditions on data alone.
    package func residual(for question: RuleQuestion) -> ConsentResidual {
        let left = clauses.filter { $0.effect != nil && $0.speaks(to: question) }
        return ConsentResidual(
            clauses: left, refusesTheRest: refusesTheRest && left.first?.index == 0, opens: opens)
    }

    package func evaluate(_ question: RuleQuestion, on data: RuleData) -> ConsentRule.Effect? {
        residual(for: question).effect(on: data)
    }
}
