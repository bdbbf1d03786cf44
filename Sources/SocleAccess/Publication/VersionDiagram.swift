// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// A policy version as functions of the facts: where each policy is satisfied, what Cedar decides, what is answered.
struct VersionDiagram: Sendable {
    typealias Node = DiagramStore.Node

    /// In their order, with where each is satisfied.
    let policies: [(rule: PolicyRule, satisfied: Node)]
    /// Cedar's decision: some permit, and no forbid.
    let allowed: Node
    /// The same, were the policies that only explain an absence not there.
    let allowedWithoutAbsences: Node
    /// The place, in `outcomes`, of what is answered.
    let answer: Node
    let outcomes: [PolicyOutcome]

    /// - Throws: every policy that reads something else than finite facts.
    init(_ program: PolicyProgram, reader: inout ConditionReader) throws(PolicyFaults) {
        var policies: [(rule: PolicyRule, satisfied: Node)] = []
        var faults: [PolicyFaults.Fault] = []
        for policy in program.policies.policies {
            guard let rule = program.rule(of: policy) else { continue }
            do throws(NotFinite) {
                policies.append((rule, try reader.satisfied(policy)))
            } catch {
                faults.append(
                    PolicyFaults.Fault(String(policy.id.prefix { $0 != "#" }), "\(error.position)", error.message))
            }
        }
        guard faults.isEmpty else { throw PolicyFaults(faults) }
        policies.sort { $0.rule.order < $1.rule.order }
        var (permits, forbids, absences) = (DiagramStore.never, DiagramStore.never, DiagramStore.never)
        for (rule, satisfied) in policies {
            switch rule.effect {
            case .permit: permits = reader.store.or(permits, satisfied)
            case .forbid where rule.explainsAbsence: absences = reader.store.or(absences, satisfied)
            case .forbid: forbids = reader.store.or(forbids, satisfied)
            }
        }
        allowedWithoutAbsences = reader.store.and(permits, reader.store.not(forbids))
        allowed = reader.store.and(allowedWithoutAbsences, reader.store.not(absences))
        self.policies = policies
        (answer, outcomes) = Self.answers(policies, allowed, &reader.store)
    }

    /// The first satisfied policy, from the last to the first; a disagreement with Cedar becomes an outcome of its own.
    private static func answers(
        _ policies: [(rule: PolicyRule, satisfied: Node)], _ allowed: Node, _ store: inout DiagramStore
    ) -> (Node, [PolicyOutcome]) {
        let count = policies.count
        var first = DiagramStore.leaf(2 * count)
        for (place, policy) in policies.enumerated().reversed() {
            first = store.choose(policy.satisfied, then: DiagramStore.leaf(place), otherwise: first)
        }
        let answer = store.combine(first, allowed) { first, allowed in
            guard first < 0, allowed < 0 else { return nil }
            let place = DiagramStore.number(of: first)
            guard place < count else { return first }
            let agrees = (policies[place].rule.effect == .permit) == (allowed == DiagramStore.always)
            return DiagramStore.leaf(agrees ? place : count + place)
        }
        return (
            answer, policies.map { .decided($0.rule) } + policies.map { .inconsistent($0.rule) } + [.nothing]
        )
    }

    func outcome(at point: [Int], _ store: DiagramStore) -> PolicyOutcome {
        outcomes[store.value(of: answer, at: point)]
    }
}
