// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Reads a schema from its text form.
///
/// - Source: Cedar language reference, grammar of the human-readable schema.
struct SchemaParser {
    var reader: TokenReader
    let limits: ParsingLimits
    var nesting = 0

    init(_ text: String, _ limits: ParsingLimits) {
        reader = TokenReader(text)
        self.limits = limits
    }

    mutating func schema() throws(SyntaxError) -> SchemaSyntax {
        try reader.start()
        var schema = SchemaSyntax()
        var outside = SchemaSyntax.Namespace(name: "", position: reader.position)
        while !reader.is(.end) {
            let annotations = try annotations()
            let position = reader.position
            guard try reader.takeWord("namespace") else {
                outside.declarations.append(try declaration(annotations))
                continue
            }
            var namespace = SchemaSyntax.Namespace(
                name: try reader.path("the name of the namespace"), position: position, annotations: annotations)
            try reader.expect(.leftBrace)
            while !reader.is(.rightBrace) {
                let annotations = try self.annotations()
                namespace.declarations.append(try declaration(annotations))
            }
            try reader.expect(.rightBrace)
            schema.namespaces.append(namespace)
        }
        if !outside.declarations.isEmpty { schema.namespaces.insert(outside, at: 0) }
        return schema
    }

    mutating func annotations() throws(SyntaxError) -> [SchemaSyntax.Annotation] {
        try reader.annotations().map { SchemaSyntax.Annotation(name: $0.name, value: $0.value) }
    }

    private mutating func declaration(_ annotations: [SchemaSyntax.Annotation]) throws(SyntaxError)
        -> SchemaSyntax.Declaration
    {
        if try reader.takeWord("entity") { return try entity(annotations) }
        if try reader.takeWord("action") { return try action(annotations) }
        guard try reader.takeWord("type") else {
            throw reader.unexpected(expecting: "`entity`, `action`, `type` or `namespace`")
        }
        let name = try typeName("the name of the type")
        try reader.expect(.assign)
        let type = try type()
        try reader.expect(.semicolon)
        return .init(names: [name], kind: .type(type), annotations: annotations)
    }

    private mutating func entity(_ annotations: [SchemaSyntax.Annotation]) throws(SyntaxError)
        -> SchemaSyntax.Declaration
    {
        var names = [try typeName("the name of an entity type")]
        while try reader.take(.comma) { names.append(try typeName("the name of an entity type")) }
        var entity = SchemaSyntax.EntityDeclaration()
        if try reader.takeWord("enum") {
            entity.identifiers = try identifiers()
        } else {
            if try reader.takeWord("in") { entity.parents = try entityTypes() }
            let isAssigned = try reader.take(.assign)
            if isAssigned || reader.is(.leftBrace) { entity.attributes = try attributes() }
            if try reader.takeWord("tags") { entity.tags = try type() }
        }
        try reader.expect(.semicolon)
        return .init(names: names, kind: .entity(entity), annotations: annotations)
    }

    /// One string or more, between brackets.
    private mutating func identifiers() throws(SyntaxError) -> [String] {
        try reader.expect(.leftBracket)
        var identifiers = [try reader.string("an identifier, a string,")]
        while try reader.take(.comma) { identifiers.append(try reader.string("an identifier, a string,")) }
        try reader.expect(.rightBracket)
        return identifiers
    }

    private mutating func action(_ annotations: [SchemaSyntax.Annotation]) throws(SyntaxError)
        -> SchemaSyntax.Declaration
    {
        var names = [try name("the name of an action")]
        while try reader.take(.comma) { names.append(try name("the name of an action")) }
        var action = SchemaSyntax.ActionDeclaration()
        if try reader.takeWord("in") { action.parents = try actions() }
        if try reader.takeWord("appliesTo") { action.appliesTo = try appliesTo() }
        if try reader.takeWord("attributes") {
            // Kept by the grammar, refused by the language since version 3.
            let position = reader.position
            guard try attributes().isEmpty else {
                throw SyntaxError(at: position, "an action has no attributes")
            }
        }
        try reader.expect(.semicolon)
        return .init(names: names, kind: .action(action), annotations: annotations)
    }
}

// Names.
extension SchemaParser {
    /// The name of something declared: never a reserved word.
    mutating func typeName(_ what: String) throws(SyntaxError) -> SchemaSyntax.Name {
        let position = reader.position
        return .init(text: try reader.identifier(what), position: position)
    }

    /// An identifier that policies could not take for a word of theirs, or a string.
    mutating func name(_ what: String) throws(SyntaxError) -> SchemaSyntax.Name {
        let position = reader.position
        let text = reader.is(.string) ? try reader.string(what) : try reader.identifierOrCedar(what)
        return .init(text: text, position: position)
    }

    mutating func path(_ what: String) throws(SyntaxError) -> SchemaSyntax.Name {
        let position = reader.position
        return .init(text: try reader.typePath(what), position: position)
    }
}
