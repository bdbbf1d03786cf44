// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Literals, variables, calls, and what follows them.
extension PolicyParser {
    /// A primary and its accesses: `.name`, `.method(…)`, `["name"]`.
    ///
    /// - Parameter sign: a minus was read just before a number, which takes it when nothing else follows.
    mutating func member(sign: Bool = false) throws(SyntaxError) -> Expression {
        let position = reader.position
        var base = try primary(sign: sign)
        while true {
            if try reader.take(.period) {
                let namePosition = reader.position
                let name = try reader.identifier("an attribute or a method")
                if reader.is(.leftParenthesis) {
                    let arguments = try arguments()
                    base = try node(try method(name, base, arguments, namePosition), position)
                } else {
                    base = try node(.attribute(base, name), position)
                }
            } else if try reader.take(.leftBracket) {
                base = try node(.attribute(base, try reader.string("an attribute, a string,")), position)
                try reader.expect(.rightBracket)
            } else if reader.is(.leftParenthesis) {
                throw SyntaxError(at: reader.position, "only functions and methods can be called")
            } else {
                return base
            }
        }
    }

    private mutating func primary(sign: Bool) throws(SyntaxError) -> Expression {
        let position = reader.position
        switch reader.token.kind {
        case .string: return try node(.literal(.string(Text(try reader.string("a string")))), position)
        case .number: return try number(sign: sign)
        case .leftParenthesis:
            try reader.advance()
            let inner = try expression()
            try reader.expect(.rightParenthesis)
            return inner
        case .leftBracket:
            try reader.advance()
            return try node(.set(try list(until: .rightBracket)), position)
        case .leftBrace: return try record()
        case .slot:
            throw SyntaxError(
                at: position, "`\(reader.text(reader.token))`: a slot can stand in the scope only")
        case .identifier: return try named()
        default: throw reader.unexpected(expecting: "an expression")
        }
    }

    private mutating func number(sign: Bool) throws(SyntaxError) -> Expression {
        let token = try reader.advance()
        let isAccessed = reader.is(.period) || reader.is(.leftBracket)
        let magnitude = reader.number(token)
        guard let magnitude, let value = Digits.signed(magnitude, isNegative: sign && !isAccessed) else {
            throw SyntaxError(at: token.position, "`\(reader.text(token))` does not fit in 64 bits")
        }
        return try node(.literal(.long(value)), token.position)
    }

    /// Expressions between commas, a last comma allowed; the closing mark is taken.
    private mutating func list(until end: Token.Kind) throws(SyntaxError) -> [Expression] {
        var elements: [Expression] = []
        while !reader.is(end) {
            elements.append(try expression())
            guard try reader.take(.comma) else { break }
        }
        try reader.expect(end)
        return elements
    }

    private mutating func arguments() throws(SyntaxError) -> [Expression] {
        try reader.expect(.leftParenthesis)
        return try list(until: .rightParenthesis)
    }

    private mutating func record() throws(SyntaxError) -> Expression {
        let position = reader.position
        try reader.expect(.leftBrace)
        var members: [(name: String, value: Expression)] = []
        var names: Set<Text> = []
        while !reader.is(.rightBrace) {
            let namePosition = reader.position
            let name = reader.is(.string) ? try reader.string("a name") : try reader.identifier("a name or a string")
            guard names.insert(Text(name)).inserted else {
                throw SyntaxError(at: namePosition, "the attribute `\(name)` is given twice")
            }
            try reader.expect(.colon)
            members.append((name, try expression()))
            guard try reader.take(.comma) else { break }
        }
        try reader.expect(.rightBrace)
        return try node(.record(members), position)
    }

    /// What begins with a name: a boolean, a variable, a function, an entity.
    private mutating func named() throws(SyntaxError) -> Expression {
        let position = reader.position
        if try reader.takeWord("true") { return try node(.literal(.bool(true)), position) }
        if try reader.takeWord("false") { return try node(.literal(.bool(false)), position) }
        let word = try reader.identifier("an expression")
        if reader.is(.pathSeparator) {
            var type = word
            while try reader.take(.pathSeparator) {
                if reader.is(.string) {
                    let uid = EntityUID(type: type, id: try reader.string("an identifier"))
                    return try node(.literal(.entity(uid)), position)
                }
                type += "::" + (try reader.identifier("a name or a string"))
            }
            throw SyntaxError(at: position, "`\(type)` is not a value: an entity is written `\(type)::\"…\"`")
        }
        if reader.is(.leftParenthesis) {
            guard let function = ExtensionFunction(rawValue: word), function.isConstructor else {
                throw SyntaxError(at: position, "unknown function `\(word)`")
            }
            return try node(.call(function, try arguments()), position)
        }
        guard let variable = Expression.Variable(rawValue: word) else {
            throw SyntaxError(
                at: position, "unknown variable `\(word)`: there are `principal`, `action`, `resource`, `context`")
        }
        return try node(.variable(variable), position)
    }

    private func method(_ name: String, _ receiver: Expression, _ arguments: [Expression], _ position: Position)
        throws(SyntaxError) -> Expression.Kind
    {
        func expect(_ count: Int) throws(SyntaxError) {
            guard arguments.count == count else {
                throw SyntaxError(
                    at: position,
                    "`\(name)` takes \(count == 1 ? "one argument" : "no argument"), not \(arguments.count)")
            }
        }
        switch name {
        case "contains", "containsAll", "containsAny", "hasTag", "getTag":
            try expect(1)
            guard let operation = Expression.BinaryOperator(rawValue: name) else { break }
            return .binary(operation, receiver, arguments[0])
        case "isEmpty":
            try expect(0)
            return .isEmpty(receiver)
        default:
            // Their number of arguments is checked when they are evaluated or validated, as the language has it.
            if let function = ExtensionFunction(rawValue: name), !function.isConstructor {
                return .call(function, [receiver] + arguments)
            }
        }
        throw SyntaxError(at: position, "unknown method `\(name)`")
    }
}
