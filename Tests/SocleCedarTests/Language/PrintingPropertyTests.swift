// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

/// Conditions made at random, always the same ones, of everything the language has.
private struct ExpressionGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    private mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

    private mutating func text() -> String {
        one(of: ["", "a", "é", "e\u{301}", "a b", "\"\\", "\n\t\r\0", "\u{200B}", "if", "*", "\u{1F600}", "::", "// x"])
    }

    private mutating func uid() -> EntityUID {
        EntityUID(type: one(of: ["A", "N::B", "Action", "permit"]), id: text())
    }

    private mutating func literal() -> Expression.Kind {
        .literal(
            one(of: [
                .bool(below(2) == 0), .long(one(of: [0, 1, -1, .min, .max])), .string(Text(text())), .entity(uid()),
            ]))
    }

    private mutating func pattern() -> Pattern {
        Pattern(
            (0..<below(5)).map { _ in one(of: [.wildcard, .scalar("*"), .scalar("a"), .scalar("\\"), .scalar("é")]) })
    }

    mutating func expression(_ depth: Int) -> Expression { Expression(kind(depth), at: Position(line: 1, column: 1)) }

    private mutating func expressions(_ depth: Int, atLeast least: Int) -> [Expression] {
        (0..<(least + below(3))).map { _ in expression(depth) }
    }

    /// Of `&&` and `||`: a first operand of the same kind would be written as the beginning of the same chain.
    private mutating func chain(_ depth: Int, isAnd: Bool) -> [Expression] {
        var operands = expressions(depth, atLeast: 2)
        switch (operands[0].kind, isAnd) {
        case (.and, true), (.or, false):
            operands[0] = Expression(.variable(.context), at: operands[0].position)
        default: break
        }
        return operands
    }

    private mutating func kind(_ depth: Int) -> Expression.Kind {
        guard depth > 0 else {
            return below(2) == 0 ? literal() : .variable(one(of: [.principal, .action, .resource, .context]))
        }
        let below = depth - 1
        switch self.below(17) {
        case 0: return .and(chain(below, isAnd: true))
        case 1: return .or(chain(below, isAnd: false))
        case 2: return .not(expression(below))
        case 3: return .negate(expression(below))
        case 4, 5:
            return .binary(
                one(of: [
                    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .add, .subtract, .multiply,
                ]), expression(below), expression(below))
        case 6:
            return .binary(
                one(of: [.contains, .containsAll, .containsAny, .hasTag, .getTag]), expression(below), expression(below)
            )
        case 7: return .isEmpty(expression(below))
        case 8: return .has(expression(below), one(of: [["a"], ["a", "b", "c"], ["a b"], ["if"], [""]]))
        case 9: return .attribute(expression(below), one(of: ["a", "if", "a b", "", "é", "__cedar"]))
        case 10: return .like(expression(below), pattern())
        case 11: return .isType(expression(below), "N::A", in: self.below(2) == 0 ? nil : expression(below))
        case 12: return .conditional(expression(below), then: expression(below), otherwise: expression(below))
        case 13: return .set(expressions(below, atLeast: 0))
        case 14: return .record([("a", expression(below)), (text() + "b", expression(below))])
        case 15: return .call(one(of: [.ip, .decimal, .datetime, .duration]), expressions(below, atLeast: 0))
        default:
            let methods = ExtensionFunction.allCases.filter { !$0.isConstructor }
            return .call(one(of: methods), expressions(below, atLeast: 1))
        }
    }
}

@Suite("Printing · properties")
struct PrintingPropertyTests {
    private static let count = 1500

    private func policies(_ body: (PolicySet, Expression) throws -> Void) throws {
        var generator = ExpressionGenerator(seed: 3)
        for number in 0..<Self.count {
            let expression = generator.expression(1 + number % 5)
            let any = Scope(principal: .any, action: .any, resource: .any)
            var set = PolicySet()
            try set.add(
                Policy(
                    id: "policy0", effect: .permit, annotations: ["id": "\(number)"], scope: any,
                    conditions: [.init(number.isMultiple(of: 2) ? .when : .unless, expression)],
                    position: expression.position))
            try body(set, expression)
        }
    }

    @Test("what is printed reads as the same expression, and prints as itself") func identity() throws {
        try policies { set, expression in
            let again = try PolicySet(parsing: set.description)
            #expect(again.policies.first?.conditions.first?.body == expression, "\(set)")
            #expect(again.description == set.description)
        }
    }

    @Test("laying out what is printed keeps the meaning, and laying out twice changes nothing") func layout() throws {
        try policies { set, _ in
            let laidOut = try PolicyFormatter.format(set.description)
            #expect(try PolicySet(parsing: laidOut).description == set.description)
            #expect(try PolicyFormatter.format(laidOut) == laidOut)
        }
    }

    @Test("the JSON form comes back as itself") func json() throws {
        try policies { set, _ in
            let json = try set.json()
            #expect(try PolicySet(json: json).json() == json)
        }
    }
}
