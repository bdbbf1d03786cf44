// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Schema {
    /// Strict validation: every policy and template, each error with its place.
    ///
    /// A policy passes when every name it writes is declared, its scope fits an action of the schema, and its
    /// condition has a type in every request it can meet: no missing attribute, no optional one read without `has`,
    /// no comparison across types.
    /// - Source: Cedar language reference, policy validation, strict mode.
    ///
    /// - Parameter level: how many entities one after the other a policy may look into, starting from the request
    ///   (`principal.manager.name` is two); checked once the rest is without fault. An entity written out cannot be
    ///   looked into at any level. Nil for no such limit. Source: Cedar RFC 76.
    public func validate(_ set: PolicySet, level: Int? = nil) -> [ValidationError] {
        let environments = environments
        return (set.policies + set.templates).flatMap { policy in
            let errors = validate(policy, environments, level: nil)
            return errors.isEmpty && level != nil ? validate(policy, environments, level: level) : errors
        }
    }

    private func validate(_ policy: Policy, _ environments: [Environment], level: Int?) -> [ValidationError] {
        var findings = Findings(policyID: policy.id)
        let clauses = Program.clauses(of: policy, scope: policy.scope, slotsHold: true)
        for clause in clauses { checkNames(clause, &findings) }
        if !applies(policy.scope) {
            findings.add(policy.position, "no action of the schema applies to the scope of this policy")
        }
        for environment in environments {
            var checker = TypeChecker(environment: environment, level: level, findings: findings)
            checker.checkPolicy(clauses)
            findings = checker.findings
        }
        return findings.errors
    }

    /// Every entity and every type named anywhere, reached or not.
    private func checkNames(_ expression: Expression, _ findings: inout Findings) {
        switch expression.kind {
        case .literal(.entity(let uid)): checkEntity(uid, expression.position, &findings)
        case .isType(_, let type, in: _): checkType(type, expression.position, &findings)
        default: break
        }
        for operand in expression.kind.operands { checkNames(operand, &findings) }
    }

    private func checkEntity(_ uid: EntityUID, _ position: Position, _ findings: inout Findings) {
        if uid.isAction {
            if actions[uid] == nil { findings.add(position, "the action `\(uid)` is not in the schema") }
            return
        }
        guard let type = entityTypes[uid.typeName] else { return checkType(uid.type, position, &findings) }
        if let identifiers = type.identifiers, !identifiers.contains(Text(uid.id)) {
            findings.add(position, "`\(uid)` is not among the entities that `\(uid.type)` enumerates")
        }
    }

    private func checkType(_ name: String, _ position: Position, _ findings: inout Findings) {
        guard entityTypes[Text(name)] == nil, !isActionType(Text(name)) else { return }
        findings.add(position, "the entity type `\(name)` is not in the schema")
    }
}

// Whether a scope fits some action.
extension Schema {
    private func applies(_ scope: Scope) -> Bool {
        actions.contains { uid, action in
            allows(scope.action, uid, action) && action.principals.contains { allows(scope.principal, $0) }
                && action.resources.contains { allows(scope.resource, $0) }
        }
    }

    private func allows(_ constraint: Scope.ActionConstraint, _ uid: EntityUID, _ action: Action) -> Bool {
        switch constraint {
        case .any: true
        case .equal(let named): named == uid
        case .within(let group): group == uid || action.ancestors.contains(group)
        case .withinAny(let groups): groups.contains { $0 == uid || action.ancestors.contains($0) }
        }
    }

    private func allows(_ constraint: Scope.Constraint, _ type: Text) -> Bool {
        switch constraint {
        case .any, .equal(.slot), .within(.slot): true
        case .equal(.entity(let uid)): uid.typeName == type
        case .within(.entity(let uid)): canBe(type, in: uid.typeName)
        case .ofType(let name), .ofTypeWithin(let name, .slot): Text(name) == type
        case .ofTypeWithin(let name, .entity(let uid)): Text(name) == type && canBe(type, in: uid.typeName)
        }
    }
}
