// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A word of a policy or of a schema.
struct Token {
    enum Kind: UInt8 {
        case end, identifier, number, string, slot
        case at, leftParenthesis, rightParenthesis, leftBrace, rightBrace, leftBracket, rightBracket
        case semicolon, comma, period, colon, pathSeparator, question, assign
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case or, and, not, plus, minus, star, slash, percent
    }

    var kind: Kind
    /// In the bytes of the text; for a string, between its quotes.
    var range: Range<Int>
    var position: Position
}

extension Token.Kind {
    /// How it is written, for what a message expected.
    var spelling: String {
        switch self {
        case .end: "end of text"
        case .identifier: "identifier"
        case .number: "number"
        case .string: "string"
        case .slot: "slot"
        case .at: "`@`"
        case .leftParenthesis: "`(`"
        case .rightParenthesis: "`)`"
        case .leftBrace: "`{`"
        case .rightBrace: "`}`"
        case .leftBracket: "`[`"
        case .rightBracket: "`]`"
        case .semicolon: "`;`"
        case .comma: "`,`"
        case .period: "`.`"
        case .colon: "`:`"
        case .pathSeparator: "`::`"
        case .question: "`?`"
        case .assign: "`=`"
        case .equal: "`==`"
        case .notEqual: "`!=`"
        case .less: "`<`"
        case .lessOrEqual: "`<=`"
        case .greater: "`>`"
        case .greaterOrEqual: "`>=`"
        case .or: "`||`"
        case .and: "`&&`"
        case .not: "`!`"
        case .plus: "`+`"
        case .minus: "`-`"
        case .star: "`*`"
        case .slash: "`/`"
        case .percent: "`%`"
        }
    }
}
