// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Cuts a text into words, one at a time: a text of any size costs its bytes and one word.
struct Lexer {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var column = 1

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func next() throws(SyntaxError) -> Token {
        skipBlanks()
        let (start, position) = (index, Position(line: line, column: column))
        guard let first = peek(0) else { return Token(kind: .end, range: index..<index, position: position) }
        switch first {
        case UInt8(ascii: "\""): return try string(at: position)
        case _ where Lexer.startsIdentifier(first): advance { Lexer.continuesIdentifier($0) }
        case 0x30...0x39: advance { (0x30...0x39).contains($0) }
        case UInt8(ascii: "?") where peek(1).map(Lexer.startsIdentifier) == true:
            step(1)
            advance { Lexer.continuesIdentifier($0) }
            return Token(kind: .slot, range: start..<index, position: position)
        default:
            guard let (kind, width) = mark(first, peek(1)) else {
                throw SyntaxError(at: position, "`\(character(at: index))` has no meaning here")
            }
            step(width)
            return Token(kind: kind, range: start..<index, position: position)
        }
        let kind: Token.Kind = Lexer.startsIdentifier(first) ? .identifier : .number
        return Token(kind: kind, range: start..<index, position: position)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The bytes of a word equal to an ASCII spelling, without making a string of them.
    func isSpelled(_ range: Range<Int>, _ spelling: StaticString) -> Bool {
        range.count == spelling.utf8CodeUnitCount
            && spelling.withUTF8Buffer { bytes[range].elementsEqual($0) }
    }

    func digits(_ range: Range<Int>) -> UInt64? { Digits.unsigned(bytes[range]) }

    private func peek(_ ahead: Int) -> UInt8? { index + ahead < bytes.count ? bytes[index + ahead] : nil }

    private mutating func step(_ width: Int) {
        index += width
        column += width
    }

    private mutating func advance(while belongs: (UInt8) -> Bool) {
        while let byte = peek(0), belongs(byte) { step(1) }
    }

    private static func startsIdentifier(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
    }

    private static func continuesIdentifier(_ byte: UInt8) -> Bool {
        startsIdentifier(byte) || (0x30...0x39).contains(byte)
    }
}

extension Lexer {
    private mutating func string(at position: Position) throws(SyntaxError) -> Token {
        step(1)
        let start = index
        while let byte = peek(0) {
            if byte == UInt8(ascii: "\"") {
                let range = start..<index
                step(1)
                return Token(kind: .string, range: range, position: position)
            }
            if byte == UInt8(ascii: "\\") {
                // A backslash takes the next character with it, but a line cannot be continued.
                step(1)
                guard let next = peek(0), next != 0x0A else { break }
            }
            stepOverCharacter()
        }
        throw SyntaxError(at: position, "this string is not closed")
    }

    private mutating func skipBlanks() {
        while let byte = peek(0) {
            switch byte {
            case 0x20, 0x09...0x0D: stepOverCharacter()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while let next = peek(0), next != 0x0A, next != 0x0D { stepOverCharacter() }
            case 0x80...:
                guard character(at: index).properties.isWhitespace else { return }
                stepOverCharacter()
            default: return
            }
        }
    }

    /// One code point further, lines and columns kept.
    private mutating func stepOverCharacter() {
        if bytes[index] == 0x0A {
            index += 1
            line += 1
            column = 1
            return
        }
        index += 1
        column += 1
        while let byte = peek(0), byte & 0xC0 == 0x80 { index += 1 }
    }

    private func character(at index: Int) -> Unicode.Scalar {
        var end = index + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return text(index..<end).unicodeScalars.first ?? "\u{FFFD}"
    }

    private func mark(_ first: UInt8, _ second: UInt8?) -> (Token.Kind, Int)? {
        switch (Unicode.Scalar(first), second.map { Unicode.Scalar($0) }) {
        case ("=", "="): (.equal, 2)
        case ("!", "="): (.notEqual, 2)
        case ("<", "="): (.lessOrEqual, 2)
        case (">", "="): (.greaterOrEqual, 2)
        case ("|", "|"): (.or, 2)
        case ("&", "&"): (.and, 2)
        case (":", ":"): (.pathSeparator, 2)
        case ("@", _): (.at, 1)
        case ("(", _): (.leftParenthesis, 1)
        case (")", _): (.rightParenthesis, 1)
        case ("{", _): (.leftBrace, 1)
        case ("}", _): (.rightBrace, 1)
        case ("[", _): (.leftBracket, 1)
        case ("]", _): (.rightBracket, 1)
        case (";", _): (.semicolon, 1)
        case (",", _): (.comma, 1)
        case (".", _): (.period, 1)
        case (":", _): (.colon, 1)
        case ("?", _): (.question, 1)
        case ("=", _): (.assign, 1)
        case ("<", _): (.less, 1)
        case (">", _): (.greater, 1)
        case ("!", _): (.not, 1)
        case ("+", _): (.plus, 1)
        case ("-", _): (.minus, 1)
        case ("*", _): (.star, 1)
        case ("/", _): (.slash, 1)
        case ("%", _): (.percent, 1)
        default: nil
        }
    }
}
