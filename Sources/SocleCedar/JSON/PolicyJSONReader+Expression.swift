// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension PolicyJSONReader {
    func expression(_ json: JSON?, _ path: JSONPath) throws(JSONFault) -> Expression {
        guard let (name, body) = json?.single else {
            throw JSONFault(path: path, message: "an expression is an object of one member, its operator")
        }
        let path = path.member(name)
        let expression = Expression(try kind(name, body, path), at: position)
        guard expression.depth <= limits.depth else {
            throw JSONFault(path: .root, message: "an expression of more than \(limits.depth) levels")
        }
        return expression
    }

    private func kind(_ name: String, _ body: JSON, _ path: JSONPath) throws(JSONFault) -> Expression.Kind {
        func operand(_ member: String) throws(JSONFault) -> Expression {
            try expression(body[member], path.member(member))
        }
        if let members = PolicyJSONReader.operands[name] { try refuseOthers(than: members, in: body, path) }
        func text(_ member: String) throws(JSONFault) -> String {
            guard let text = body[member]?.string else {
                throw JSONFault(path: path.member(member), message: "a string is expected")
            }
            return text
        }
        switch name {
        case "Value": return try value(body, path).kind
        case "Var":
            guard let variable = body.string.flatMap(Expression.Variable.init) else {
                throw JSONFault(path: path, message: "this is not a variable")
            }
            return .variable(variable)
        case "Slot": throw JSONFault(path: path, message: "a slot can stand in the scope only")
        case "&&", "||":
            // A chain nested to the left is the flat chain of the text form.
            let (left, right) = (try operand("left"), try operand("right"))
            switch (left.kind, name) {
            case (.and(let operands), "&&"): return .and(operands + [right])
            case (.or(let operands), "||"): return .or(operands + [right])
            default: return name == "&&" ? .and([left, right]) : .or([left, right])
            }
        case "!": return .not(try operand("arg"))
        case "neg": return .negate(try operand("arg"))
        case "isEmpty": return .isEmpty(try operand("arg"))
        case "has": return .has(try operand("left"), try attributes(body["attr"], path.member("attr")))
        case ".": return .attribute(try operand("left"), try text("attr"))
        case "like": return .like(try operand("left"), try pattern(body["pattern"], path.member("pattern")))
        case "is":
            let type = try self.name(try text("entity_type"), path.member("entity_type"))
            return .isType(try operand("left"), type, in: body["in"] == nil ? nil : try operand("in"))
        case "if-then-else":
            return .conditional(try operand("if"), then: try operand("then"), otherwise: try operand("else"))
        case "Set": return .set(try list(body, path))
        case "Record":
            var members: [(name: String, value: Expression)] = []
            for (name, value) in try object(body, path) {
                members.append((name, try expression(value, path.member(name))))
            }
            return .record(members)
        default:
            if let operation = Expression.BinaryOperator(rawValue: name) {
                try refuseOthers(than: ["left", "right"], in: body, path)
                return .binary(operation, try operand("left"), try operand("right"))
            }
            guard let function = ExtensionFunction(rawValue: name) else {
                throw JSONFault(path: path, message: "`\(name)` is not an operator")
            }
            return .call(function, try list(body, path))
        }
    }

    /// What the body of an operator may hold; of every other, `left` and `right`, or a list.
    private static let operands: [String: [String]] = [
        "&&": ["left", "right"], "||": ["left", "right"], "!": ["arg"], "neg": ["arg"], "isEmpty": ["arg"],
        "has": ["left", "attr"], ".": ["left", "attr"], "like": ["left", "pattern"],
        "is": ["left", "entity_type", "in"], "if-then-else": ["if", "then", "else"],
    ]

    /// One name, or the names of a path.
    private func attributes(_ json: JSON?, _ path: JSONPath) throws(JSONFault) -> [String] {
        if let name = json?.string { return [name] }
        let names = json?.array?.compactMap(\.string) ?? []
        guard !names.isEmpty, names.count == json?.array?.count,
            names.count == 1 || names.allSatisfy(Identifier.isPlain)
        else { throw JSONFault(path: path, message: "a name or an array of names is expected") }
        return names
    }

    private func list(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> [Expression] {
        var expressions: [Expression] = []
        for (place, element) in try array(json, path).enumerated() {
            expressions.append(try expression(element, path.element(place)))
        }
        return expressions
    }

    /// A value written out, with the escapes of entities and extension values.
    private func value(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> Expression {
        let kind: Expression.Kind
        switch json {
        case .null: throw JSONFault(path: path, message: "`null` has no meaning here")
        case .bool(let value): kind = .literal(.bool(value))
        case .integer(let value): kind = .literal(.long(value))
        case .string(let value): kind = .literal(.string(Text(value)))
        case .array(let values):
            var elements: [Expression] = []
            for (place, element) in values.enumerated() { elements.append(try value(element, path.element(place))) }
            kind = .set(elements)
        case .object(let members):
            if let uid = json["__entity"], members.count == 1 {
                kind = .literal(.entity(try self.uid(uid, path)))
            } else if let call = json["__extn"], members.count == 1 {
                kind = try extensionCall(call, path)
            } else if members.count == 1, json["__expr"] != nil {
                throw JSONFault(path: path, message: "`__expr` is no longer a part of the language")
            } else {
                var values: [(name: String, value: Expression)] = []
                for (name, member) in members { values.append((name, try value(member, path.member(name)))) }
                kind = .record(values)
            }
        }
        return Expression(kind, at: position)
    }

    private func extensionCall(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> Expression.Kind {
        guard let function = json["fn"]?.string.flatMap(ExtensionFunction.init) else {
            throw JSONFault(path: path, message: "`fn` must name a function")
        }
        var expressions: [Expression] = []
        for argument in try json.arguments(path) { expressions.append(try value(argument, path)) }
        return .call(function, expressions)
    }

    /// Literals of any length and wildcards.
    private func pattern(_ json: JSON?, _ path: JSONPath) throws(JSONFault) -> Pattern {
        guard let parts = json?.array else { throw JSONFault(path: path, message: "an array is expected") }
        var elements: [Pattern.Element] = []
        for part in parts {
            if part.string == "Wildcard" {
                elements.append(.wildcard)
            } else if let literal = part["Literal"]?.string {
                elements += literal.unicodeScalars.map { .scalar($0) }
            } else {
                throw JSONFault(path: path, message: "a pattern is made of `Wildcard` and `Literal`")
            }
        }
        return Pattern(elements)
    }
}
