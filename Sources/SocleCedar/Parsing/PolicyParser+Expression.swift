// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Expressions, from the loosest binding to the tightest.
extension PolicyParser {
    mutating func expression() throws(SyntaxError) -> Expression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= limits.nesting else {
            throw SyntaxError(at: reader.position, "more than \(limits.nesting) levels of nesting")
        }
        let position = reader.position
        guard try reader.takeWord("if") else { return try disjunction() }
        let test = try expression()
        guard try reader.takeWord("then") else { throw reader.unexpected(expecting: "`then`") }
        let then = try expression()
        guard try reader.takeWord("else") else { throw reader.unexpected(expecting: "`else`") }
        return try node(.conditional(test, then: then, otherwise: try expression()), position)
    }

    func node(_ kind: Expression.Kind, _ position: Position) throws(SyntaxError) -> Expression {
        let expression = Expression(kind, at: position)
        guard expression.depth <= limits.depth else {
            throw SyntaxError(at: position, "an expression of more than \(limits.depth) levels")
        }
        return expression
    }

    private mutating func disjunction() throws(SyntaxError) -> Expression {
        let position = reader.position
        var operands = [try conjunction()]
        while try reader.take(.or) { operands.append(try conjunction()) }
        return operands.count == 1 ? operands[0] : try node(.or(PolicyParser.flat(operands, isAnd: false)), position)
    }

    private mutating func conjunction() throws(SyntaxError) -> Expression {
        let position = reader.position
        var operands = [try relation()]
        while try reader.take(.and) { operands.append(try relation()) }
        return operands.count == 1 ? operands[0] : try node(.and(PolicyParser.flat(operands, isAnd: true)), position)
    }

    /// `(a && b) && c` is `a && b && c`, the same tree; `a && (b && c)` is another one.
    private static func flat(_ operands: [Expression], isAnd: Bool) -> [Expression] {
        switch (operands[0].kind, isAnd) {
        case (.and(let first), true), (.or(let first), false): first + operands.dropFirst()
        default: operands
        }
    }

    private mutating func relation() throws(SyntaxError) -> Expression {
        let position = reader.position
        let left = try sum()
        if let relation = comparison() {
            try reader.advance()
            let right = try sum()
            if comparison() != nil || reader.isWord("has") || reader.isWord("like") || reader.isWord("is") {
                throw SyntaxError(at: reader.position, "relations do not chain: use parentheses or `&&`")
            }
            return try node(.binary(relation, left, right), position)
        }
        if try reader.takeWord("has") { return try node(.has(left, try attributePath()), position) }
        if try reader.takeWord("like") { return try node(.like(left, try pattern()), position) }
        guard try reader.takeWord("is") else { return left }
        let type = try reader.path("an entity type")
        guard try reader.takeWord("in") else { return try node(.isType(left, type, in: nil), position) }
        return try node(.isType(left, type, in: try sum()), position)
    }

    private func comparison() -> Expression.BinaryOperator? {
        switch reader.token.kind {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: reader.isWord("in") ? .in : nil
        }
    }

    /// What follows `has`: a string, or names separated by points.
    private mutating func attributePath() throws(SyntaxError) -> [String] {
        if reader.is(.string) { return [try reader.string("an attribute")] }
        var path = [try reader.identifier("an attribute")]
        while try reader.take(.period) { path.append(try reader.identifier("an attribute")) }
        return path
    }

    private mutating func pattern() throws(SyntaxError) -> Pattern {
        guard reader.is(.string) else { throw reader.unexpected(expecting: "a pattern, which is a string,") }
        let token = try reader.advance()
        do {
            return Pattern(
                try StringLiteral.elements(reader.text(token), allowingStar: true).map {
                    $0.scalar == "*" && !$0.isLiteralStar ? .wildcard : .scalar($0.scalar)
                })
        } catch { throw TokenReader.fault(error, token) }
    }

    private mutating func sum() throws(SyntaxError) -> Expression {
        let position = reader.position
        var left = try product()
        while true {
            let isAddition = reader.is(.plus)
            guard isAddition || reader.is(.minus) else { return left }
            try reader.advance()
            left = try node(.binary(isAddition ? .add : .subtract, left, try product()), position)
        }
    }

    private mutating func product() throws(SyntaxError) -> Expression {
        let position = reader.position
        var left = try unary()
        while true {
            if reader.is(.slash) || reader.is(.percent) {
                throw SyntaxError(at: reader.position, "there is no division and no remainder in the language")
            }
            guard try reader.take(.star) else { return left }
            left = try node(.binary(.multiply, left, try unary()), position)
        }
    }

    /// At most four `!`, or four `-`, never both.
    private mutating func unary() throws(SyntaxError) -> Expression {
        let position = reader.position
        guard reader.is(.not) || reader.is(.minus) else { return try member() }
        let mark = reader.token.kind
        var count = 0
        while try reader.take(mark) { count += 1 }
        guard count <= 4 else {
            throw SyntaxError(at: position, "at most four \(mark.spelling) can follow one another")
        }
        var operand: Expression
        if mark == .minus, reader.is(.number) {
            // The digits belong to the sign: -9223372036854775808 is a number and its opposite is not.
            let token = reader.token
            operand = try member(sign: true)
            if case .literal(.long) = operand.kind, operand.position == token.position { count -= 1 }
        } else {
            operand = try member()
        }
        for _ in 0..<count { operand = try node(mark == .not ? .not(operand) : .negate(operand), position) }
        return operand
    }
}
