// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Program {
    /// Appends the code of an expression and returns its place.
    mutating func compile(_ expression: Expression) -> Index {
        if let value = Program.constant(expression) { return append(.constant(intern(value)), expression) }
        let node: Node
        switch expression.kind {
        case .literal(let literal): node = .constant(intern(Value(literal)))
        case .variable(.principal): node = .principal
        case .variable(.action): node = .action
        case .variable(.resource): node = .resource
        case .variable(.context): node = .context
        case .and(let operands): node = .and(compile(operands))
        case .or(let operands): node = .or(compile(operands))
        case .set(let elements): node = .set(compile(elements))
        case .record(let members):
            let values = compile(members.map(\.value))
            node = .record(values, names: intern(members.map(\.name)))
        case .call(let function, let arguments): node = .call(function, compile(arguments))
        case .not(let operand): node = .not(compile(operand))
        case .negate(let operand): node = .negate(compile(operand))
        case .isEmpty(let operand): node = .isEmpty(compile(operand))
        case .binary(let operation, let left, let right):
            let left = compile(left)
            node = .binary(operation, left, compile(right))
        case .has(let base, let path):
            node = .has(compile(base), names: intern(path), count: Int32(path.count))
        case .attribute(let base, let name): node = .attribute(compile(base), name: intern([name]))
        case .like(let operand, let pattern):
            node = .like(compile(operand), pattern: intern(pattern))
        case .isType(let operand, let type, in: nil): node = .isType(compile(operand), type: intern([type]))
        case .isType(let operand, let type, in: let ancestor?):
            let operand = compile(operand)
            node = .isTypeIn(operand, type: intern([type]), compile(ancestor))
        case .conditional(let test, let then, let otherwise):
            let (test, then) = (compile(test), compile(then))
            node = .conditional(test, then, compile(otherwise))
        }
        return append(node, expression)
    }

    /// Appends a node that ands the given ones.
    mutating func conjunction(of operands: [Index], at position: Position) -> Index {
        append(.and(append(operands)), at: position)
    }

    private mutating func append(_ node: Node, _ expression: Expression) -> Index {
        append(node, at: expression.position)
    }

    private mutating func compile(_ expressions: [Expression]) -> List { append(expressions.map { compile($0) }) }

    private mutating func append(_ indices: [Index]) -> List {
        lists.append(contentsOf: indices)
        return List(start: Int32(lists.count - indices.count), count: Int32(indices.count))
    }
}

extension Program {
    /// The value of an expression that depends on nothing and cannot fail; nil for any other.
    static func constant(_ expression: Expression) -> Value? {
        switch expression.kind {
        case .literal(let literal): return Value(literal)
        case .set(let elements):
            let values = elements.compactMap(constant)
            return values.count == elements.count ? .set(ValueSet(values)) : nil
        case .record(let members):
            let values = members.compactMap { member in constant(member.value).map { (member.name, $0) } }
            return values.count == members.count ? .record(Record(values)) : nil
        case .call(let function, let arguments) where function.isConstructor:
            guard arguments.count == 1, case .literal(.string(let text)) = arguments[0].kind else { return nil }
            return function.construct(text.string)
        default: return nil
        }
    }
}

extension Value {
    init(_ literal: Expression.Literal) {
        switch literal {
        case .bool(let value): self = .bool(value)
        case .long(let value): self = .long(value)
        case .string(let value): self = .string(value.string)
        case .entity(let value): self = .entity(value)
        }
    }
}

extension ExtensionFunction {
    /// What the constructor makes of a text; nil when the text has not its shape.
    public func construct(_ text: String) -> Value? {
        switch self {
        case .decimal: FixedDecimal(text).map(Value.decimal)
        case .ip: IPRange(text).map(Value.ip)
        case .datetime: Instants.datetime(text).map { .datetime(millisecondsSince1970: $0) }
        case .duration: Instants.duration(text).map { .duration(milliseconds: $0) }
        default: nil
        }
    }
}
