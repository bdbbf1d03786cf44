// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
package import SocleIdentity

/// A policy version made ready: parsed, checked and compiled once, then shared by every question.
package final class PolicyProgram: Sendable {
    package let number: Int64
    let policies: CompiledPolicies
    let matrix: HabilitationMatrix
    let texts: ReasonTexts
    let rulings = RulingTable()
    private let parameters: ParameterTable
    /// By the name that Cedar gives each policy.
    private let rules: [String: PolicyRule]

    /// - Throws: every fault of the text at once.
    package init(number: Int64, text: PolicyText) throws(PolicyFaults) {
        self.number = number
        var faults: [PolicyFaults.Fault] = []
        let set = PolicySet(text, faults: &faults)
        texts = ReasonTexts(CommaSeparated(text.files["reasons.csv"] ?? ""), faults: &faults)
        matrix = HabilitationMatrix(CommaSeparated(text.files["matrix.csv"] ?? ""), faults: &faults)
        parameters = ParameterTable(CommaSeparated(text.files["parameters.csv"] ?? ""), faults: &faults)
        rules = PolicyProgram.rules(of: set, texts: texts, faults: &faults)
        PolicySchema.check(set, against: text.files["schema.cedarschema"], faults: &faults)
        guard faults.isEmpty else { throw PolicyFaults(faults) }
        policies = CompiledPolicies(set)
    }

    package func parameters(of service: String?) -> PolicyParameters { parameters[service] }

    /// What the matrix says of a role and a document type.
    package func access(role: CodedConcept?, type: String?) -> MatrixAccess {
        matrix.answer(role: role, type: type).access
    }

    func rule(of policy: Policy) -> PolicyRule? { rules[policy.id] }

    /// Every rule, in its order.
    package var orderedRules: [PolicyRule] { rules.values.sorted { $0.order < $1.order } }

    /// The administrators' roles that policies name.
    package var administratorRoles: Set<String> {
        var groups = NamedGroups()
        for policy in policies.policies { groups.add(policy) }
        return groups.adminRoles
    }

    private static func rules(
        of set: PolicySet, texts: ReasonTexts, faults: inout [PolicyFaults.Fault]
    ) -> [String: PolicyRule] {
        var rules: [String: PolicyRule] = [:]
        var taken: [PolicyOrder: String] = [:]
        var names: Set<String> = []
        for policy in set.policies {
            let file = String(policy.id.prefix { $0 != "#" })
            func fault(_ message: String) {
                faults.append(PolicyFaults.Fault(file, "\(policy.position)", message))
            }
            func words(_ annotation: String) -> [String] {
                (policy.annotations[annotation] ?? "").split(separator: " ").map(String.init)
            }
            guard let order = policy.annotations["order"].flatMap({ PolicyOrder($0) }),
                let rule = policy.annotations["rule"], let reason = policy.annotations["reason"],
                let id = policy.annotations["id"]
            else {
                fault("a policy needs @id, @order (dotted numbers), @rule and @reason")
                continue
            }
            if let other = taken.updateValue(id, forKey: order) { fault("`\(other)` has the order \(order) too") }
            if !names.insert(id).inserted { fault("the name `\(id)` is taken") }
            if texts[reason] == nil { fault("reasons.csv has no text for `\(reason)`") }
            let obligations = words("obligation")
            for unknown in Obligations.unknownPlaceholders(in: obligations) {
                fault("no fact fills the placeholder `\(unknown)`")
            }
            rules[policy.id] = PolicyRule(
                id: id, effect: policy.effect == .permit ? .permit : .forbid, order: order, rule: rule, reason: reason,
                advice: words("advice"), obligations: obligations,
                explainsAbsence: policy.annotations["absence"] != nil)
        }
        return rules
    }
}
