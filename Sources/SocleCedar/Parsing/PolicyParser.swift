// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Reads policies from text, by recursive descent on one word of lookahead.
///
/// - Source: Cedar language reference, grammar of policies.
struct PolicyParser {
    var reader: TokenReader
    let limits: ParsingLimits
    /// Brackets and conditionals open around what is being read.
    var nesting = 0

    init(_ text: String, _ limits: ParsingLimits) {
        reader = TokenReader(text)
        self.limits = limits
    }

    /// The next policy, or nil at the end of the text.
    mutating func policy(id: String) throws(SyntaxError) -> Policy? {
        try reader.start()
        if reader.is(.end) { return nil }
        let position = reader.position
        var annotations: [String: String] = [:]
        var valueless: Set<String> = []
        for (name, value) in try reader.annotations() {
            annotations[name] = value ?? ""
            if value == nil { valueless.insert(name) }
        }
        let effect = try effect()
        try reader.expect(.leftParenthesis)
        let principal = try constraint(of: .principal)
        try reader.expect(.comma)
        let action = try actionConstraint()
        try reader.expect(.comma)
        let resource = try constraint(of: .resource)
        _ = try reader.take(.comma)
        try reader.expect(.rightParenthesis)
        var conditions: [Policy.Condition] = []
        while !reader.is(.semicolon) { conditions.append(try condition()) }
        try reader.expect(.semicolon)
        return Policy(
            id: id, effect: effect, annotations: annotations, valuelessAnnotations: valueless,
            scope: Scope(principal: principal, action: action, resource: resource), conditions: conditions,
            position: position)
    }

    private mutating func effect() throws(SyntaxError) -> Policy.Effect {
        if try reader.takeWord("permit") { return .permit }
        if try reader.takeWord("forbid") { return .forbid }
        throw reader.unexpected(expecting: "`permit` or `forbid`")
    }

    private mutating func condition() throws(SyntaxError) -> Policy.Condition {
        let keyword: Policy.Condition.Keyword
        if try reader.takeWord("when") {
            keyword = .when
        } else if try reader.takeWord("unless") {
            keyword = .unless
        } else {
            throw reader.unexpected(expecting: "`when`, `unless` or `;`")
        }
        try reader.expect(.leftBrace)
        let body = try expression()
        try reader.expect(.rightBrace)
        return Policy.Condition(keyword, body)
    }
}

// The scope.
extension PolicyParser {
    private mutating func constraint(of slot: Slot) throws(SyntaxError) -> Scope.Constraint {
        guard reader.isWord("principal") && slot == .principal || reader.isWord("resource") && slot == .resource else {
            throw reader.unexpected(expecting: "`\(slot.rawValue)`")
        }
        try reader.advance()
        if try reader.take(.equal) { return .equal(try reference(slot)) }
        if try reader.takeWord("in") { return .within(try reference(slot)) }
        guard try reader.takeWord("is") else { return .any }
        let type = try reader.path("an entity type")
        guard try reader.takeWord("in") else { return .ofType(type) }
        return .ofTypeWithin(type, try reference(slot))
    }

    private mutating func actionConstraint() throws(SyntaxError) -> Scope.ActionConstraint {
        guard try reader.takeWord("action") else { throw reader.unexpected(expecting: "`action`") }
        if try reader.take(.equal) { return .equal(try action()) }
        guard try reader.takeWord("in") else { return .any }
        guard try reader.take(.leftBracket) else { return .within(try action()) }
        var actions: [EntityUID] = []
        while !reader.is(.rightBracket) {
            actions.append(try action())
            guard try reader.take(.comma) else { break }
        }
        try reader.expect(.rightBracket)
        return .withinAny(actions)
    }

    private mutating func action() throws(SyntaxError) -> EntityUID {
        let position = reader.position
        let uid = try entity()
        guard uid.isAction else {
            throw SyntaxError(at: position, "`\(uid)` is not an action: its type must be `Action`")
        }
        return uid
    }

    private mutating func reference(_ slot: Slot) throws(SyntaxError) -> Scope.Reference {
        let isBracketed = try reader.take(.leftParenthesis)
        let reference: Scope.Reference
        if reader.is(.slot) {
            let position = reader.position
            let name = reader.text(try reader.advance())
            guard name == "?\(slot.rawValue)" else {
                throw SyntaxError(at: position, "`\(name)` cannot stand for the \(slot.rawValue)")
            }
            reference = .slot
        } else {
            reference = .entity(try entity())
        }
        if isBracketed { try reader.expect(.rightParenthesis) }
        return reference
    }

    /// `Type::"id"`, the type possibly namespaced.
    mutating func entity() throws(SyntaxError) -> EntityUID {
        var type = try reader.identifier("an entity")
        while true {
            guard try reader.take(.pathSeparator) else { throw reader.unexpected(expecting: "`::`") }
            if reader.is(.string) { return EntityUID(type: type, id: try reader.string("an identifier")) }
            type += "::" + (try reader.identifier("a name or a string"))
        }
    }
}

extension EntityUID {
    /// Reads `Type::"id"`, as a policy writes it, and nothing after it.
    public init(parsing text: String) throws(SyntaxError) {
        var parser = PolicyParser(text, ParsingLimits())
        try parser.reader.start()
        self = try parser.entity()
        guard parser.reader.is(.end) else { throw parser.reader.unexpected(expecting: "the end") }
    }
}
