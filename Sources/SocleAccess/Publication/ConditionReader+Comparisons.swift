// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

// Comparisons: of a fact with its values, of who asks and what is asked with groups.
extension ConditionReader {
    mutating func equality(
        _ left: Expression, _ right: Expression, _ whole: Expression
    ) throws(NotFinite) -> Node {
        for (side, other) in [(left, right), (right, left)] {
            guard case .variable(let variable) = side.kind, variable != .action else { continue }
            if case .literal(.entity(let uid)) = other.kind { throw NotFinite.identifier(uid, whole.position) }
            throw NotFinite.unreadable(whole)
        }
        switch (finiteValue(left), finiteValue(right)) {
        case (.fact(let level)?, .literal(let uid)?), (.literal(let uid)?, .fact(let level)?):
            return store.test(level, isIn: bits(of: [uid], at: level))
        case (.fact(let a)?, .fact(let b)?): return sameValue(a, b)
        case (.literal(let a)?, .literal(let b)?): return a == b ? DiagramStore.always : DiagramStore.never
        default:
            // Two conditions: both hold, or neither does.
            let (a, b) = (try read(left), try read(right))
            let (both, neither) = (store.and(a, b), store.not(store.or(a, b)))
            return store.or(both, neither)
        }
    }

    private mutating func sameValue(_ a: Int, _ b: Int) -> Node {
        var node = DiagramStore.never
        for (place, value) in space.variables[a].values.enumerated() {
            guard let other = space.variables[b].place(of: value) else { continue }
            let (one, two) = (store.test(a, isIn: 1 << UInt64(place)), store.test(b, isIn: 1 << UInt64(other)))
            node = store.or(node, store.and(one, two))
        }
        return node
    }

    mutating func containment(
        _ set: Expression, _ element: Expression, _ whole: Expression
    ) throws(NotFinite) -> Node {
        guard case .fact(let level)? = finiteValue(element), let uids = entities(set) else {
            throw NotFinite.unreadable(whole)
        }
        return store.test(level, isIn: bits(of: uids, at: level))
    }

    /// `in` an entity or any of several.
    mutating func within(
        _ left: Expression, _ right: Expression, _ whole: Expression
    ) throws(NotFinite) -> Node {
        let uids: [EntityUID]
        if case .literal(.entity(let uid)) = right.kind {
            uids = [uid]
        } else if let several = entities(right) {
            uids = several
        } else {
            throw NotFinite.unreadable(whole)
        }
        switch left.kind {
        case .variable(.action): return try actions(uids, whole.position)
        case .variable(let variable):
            var node = DiagramStore.never
            for uid in uids { node = store.or(node, try membership(of: variable, in: uid, whole.position)) }
            return node
        default:
            // Values of an enumeration are in nothing but themselves.
            guard case .fact(let level)? = finiteValue(left) else { throw NotFinite.unreadable(whole) }
            return store.test(level, isIn: bits(of: uids, at: level))
        }
    }

    mutating func membership(
        of variable: Expression.Variable, in uid: EntityUID, _ position: Position
    ) throws(NotFinite) -> Node {
        switch (variable, uid.type) {
        case (.principal, "Role"):
            let level = try place(of: .role)
            return store.test(level, isIn: bits([uid.id], at: level))
        case (.principal, "RoleSystem"):
            let level = try place(of: .role)
            let values = space.variables[level].values.filter {
                $0 == FactVariable.another(of: uid.id) || $0.contains("|") && NamedGroups.system(of: $0) == uid.id
            }
            return store.test(level, isIn: bits(values, at: level))
        case (.principal, "AdminRole"): return store.test(try place(of: .adminRole(uid.id)), isIn: 1 << 1)
        case (.principal, "AdminRoles") where uid.id == "any":
            var node = DiagramStore.never
            for (level, variable) in space.variables.enumerated() {
                if case .adminRole = variable.kind { node = store.or(node, store.test(level, isIn: 1 << 1)) }
            }
            return node
        case (.resource, "Category"):
            let level = try place(of: .category)
            return store.test(level, isIn: bits([uid.id], at: level))
        case (.resource, "DocumentType"):
            let level = try place(of: .documentType)
            return store.test(level, isIn: bits([uid.id], at: level))
        default: throw NotFinite.identifier(uid, position)
        }
    }

    mutating func typeTest(_ variable: Expression.Variable, _ type: String) -> Node {
        guard variable == .principal, let level = space.place(of: .subject) else {
            // One type of resource is all that is ever asked about.
            return type == "Resource" ? DiagramStore.always : DiagramStore.never
        }
        return store.test(level, isIn: bits([type], at: level))
    }

    // Values.

    private enum FiniteValue {
        case fact(Int)
        case literal(EntityUID)
    }

    private func finiteValue(_ expression: Expression) -> FiniteValue? {
        switch expression.kind {
        case .literal(.entity(let uid)): return .literal(uid)
        case .variable(.action): return space.place(of: .action).map(FiniteValue.fact)
        case .attribute(let base, let name):
            guard case .variable(.context) = base.kind, let level = space.place(of: name),
                space.variables[level].kind == .fact(isBoolean: false)
            else { return nil }
            return .fact(level)
        default: return nil
        }
    }

    /// The members of a set written out, when each is an entity.
    private func entities(_ expression: Expression) -> [EntityUID]? {
        guard case .set(let members) = expression.kind else { return nil }
        var uids: [EntityUID] = []
        for member in members {
            guard case .literal(.entity(let uid)) = member.kind else { return nil }
            uids.append(uid)
        }
        return uids
    }

    private func bits(of uids: [EntityUID], at level: Int) -> UInt64 { bits(uids.map(\.id), at: level) }

    private func bits(_ values: [String], at level: Int) -> UInt64 {
        values.reduce(0) { bits, value in
            space.variables[level].place(of: value).map { bits | 1 << UInt64($0) } ?? bits
        }
    }

    /// Questions name an action and no group of them.
    mutating func actions(_ uids: [EntityUID], _ position: Position) throws(NotFinite) -> Node {
        for action in schema.actionEntities {
            if let group = uids.first(where: { action.parents.contains($0) }) {
                throw NotFinite(position: position, message: "`\(group)` is a group: name each of its actions")
            }
        }
        return store.test(try place(of: .action), isIn: bits(of: uids, at: try place(of: .action)))
    }
}
