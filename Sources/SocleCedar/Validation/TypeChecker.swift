// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Finds the type of an expression for one shape of request, and says why when it has none.
///
/// A *capability* is what a `has` before made safe to read. `nil` means that an error was found already.
/// - Source: the typing rules of the language's formal model, strict mode.
struct TypeChecker {
    let environment: Environment
    /// How many entities one after the other may be looked into; nil for any number.
    var level: Int?
    var findings: Findings

    /// An attribute or a tag known to be present.
    enum Capability: Hashable {
        case attribute(Expression, Text)
        case tag(Expression, Expression)
    }

    struct Typed {
        var type: CedarType
        /// What holds besides, when this is true.
        var capabilities: Set<Capability> = []
        var reach: Reach

        init(_ type: CedarType, _ capabilities: Set<Capability> = [], reach: Reach = .request) {
            self.type = type
            self.capabilities = capabilities
            self.reach = reach
        }
    }

    var schema: Schema { environment.schema }

    mutating func checkPolicy(_ clauses: [Expression]) {
        _ = conjunction(clauses, [])
    }

    mutating func check(_ expression: Expression, _ known: Set<Capability>) -> Typed? {
        switch expression.kind {
        case .literal(.entity(environment.action)): return Typed(.entity(environment.action.typeName))
        case .literal(let literal): return Typed(type(of: literal), reach: .nowhere)
        case .variable(let variable): return Typed(type(of: variable))
        case .and(let operands): return conjunction(operands, known)
        case .or(let operands): return disjunction(operands, known)
        case .not(let operand):
            guard let truth = truth(of: operand, known) else { return nil }
            switch truth.value {
            case .alwaysTrue: return Typed(.bool(.alwaysFalse))
            case .alwaysFalse: return Typed(.bool(.alwaysTrue))
            case .unknown: return Typed(.boolean)
            }
        case .negate(let operand):
            return expect([.long], operand, known).map { _ in Typed(.long) }
        case .isEmpty(let operand):
            return element(of: operand, known).map { _ in Typed(.boolean) }
        case .like(let operand, _):
            return expect([.string], operand, known).map { _ in Typed(.boolean) }
        case .isType(let operand, let type, let ancestor):
            guard let entity = entity(operand, known) else { return nil }
            guard entity.name == Text(type) else { return Typed(.bool(.alwaysFalse)) }
            guard let ancestor else { return Typed(.bool(.alwaysTrue)) }
            return membership(of: entity, operand, ancestor, known)
        case .conditional(let test, let then, let otherwise): return conditional(test, then, otherwise, known)
        case .set(let elements): return set(elements, known, expression)
        case .record(let members):
            var record = RecordType()
            var (isTyped, reaches) = (true, [Text: Reach]())
            for member in members {
                guard let value = check(member.value, known) else {
                    isTyped = false
                    continue
                }
                record.attributes[Text(member.name)] = .init(type: value.type, isRequired: true)
                if level != nil { reaches[Text(member.name)] = value.reach }
            }
            return isTyped ? Typed(.record(record), reach: .members(reaches)) : nil
        case .has(let base, let path): return has(base, path, known)
        case .attribute(let base, let name): return attribute(name, of: base, known, expression)
        case .call(let function, let arguments): return call(function, arguments, known, expression)
        case .binary(let operation, let left, let right): return binary(operation, left, right, known, expression)
        }
    }

    private func type(of literal: Expression.Literal) -> CedarType {
        switch literal {
        case .bool(let value): .bool(value ? .alwaysTrue : .alwaysFalse)
        case .long: .long
        case .string: .string
        case .entity(let uid): .entity(uid.typeName)
        }
    }

    private func type(of variable: Expression.Variable) -> CedarType {
        switch variable {
        case .principal: .entity(environment.principal)
        case .action: .entity(Text(environment.action.type))
        case .resource: .entity(environment.resource)
        case .context: .record(environment.context)
        }
    }

    /// The entity an expression names outright; the action of the request is such a name.
    func named(_ expression: Expression) -> EntityUID? {
        switch expression.kind {
        case .literal(.entity(let uid)): uid
        case .variable(.action): environment.action
        default: nil
        }
    }

    mutating func report(_ expression: Expression, _ message: String) -> Typed? {
        findings.add(expression.position, message)
        return nil
    }
}

// What an operand must be.
extension TypeChecker {
    mutating func expect(_ types: [CedarType], _ operand: Expression, _ known: Set<Capability>) -> CedarType? {
        guard let found = check(operand, known) else { return nil }
        if types.contains(found.type) { return found.type }
        let expected = types.map { "\($0)" }.joined(separator: " or ")
        _ = report(operand, "expected \(expected), found \(found.type)")
        return nil
    }

    mutating func truth(of operand: Expression, _ known: Set<Capability>)
        -> (value: CedarType.Truth, capabilities: Set<Capability>)?
    {
        guard let found = check(operand, known) else { return nil }
        if case .bool(let truth) = found.type { return (truth, found.capabilities) }
        _ = report(operand, "expected Bool, found \(found.type)")
        return nil
    }

    mutating func entity(_ operand: Expression, _ known: Set<Capability>) -> (name: Text, reach: Reach)? {
        guard let found = check(operand, known) else { return nil }
        if case .entity(let name) = found.type { return (name, found.reach) }
        _ = report(operand, "expected an entity, found \(found.type)")
        return nil
    }

    /// The type of the elements of a set.
    mutating func element(of operand: Expression, _ known: Set<Capability>) -> CedarType? {
        guard let found = check(operand, known) else { return nil }
        if case .set(let element) = found.type { return element }
        _ = report(operand, "expected a set, found \(found.type)")
        return nil
    }
}
