// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// A published policy reads something else than finite facts: where, and what to do instead.
struct NotFinite: Error, Hashable, Sendable {
    var position: Position
    var message: String
}

/// Conditions of policies, read as diagrams over a space of facts. What is not a finite fact is refused.
///
/// It relies on the schema's check: names and types are right, so that no condition of the finite kind can fail.
struct ConditionReader {
    let space: FactSpace
    /// To know the groups above each action, and which attributes there are.
    let schema: Schema
    var store: DiagramStore

    typealias Node = DiagramStore.Node

    /// Where a policy is satisfied: its scope, every `when`, no `unless`.
    mutating func satisfied(_ policy: Policy) throws(NotFinite) -> Node {
        var node = try scope(policy)
        for condition in policy.conditions {
            let body = try read(condition.body)
            node = store.and(node, condition.keyword == .when ? body : store.not(body))
        }
        return node
    }

    private mutating func scope(_ policy: Policy) throws(NotFinite) -> Node {
        let principal = try constraint(policy.scope.principal, .principal, policy.position)
        let resource = try constraint(policy.scope.resource, .resource, policy.position)
        let action: Node
        switch policy.scope.action {
        case .any: action = DiagramStore.always
        case .equal(let uid), .within(let uid): action = try actions([uid], policy.position)
        case .withinAny(let uids): action = try actions(uids, policy.position)
        }
        return store.and([principal, action, resource])
    }

    private mutating func constraint(
        _ constraint: Scope.Constraint, _ variable: Expression.Variable, _ position: Position
    ) throws(NotFinite) -> Node {
        switch constraint {
        case .any: return DiagramStore.always
        case .equal(.entity(let uid)): throw NotFinite.identifier(uid, position)
        case .within(.entity(let uid)): return try membership(of: variable, in: uid, position)
        case .ofType(let type): return typeTest(variable, type)
        case .ofTypeWithin(let type, .entity(let uid)):
            let group = try membership(of: variable, in: uid, position)
            return store.and(typeTest(variable, type), group)
        case .equal(.slot), .within(.slot), .ofTypeWithin(_, .slot):
            throw NotFinite(position: position, message: "a template is no policy: write each policy out")
        }
    }

    mutating func read(_ expression: Expression) throws(NotFinite) -> Node {
        switch expression.kind {
        case .literal(.bool(let value)): return value ? DiagramStore.always : DiagramStore.never
        case .and(let operands):
            var node = DiagramStore.always
            for operand in operands { node = store.and(node, try read(operand)) }
            return node
        case .or(let operands):
            var node = DiagramStore.never
            for operand in operands { node = store.or(node, try read(operand)) }
            return node
        case .not(let operand): return store.not(try read(operand))
        case .conditional(let test, let then, let otherwise):
            let (test, then, otherwise) = (try read(test), try read(then), try read(otherwise))
            return store.choose(test, then: then, otherwise: otherwise)
        case .attribute: return try booleanFact(expression)
        case .has(let base, let path):
            guard case .variable(.context) = base.kind, path.count == 1 else { throw NotFinite.unreadable(expression) }
            return space.place(of: path[0]) == nil ? DiagramStore.never : DiagramStore.always
        case .isType(let base, let type, let ancestor):
            guard case .variable(let variable) = base.kind, variable == .principal || variable == .resource else {
                throw NotFinite.unreadable(expression)
            }
            let typed = typeTest(variable, type)
            guard let ancestor else { return typed }
            let group = try within(base, ancestor, expression)
            return store.and(typed, group)
        case .binary(.equal, let left, let right): return try equality(left, right, expression)
        case .binary(.notEqual, let left, let right):
            let node = try equality(left, right, expression)
            return store.not(node)
        case .binary(.in, let left, let right): return try within(left, right, expression)
        case .binary(.contains, let set, let element): return try containment(set, element, expression)
        default: throw NotFinite.unreadable(expression)
        }
    }

    private mutating func booleanFact(_ expression: Expression) throws(NotFinite) -> Node {
        guard let level = level(of: expression), space.variables[level].kind == .fact(isBoolean: true) else {
            throw NotFinite.unreadable(expression)
        }
        return store.test(level, isIn: 1 << 1)
    }

    /// The member of the context that an expression is, or the action.
    private func level(of expression: Expression) -> Int? {
        switch expression.kind {
        case .variable(.action): return space.place(of: .action)
        case .attribute(let base, let name):
            guard case .variable(.context) = base.kind else { return nil }
            return space.place(of: name)
        default: return nil
        }
    }

    func place(of kind: FactVariable.Kind) throws(NotFinite) -> Int {
        guard let level = space.place(of: kind) else {
            throw NotFinite(position: Position(line: 1, column: 1), message: "the schema declares no \(kind)")
        }
        return level
    }
}
