// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Expression: CustomStringConvertible {
    /// As a policy would write it, with no parenthesis that reading it again does not need.
    public var description: String { text(.conditional) }

    /// How tightly the parts of an expression hold together, loosest first.
    private enum Binding: Int {
        case conditional, disjunction, conjunction, relation, sum, product, unary, member
    }

    private func text(_ context: Binding) -> String {
        let text = bareText
        return binding.rawValue < context.rawValue ? "(\(text))" : text
    }

    private var binding: Binding {
        switch kind {
        case .conditional: .conditional
        case .or: .disjunction
        case .and: .conjunction
        case .binary(let operation, _, _):
            switch operation {
            case .add, .subtract: .sum
            case .multiply: .product
            case .contains, .containsAll, .containsAny, .hasTag, .getTag: .member
            default: .relation
            }
        case .has, .like, .isType: .relation
        case .not, .negate: .unary
        // A sign is read as an operator, though it belongs to the number.
        case .literal(.long(let value)) where value < 0: .unary
        default: .member
        }
    }

    private var bareText: String {
        switch kind {
        case .literal(let literal): return literal.text
        case .variable(let variable): return variable.rawValue
        case .and(let operands): return operands.map { $0.text(.relation) }.joined(separator: " && ")
        case .or(let operands): return operands.map { $0.text(.conjunction) }.joined(separator: " || ")
        case .not(let operand): return "!\(operand.text(.member))"
        case .negate(let operand):
            // `-5` is a number; the opposite of the number 5 is something else to write.
            if case .literal(.long) = operand.kind { return "-(\(operand.bareText))" }
            return "-\(operand.text(.member))"
        case .isEmpty(let operand): return "\(operand.text(.member)).isEmpty()"
        case .binary(let operation, let left, let right): return Expression.text(operation, left, right)
        case .has(let base, let path):
            if path.count == 1, !Identifier.isPlain(path[0]) {
                return "\(base.text(.sum)) has \(StringLiteral.quoted(path[0]))"
            }
            return "\(base.text(.sum)) has \(path.joined(separator: "."))"
        case .attribute(let base, let name):
            return base.text(.member)
                + (Identifier.isPlain(name) ? ".\(name)" : "[\(StringLiteral.quoted(name))]")
        case .like(let operand, let pattern): return "\(operand.text(.sum)) like \"\(pattern)\""
        case .isType(let operand, let type, let ancestor):
            let test = "\(operand.text(.sum)) is \(type)"
            return ancestor.map { "\(test) in \($0.text(.sum))" } ?? test
        case .conditional(let test, let then, let otherwise): return "if \(test) then \(then) else \(otherwise)"
        case .set(let elements): return "[\(elements.map(\.description).joined(separator: ", "))]"
        case .record(let members):
            return "{\(members.map { "\(Identifier.written($0.name)): \($0.value)" }.joined(separator: ", "))}"
        case .call(let function, let arguments):
            guard let receiver = arguments.first, !function.isConstructor else {
                return "\(function.rawValue)(\(arguments.map(\.description).joined(separator: ", ")))"
            }
            let rest = arguments.dropFirst().map(\.description).joined(separator: ", ")
            return "\(receiver.text(.member)).\(function.rawValue)(\(rest))"
        }
    }

    private static func text(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> String {
        switch operation {
        case .contains, .containsAll, .containsAny, .hasTag, .getTag:
            "\(left.text(.member)).\(operation.rawValue)(\(right))"
        case .add, .subtract: "\(left.text(.sum)) \(operation.rawValue) \(right.text(.product))"
        case .multiply: "\(left.text(.product)) * \(right.text(.unary))"
        default: "\(left.text(.sum)) \(operation.rawValue) \(right.text(.sum))"
        }
    }
}

extension Expression.Literal {
    fileprivate var text: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .long(let value): String(value)
        case .string(let text): StringLiteral.quoted(text.string)
        case .entity(let uid): uid.description
        }
    }
}

/// Names that need no quotes.
enum Identifier {
    static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first), !TokenReader.reserved.contains(name) else {
            return false
        }
        return name.utf8.allSatisfy {
            $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        }
    }

    /// Whether a text is the name of an entity type: plain names joined by `::`.
    static func isPath(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return isPlain(text) }
        return text.split(separator: "::", omittingEmptySubsequences: false).allSatisfy { isPlain(String($0)) }
    }

    static func written(_ name: String) -> String { isPlain(name) ? name : StringLiteral.quoted(name) }
}
