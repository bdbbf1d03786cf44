// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// The roles, code systems, administrators' roles, categories and document types that policies name: of an open set,
/// what policies can tell apart is these and the rest.
struct NamedGroups: Sendable {
    private(set) var roles: Set<String> = []
    private(set) var systems: Set<String> = []
    private(set) var adminRoles: Set<String> = []
    private(set) var categories: Set<String> = []
    private(set) var documentTypes: Set<String> = []
    /// The facts of the context, in the order in which policies first read them.
    private(set) var reading: [String] = []

    mutating func add(_ policy: Policy) {
        for constraint in [policy.scope.principal, policy.scope.resource] {
            switch constraint {
            case .equal(.entity(let uid)), .within(.entity(let uid)), .ofTypeWithin(_, .entity(let uid)): add(uid)
            default: break
            }
        }
        for condition in policy.conditions { add(condition.body) }
    }

    private mutating func add(_ expression: Expression) {
        switch expression.kind {
        case .literal(.entity(let uid)): add(uid)
        case .attribute(let base, let name):
            if case .variable(.context) = base.kind, !reading.contains(name) { reading.append(name) }
        default: break
        }
        for operand in expression.kind.operands { add(operand) }
    }

    private mutating func add(_ uid: EntityUID) {
        switch uid.type {
        case "Role": roles.insert(uid.id)
        case "RoleSystem": systems.insert(uid.id)
        case "AdminRole": adminRoles.insert(uid.id)
        case "Category": categories.insert(uid.id)
        case "DocumentType": documentTypes.insert(uid.id)
        default: break
        }
    }

    /// The code system of a role's name, `system|code`.
    static func system(of role: String) -> String { String(role.prefix { $0 != "|" }) }

    /// Every class of roles: a professional is in exactly one.
    var roleValues: [String] {
        [FactVariable.none] + roles.sorted() + systems.sorted().map(FactVariable.another(of:)) + [FactVariable.another]
    }
}
