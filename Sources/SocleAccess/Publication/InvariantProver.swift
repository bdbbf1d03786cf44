// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// Proves over a version's diagram: what holds of any set of rules, and what the invariants ask.
struct InvariantProver {
    typealias Node = DiagramStore.Node

    let version: VersionDiagram
    private var reader: ConditionReader
    private let words: FactWords
    private let possible: Node
    private let impossible: Node

    init(version: VersionDiagram, reader: ConditionReader, words: FactWords) {
        self.version = version
        self.words = words
        var reader = reader
        possible = reader.store.possible(in: reader.space)
        impossible = reader.store.not(possible)
        self.reader = reader
    }

    var points: UInt128 { reader.store.count(possible) }

    /// What no text can take away: a rule always explains, in its order, and an absence only explains.
    mutating func lawsOfForm() -> [PolicyGate.Check] {
        let outcomes = version.outcomes
        let inconsistent = reader.store.map(version.answer) { place in
            if case .inconsistent = outcomes[place] { 1 } else { 0 }
        }
        let silent = reader.store.map(version.answer) { place in outcomes[place] == .nothing ? 1 : 0 }
        let held = reader.store.and(version.allowedWithoutAbsences, reader.store.not(version.allowed))
        return [
            check(
                "order",
                words.language.say(
                    en: "the first satisfied policy has the effect that Cedar decides",
                    fr: "la première politique satisfaite a l’effet que Cedar décide"), inconsistent),
            check(
                "complete",
                words.language.say(
                    en: "some policy decides and explains, whatever the facts",
                    fr: "une politique décide et explique, quels que soient les faits"), silent),
            check(
                "absence",
                words.language.say(
                    en: "without the policies that only explain an absence no decision differs",
                    fr: "sans les politiques qui n’expliquent qu’une absence, aucune décision ne change"), held),
        ]
    }

    mutating func check(_ invariant: Invariant) throws(PolicyFaults) -> PolicyGate.Check {
        let place: Node
        do throws(NotFinite) {
            place = try reader.satisfied(invariant.policy)
        } catch {
            let file = String(invariant.policy.id.prefix { $0 != "#" })
            throw PolicyFaults([PolicyFaults.Fault(file, "\(error.position)", error.message)])
        }
        let wrong = invariant.policy.effect == .forbid ? version.allowed : reader.store.not(version.allowed)
        let violation = reader.store.and(place, wrong)
        return check(invariant.id, invariant.statement, violation, law: invariant.law)
    }

    private mutating func check(
        _ id: String, _ statement: String, _ violation: Node, law: String = ""
    ) -> PolicyGate.Check {
        let violation = reader.store.and(violation, possible)
        return PolicyGate.Check(
            id: id, statement: statement, law: law,
            counterExample: CounterExample(
                violation, impossible: impossible, version: version, words: words, reader: &reader))
    }

    /// The policies that are first nowhere: another is always satisfied before them.
    mutating func neverDeciding() -> [String] {
        let elsewhere = version.outcomes.count
        let answer = reader.store.choose(
            impossible, then: DiagramStore.leaf(elsewhere), otherwise: version.answer)
        var deciding: Set<PolicyRule> = []
        for place in reader.store.leaves(of: answer) where place < elsewhere {
            switch version.outcomes[place] {
            case .decided(let rule), .inconsistent(let rule): deciding.insert(rule)
            case .nothing: break
            }
        }
        return version.policies.map(\.rule).filter { !deciding.contains($0) }.map(\.id)
    }
}
