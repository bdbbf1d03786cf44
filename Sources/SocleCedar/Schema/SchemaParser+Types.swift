// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension SchemaParser {
    mutating func type() throws(SyntaxError) -> SchemaSyntax.TypeExpression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= limits.nesting else {
            throw SyntaxError(at: reader.position, "more than \(limits.nesting) levels of nesting")
        }
        let position = reader.position
        if reader.is(.leftBrace) { return .record(try attributes(), position) }
        let path = try path("a type")
        guard path.text == "Set", try reader.take(.less) else { return .name(path) }
        let element = try type()
        try reader.expect(.greater)
        return .set(element)
    }

    /// `{ name: Type, other?: Type }`, a last comma allowed, as nowhere else in a schema but after `context`.
    mutating func attributes() throws(SyntaxError) -> [SchemaSyntax.AttributeDeclaration] {
        try reader.expect(.leftBrace)
        var attributes: [SchemaSyntax.AttributeDeclaration] = []
        var names: Set<Text> = []
        while !reader.is(.rightBrace) {
            let annotations = try annotations()
            let name = try name("the name of an attribute")
            guard names.insert(Text(name.text)).inserted else {
                throw SyntaxError(at: name.position, "the attribute `\(name.text)` is given twice")
            }
            let isRequired = try !reader.take(.question)
            try reader.expect(.colon)
            attributes.append(
                .init(name: name.text, isRequired: isRequired, type: try type(), annotations: annotations))
            guard try reader.take(.comma) else { break }
        }
        try reader.expect(.rightBrace)
        return attributes
    }

    /// One entity type, or several between brackets.
    mutating func entityTypes() throws(SyntaxError) -> [SchemaSyntax.Name] {
        guard try reader.take(.leftBracket) else { return [try path("an entity type")] }
        if try reader.take(.rightBracket) { return [] }
        var types = [try path("an entity type")]
        while try reader.take(.comma) { types.append(try path("an entity type")) }
        try reader.expect(.rightBracket)
        return types
    }

    /// One action, or several between brackets.
    mutating func actions() throws(SyntaxError) -> [(type: String, id: String, position: Position)] {
        guard try reader.take(.leftBracket) else { return [try actionName()] }
        var actions = [try actionName()]
        while try reader.take(.comma) { actions.append(try actionName()) }
        try reader.expect(.rightBracket)
        return actions
    }

    /// `view`, `"view"` or `Namespace::Action::"view"`.
    private mutating func actionName() throws(SyntaxError) -> (type: String, id: String, position: Position) {
        let position = reader.position
        if reader.is(.string) { return ("", try reader.string("an action"), position) }
        let first = try reader.identifierOrCedar("an action")
        guard try reader.take(.pathSeparator) else { return ("", first, position) }
        var type = first
        while !reader.is(.string) {
            type += "::" + (try reader.identifier("a name or a string"))
            try reader.expect(.pathSeparator)
        }
        return (type, try reader.string("an action"), position)
    }

    mutating func appliesTo() throws(SyntaxError) -> SchemaSyntax.AppliesTo {
        let start = reader.position
        try reader.expect(.leftBrace)
        var appliesTo = SchemaSyntax.AppliesTo()
        var given: Set<String> = []
        while !reader.is(.rightBrace) {
            let position = reader.position
            let part = try reader.anyIdentifier("`principal`, `resource` or `context`")
            guard given.insert(part).inserted else {
                throw SyntaxError(at: position, "`\(part)` is given twice")
            }
            try reader.expect(.colon)
            switch part {
            case "principal", "resource":
                let types = try entityTypes()
                guard !types.isEmpty else {
                    throw SyntaxError(at: position, "`\(part)` names no type: an action without it is written so")
                }
                if part == "principal" { appliesTo.principals = types } else { appliesTo.resources = types }
            case "context": appliesTo.context = try type()
            default: throw SyntaxError(at: position, "`\(part)` is not `principal`, `resource` or `context`")
            }
            guard try reader.take(.comma) else { break }
        }
        try reader.expect(.rightBrace)
        for part in ["principal", "resource"] where !given.contains(part) {
            throw SyntaxError(at: start, "`appliesTo` must name the types of its `\(part)`")
        }
        return appliesTo
    }
}
