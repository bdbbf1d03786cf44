// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A schema as written, in either form, before its names are resolved: what is translated from one form to the other.
public struct SchemaSource: Sendable {
    let syntax: SchemaSyntax
    private let limits: ParsingLimits

    /// Reads the human-readable form.
    ///
    /// - Throws: the first fault of grammar, with its place.
    public init(parsing text: String, limits: ParsingLimits = ParsingLimits()) throws(SyntaxError) {
        var parser = SchemaParser(text, limits)
        syntax = try parser.schema()
        self.limits = limits
    }

    /// Reads the JSON form.
    public init(json text: String, limits: ParsingLimits = ParsingLimits()) throws(JSONFault) {
        syntax = try SchemaJSONReader.schema(try JSONReader.read(text))
        self.limits = limits
    }

    /// The schema meant, its names resolved.
    ///
    /// - Throws: a name declared twice or nowhere, a cycle. Positions mean nothing for the JSON form.
    public func resolved() throws(SyntaxError) -> Schema {
        var resolver = SchemaResolver(syntax, limits)
        return try resolver.schema()
    }

    /// The JSON form, names as they were written. Comments do not survive.
    public var json: String { syntax.json.text }

    /// The human-readable form.
    ///
    /// - Throws: for the little that only JSON can say: attributes named by a type of another namespace, an entity
    ///   type where a common type of the same name would be understood.
    public func text() throws(JSONFault) -> String { SchemaPrinter.text(try syntax.sayable()) }
}

extension Schema {
    /// Reads the JSON form and resolves its names.
    public init(json text: String, limits: ParsingLimits = ParsingLimits()) throws(JSONFault) {
        let source = try SchemaSource(json: text, limits: limits)
        do { self = try source.resolved() } catch { throw JSONFault(path: .root, message: error.message) }
    }
}
