// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Expression {
    /// As deep as a reader of JSON may be asked to go.
    private static let maximumDepth = 1000

    func est(_ depth: Int) throws(JSONFault) -> JSON {
        guard depth <= Expression.maximumDepth else {
            throw JSONFault(path: .root, message: "at \(position): too deep for the JSON form")
        }
        func call(_ name: String, _ members: [(name: String, value: JSON)]) -> JSON {
            .object([(name, .object(members))])
        }
        func list(_ operands: [Expression]) throws(JSONFault) -> JSON {
            var values: [JSON] = []
            for operand in operands { values.append(try operand.est(depth + 1)) }
            return .array(values)
        }
        switch kind {
        case .literal(let literal): return .object([("Value", literal.est)])
        case .variable(let variable): return .object([("Var", .string(variable.rawValue))])
        case .and(let operands): return try Expression.nested("&&", operands, depth)
        case .or(let operands): return try Expression.nested("||", operands, depth)
        case .not(let operand): return call("!", [("arg", try operand.est(depth + 1))])
        case .negate(let operand): return call("neg", [("arg", try operand.est(depth + 1))])
        case .isEmpty(let operand): return call("isEmpty", [("arg", try operand.est(depth + 1))])
        case .binary(let operation, let left, let right):
            return call(
                operation.rawValue, [("left", try left.est(depth + 1)), ("right", try right.est(depth + 1))])
        case .has(let base, let path):
            var (subject, tests) = (try base.est(depth + path.count), [JSON]())
            for name in path {
                tests.append(call("has", [("left", subject), ("attr", .string(name))]))
                subject = call(".", [("left", subject), ("attr", .string(name))])
            }
            return tests.dropFirst().reduce(tests[0]) { call("&&", [("left", $0), ("right", $1)]) }
        case .attribute(let base, let name):
            return call(".", [("left", try base.est(depth + 1)), ("attr", .string(name))])
        case .like(let operand, let pattern):
            return call("like", [("left", try operand.est(depth + 1)), ("pattern", pattern.est)])
        case .isType(let operand, let type, let ancestor):
            var members = [("left", try operand.est(depth + 1)), ("entity_type", JSON.string(type))]
            if let ancestor { members.append(("in", try ancestor.est(depth + 1))) }
            return call("is", members)
        case .conditional(let test, let then, let otherwise):
            return call(
                "if-then-else",
                [
                    ("if", try test.est(depth + 1)), ("then", try then.est(depth + 1)),
                    ("else", try otherwise.est(depth + 1)),
                ])
        case .set(let elements): return .object([("Set", try list(elements))])
        case .record(let members):
            var values: [(name: String, value: JSON)] = []
            for member in members { values.append((member.name, try member.value.est(depth + 1))) }
            return call("Record", values)
        case .call(let function, let arguments): return .object([(function.rawValue, try list(arguments))])
        }
    }

    /// `a && b && c` as `(a && b) && c`.
    private static func nested(_ name: String, _ operands: [Expression], _ depth: Int) throws(JSONFault) -> JSON {
        var result = try operands[0].est(depth + operands.count)
        for (place, operand) in operands.enumerated().dropFirst() {
            let right = try operand.est(depth + operands.count - place)
            result = .object([(name, .object([("left", result), ("right", right)]))])
        }
        return result
    }
}

extension Expression.Literal {
    fileprivate var est: JSON {
        switch self {
        case .bool(let value): .bool(value)
        case .long(let value): .integer(value)
        case .string(let text): .string(text.string)
        case .entity(let uid): .object([("__entity", uid.est)])
        }
    }
}

extension Pattern {
    /// One literal for each code point, as the reference writes it.
    fileprivate var est: JSON {
        .array(
            elements.map { element in
                switch element {
                case .wildcard: .string("Wildcard")
                case .scalar(let scalar): .object([("Literal", .string(String(scalar)))])
                }
            })
    }
}
