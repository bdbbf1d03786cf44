// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension TypeChecker {
    mutating func binary(
        _ operation: Expression.BinaryOperator, _ left: Expression, _ right: Expression, _ known: Set<Capability>,
        _ expression: Expression
    ) -> Typed? {
        switch operation {
        case .equal, .notEqual: return equality(left, right, known, expression, isNegated: operation == .notEqual)
        case .in: return membership(left, right, known)
        case .hasTag: return hasTag(left, right, known)
        case .getTag: return getTag(left, right, known, expression)
        case .add, .subtract, .multiply:
            let (a, b) = (expect([.long], left, known), expect([.long], right, known))
            return a != nil && b != nil ? Typed(.long) : nil
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let ordered: [CedarType] = [.long, .datetime, .duration]
            guard let type = expect(ordered, left, known) else {
                _ = check(right, known)
                return nil
            }
            return expect([type], right, known).map { _ in Typed(.boolean) }
        case .contains:
            let (element, value) = (element(of: left, known), check(right, known))
            guard let element, let value else { return nil }
            return comparable(element, value.type, expression)
        case .containsAll, .containsAny:
            let (mine, theirs) = (element(of: left, known), element(of: right, known))
            guard let mine, let theirs else { return nil }
            return comparable(mine, theirs, expression)
        }
    }

    private mutating func comparable(_ a: CedarType, _ b: CedarType, _ expression: Expression) -> Typed? {
        guard a.joined(with: b) != nil else {
            return report(expression, "the types \(a) and \(b) cannot be compared")
        }
        return Typed(.boolean)
    }

    private mutating func equality(
        _ left: Expression, _ right: Expression, _ known: Set<Capability>, _ expression: Expression, isNegated: Bool
    ) -> Typed? {
        let (first, second) = (check(left, known), check(right, known))
        guard let first, let second else { return nil }
        func answer(_ isEqual: Bool) -> Typed { Typed(.bool(isEqual == isNegated ? .alwaysFalse : .alwaysTrue)) }
        if let a = literal(left), let b = literal(right) { return answer(a == b) }
        if first.type.joined(with: second.type) != nil { return Typed(.boolean) }
        // Entities of two types are simply never equal; it is how one rule serves several kinds of principal.
        if case (.entity, .entity) = (first.type, second.type) { return answer(false) }
        return report(expression, "the types \(first.type) and \(second.type) cannot be compared")
    }

    private func literal(_ expression: Expression) -> Expression.Literal? {
        if let uid = named(expression) { return .entity(uid) }
        guard case .literal(let literal) = expression.kind else { return nil }
        return literal
    }

    /// `left in right`: decided outright between actions, impossible between types that never nest.
    mutating func membership(_ left: Expression, _ right: Expression, _ known: Set<Capability>) -> Typed? {
        guard let found = entity(left, known) else {
            _ = check(right, known)
            return nil
        }
        return membership(of: found, left, right, known)
    }

    /// The same, the type of the left side already found: it is not checked twice, lest `is … in` nested in itself
    /// double at each level.
    mutating func membership(
        of found: (name: Text, reach: Reach), _ left: Expression, _ right: Expression, _ known: Set<Capability>
    ) -> Typed? {
        guard let ancestors = check(right, known) else { return nil }
        let type = found.name
        lookInto(found.reach, left)
        let ancestorType: Text
        switch ancestors.type {
        case .entity(let name), .set(.entity(let name)): ancestorType = name
        default: return report(right, "expected an entity or a set of entities, found \(ancestors.type)")
        }
        if let action = named(left), let declared = schema.actions[action], let groups = self.groups(right) {
            let isIn = groups.contains { $0 == action || declared.ancestors.contains($0) }
            return Typed(.bool(isIn ? .alwaysTrue : .alwaysFalse))
        }
        return Typed(canBe(type, in: ancestorType) ? .boolean : .bool(.alwaysFalse))
    }

    /// Entities written out, alone or in a set.
    private func groups(_ expression: Expression) -> [EntityUID]? {
        if let uid = named(expression) { return [uid] }
        guard case .set(let elements) = expression.kind else { return nil }
        let uids = elements.compactMap(named)
        return uids.count == elements.count ? uids : nil
    }

    /// Actions nest as they are declared to, whatever their type.
    private func canBe(_ type: Text, in ancestor: Text) -> Bool {
        schema.canBe(type, in: ancestor)
            || EntityUID.isActionType(type.string)
                && schema.actions.contains { uid, action in
                    uid.typeName == type && action.ancestors.contains { $0.typeName == ancestor }
                }
    }

    mutating func set(_ elements: [Expression], _ known: Set<Capability>, _ expression: Expression) -> Typed? {
        guard !elements.isEmpty else { return report(expression, "an empty set has no type") }
        let found = elements.compactMap { check($0, known) }
        guard found.count == elements.count else { return nil }
        var joined = found[0].type
        for type in found.dropFirst().map(\.type) {
            guard let next = joined.joined(with: type) else {
                return report(expression, "a set cannot hold both \(joined) and \(type)")
            }
            joined = next
        }
        return Typed(.set(joined))
    }

    mutating func call(
        _ function: ExtensionFunction, _ arguments: [Expression], _ known: Set<Capability>, _ expression: Expression
    ) -> Typed? {
        let (parameters, result) = function.signature
        guard arguments.count == parameters.count else {
            return report(
                expression,
                "`\(function.rawValue)` takes \(parameters.count) argument(s), not \(arguments.count), the receiver counted"
            )
        }
        var isTyped = true
        for (argument, parameter) in zip(arguments, parameters) {
            if expect([parameter], argument, known) == nil { isTyped = false }
        }
        guard isTyped else { return nil }
        guard function.isConstructor else { return Typed(result) }
        guard case .literal(.string(let text)) = arguments[0].kind else {
            return report(expression, "`\(function.rawValue)` must be given a string written out")
        }
        guard function.construct(text.string) != nil else {
            return report(expression, "`\(text)` has not the form of a value of `\(function.rawValue)`")
        }
        return Typed(result)
    }
}

extension ExtensionFunction {
    /// The types it takes, the receiver first, and the type it gives.
    var signature: (parameters: [CedarType], result: CedarType) {
        switch self {
        case .decimal: ([.string], .decimal)
        case .ip: ([.string], .ip)
        case .datetime: ([.string], .datetime)
        case .duration: ([.string], .duration)
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: ([.decimal, .decimal], .boolean)
        case .isIpv4, .isIpv6, .isLoopback, .isMulticast: ([.ip], .boolean)
        case .isInRange: ([.ip, .ip], .boolean)
        case .offset: ([.datetime, .duration], .datetime)
        case .durationSince: ([.datetime, .datetime], .duration)
        case .toDate: ([.datetime], .datetime)
        case .toTime: ([.datetime], .duration)
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: ([.duration], .long)
        }
    }
}
