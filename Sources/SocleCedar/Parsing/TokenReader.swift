// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One word of lookahead over a text, and the refusals every grammar shares.
struct TokenReader {
    private var lexer: Lexer
    private(set) var token: Token
    /// What went wrong before the first word: told when it is asked for.
    private var firstFault: SyntaxError?

    init(_ text: String) {
        lexer = Lexer(text)
        token = Token(kind: .end, range: 0..<0, position: Position(line: 1, column: 1))
        do { token = try lexer.next() } catch { firstFault = error }
    }

    func start() throws(SyntaxError) { if let firstFault { throw firstFault } }

    var position: Position { token.position }

    @discardableResult
    mutating func advance() throws(SyntaxError) -> Token {
        let taken = token
        token = try lexer.next()
        return taken
    }

    func `is`(_ kind: Token.Kind) -> Bool { token.kind == kind }

    func isWord(_ word: StaticString) -> Bool {
        token.kind == .identifier && lexer.isSpelled(token.range, word)
    }

    /// Takes the mark if it comes next.
    mutating func take(_ kind: Token.Kind) throws(SyntaxError) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    mutating func takeWord(_ word: StaticString) throws(SyntaxError) -> Bool {
        guard isWord(word) else { return false }
        try advance()
        return true
    }

    @discardableResult
    mutating func expect(_ kind: Token.Kind) throws(SyntaxError) -> Token {
        guard token.kind == kind else { throw unexpected(expecting: kind.spelling) }
        return try advance()
    }

    func text(_ token: Token) -> String { lexer.text(token.range) }

    func number(_ token: Token) -> UInt64? { lexer.digits(token.range) }

    func unexpected(expecting what: String) -> SyntaxError {
        let found =
            switch token.kind {
            case .end: "the text ends"
            case .string: "found `\"\(shown)\"`"
            default: "found `\(shown)`"
            }
        return SyntaxError(at: position, "\(found) where \(what) is expected")
    }

    /// What was written, cut when it is long.
    private var shown: String {
        let text = lexer.text(token.range)
        return text.unicodeScalars.count > 40
            ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(40))) + "…" : text
    }
}

extension TokenReader {
    static let reserved: Set<String> = ["true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar"]

    /// An identifier of any kind, reserved words included.
    mutating func anyIdentifier(_ what: String) throws(SyntaxError) -> String {
        guard token.kind == .identifier else { throw unexpected(expecting: what) }
        return text(try advance())
    }

    /// An identifier that the language does not keep for itself.
    mutating func identifier(_ what: String) throws(SyntaxError) -> String {
        let position = position
        let word = try anyIdentifier(what)
        guard !TokenReader.reserved.contains(word) else {
            throw SyntaxError(at: position, "`\(word)` is reserved and cannot be a name")
        }
        return word
    }

    /// The same, `__cedar` included, which a schema lets name an attribute or an action.
    mutating func identifierOrCedar(_ what: String) throws(SyntaxError) -> String {
        isWord("__cedar") ? try anyIdentifier(what) : try identifier(what)
    }

    /// A string with its escapes read.
    mutating func string(_ what: String) throws(SyntaxError) -> String {
        guard token.kind == .string else { throw unexpected(expecting: what) }
        let taken = try advance()
        do { return try StringLiteral.unescaped(text(taken)) } catch { throw TokenReader.fault(error, taken) }
    }

    static func fault(_ fault: StringLiteral.Fault, _ token: Token) -> SyntaxError {
        switch fault {
        case .invalid(let escape): SyntaxError(at: token.position, "`\(escape)` is not an escape in a string")
        }
    }

    /// `A::B::C`, the rest of a path whose first name was read.
    mutating func path(_ what: String) throws(SyntaxError) -> String {
        var path = try identifier(what)
        while try take(.pathSeparator) { path += "::" + (try identifier("a name")) }
        return path
    }

    /// The path of a type in a schema, which may begin with `__cedar`.
    mutating func typePath(_ what: String) throws(SyntaxError) -> String {
        guard isWord("__cedar") else { return try path(what) }
        try advance()
        try expect(.pathSeparator)
        return "__cedar::" + (try identifier("the name of a type"))
    }

    /// The annotations before a declaration, in the order written.
    mutating func annotations() throws(SyntaxError) -> [(name: String, value: String?)] {
        var annotations: [(name: String, value: String?)] = []
        var names: Set<String> = []
        while try take(.at) {
            let position = position
            let name = try anyIdentifier("the name of an annotation")
            guard names.insert(name).inserted else {
                throw SyntaxError(at: position, "the annotation `\(name)` is given twice")
            }
            var value: String?
            if try take(.leftParenthesis) {
                value = try string("the value of the annotation, a string,")
                try expect(.rightParenthesis)
            }
            annotations.append((name, value))
        }
        return annotations
    }
}
