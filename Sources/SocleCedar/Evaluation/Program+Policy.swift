// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Program {
    /// The code of a policy: principal, action and resource of the scope to check, then its conditions in order.
    mutating func compile(_ policy: Policy, scope: Scope) -> Index {
        let clauses = Program.clauses(of: policy, scope: scope)
        let operands = clauses.map { compile($0) }
        return conjunction(of: operands, at: policy.position)
    }

    /// A policy as expressions that must all hold; the scope is the first three at most.
    ///
    /// - Parameter slotsHold: lets the principal or the resource itself stand for its slot, which types as every link
    ///   that can apply does. Otherwise a slot lets nothing through.
    static func clauses(of policy: Policy, scope: Scope, slotsHold: Bool = false) -> [Expression] {
        let position = policy.position
        var clauses: [Expression] = []
        clauses += constraint(scope.principal, .principal, position, slotsHold)
        clauses += action(scope.action, position)
        clauses += constraint(scope.resource, .resource, position, slotsHold)
        for condition in policy.conditions {
            switch condition.keyword {
            case .when: clauses.append(condition.body)
            case .unless: clauses.append(Expression(.not(condition.body), at: condition.body.position))
            }
        }
        return clauses
    }

    private static func constraint(
        _ constraint: Scope.Constraint, _ variable: Expression.Variable, _ position: Position,
        _ slotsHold: Bool
    ) -> [Expression] {
        let subject = Expression(.variable(variable), at: position)
        func entity(_ reference: Scope.Reference) -> Expression? {
            guard case .entity(let uid) = reference else { return slotsHold ? subject : nil }
            return Expression(.literal(.entity(uid)), at: position)
        }
        // INVARIANT: a template is never compiled; its slots, were one met, would let nothing through.
        let nothing = Expression(.literal(.bool(false)), at: position)
        let kind: Expression.Kind? =
            switch constraint {
            case .any: nil
            case .equal(let reference): entity(reference).map { .binary(.equal, subject, $0) } ?? nothing.kind
            case .within(let reference): entity(reference).map { .binary(.in, subject, $0) } ?? nothing.kind
            case .ofType(let type): .isType(subject, type, in: nil)
            case .ofTypeWithin(let type, let reference):
                entity(reference).map { .isType(subject, type, in: $0) } ?? nothing.kind
            }
        return kind.map { [Expression($0, at: position)] } ?? []
    }

    private static func action(_ constraint: Scope.ActionConstraint, _ position: Position) -> [Expression] {
        let subject = Expression(.variable(.action), at: position)
        func literal(_ uid: EntityUID) -> Expression { Expression(.literal(.entity(uid)), at: position) }
        let kind: Expression.Kind
        switch constraint {
        case .any: return []
        case .equal(let uid): kind = .binary(.equal, subject, literal(uid))
        case .within(let uid): kind = .binary(.in, subject, literal(uid))
        case .withinAny(let uids):
            kind = .binary(.in, subject, Expression(.set(uids.map(literal)), at: position))
        }
        return [Expression(kind, at: position)]
    }
}
