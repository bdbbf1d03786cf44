// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A schema in its human-readable form: one declaration after the other, two blanks of indentation.
enum SchemaPrinter {
    static func text(_ schema: SchemaSyntax) -> String {
        schema.namespaces.map { namespace in
            let indent = namespace.name.isEmpty ? "" : "  "
            let body = namespace.declarations.map { declaration($0, indent) }.joined(separator: "\n")
            guard !namespace.name.isEmpty else { return body }
            return "\(annotations(namespace.annotations, ""))namespace \(namespace.name) {\n\(body)}\n"
        }.joined(separator: "\n")
    }

    private static func declaration(_ declaration: SchemaSyntax.Declaration, _ indent: String) -> String {
        let names = declaration.names.map(\.text)
        var text = annotations(declaration.annotations, indent) + indent
        switch declaration.kind {
        case .type(let expression): text += "type \(names.joined(separator: ", ")) = \(type(expression, indent))"
        case .entity(let entity):
            text += "entity \(names.joined(separator: ", "))"
            if let identifiers = entity.identifiers {
                text += " enum [\(identifiers.map(StringLiteral.quoted).joined(separator: ", "))]"
            }
            if !entity.parents.isEmpty { text += " in \(list(entity.parents))" }
            if !entity.attributes.isEmpty {
                text += " \(record(entity.attributes, indent))"
            }
            if let tags = entity.tags { text += " tags \(type(tags, indent))" }
        case .action(let action):
            text += "action \(names.map(Identifier.written).joined(separator: ", "))"
            if !action.parents.isEmpty { text += " in [\(action.parents.map(group).joined(separator: ", "))]" }
            // An action that applies to no principal, or to no resource, applies to nothing: the form has no other way
            // to say it.
            if let appliesTo = action.appliesTo, !appliesTo.principals.isEmpty, !appliesTo.resources.isEmpty {
                text += " appliesTo {\n\(indent)  principal: \(list(appliesTo.principals)),\n"
                text += "\(indent)  resource: \(list(appliesTo.resources)),\n"
                if let context = appliesTo.context { text += "\(indent)  context: \(type(context, indent + "  ")),\n" }
                text += "\(indent)}"
            }
        }
        return text + ";\n"
    }

    private static func annotations(_ annotations: [SchemaSyntax.Annotation], _ indent: String) -> String {
        annotations.map { note in
            "\(indent)@\(note.name)\(note.value.map { "(\(StringLiteral.quoted($0)))" } ?? "")\n"
        }.joined()
    }

    private static func group(_ name: (type: String, id: String, position: Position)) -> String {
        name.type.isEmpty ? StringLiteral.quoted(name.id) : "\(name.type)::\(StringLiteral.quoted(name.id))"
    }

    private static func list(_ names: [SchemaSyntax.Name]) -> String {
        "[\(names.map(\.text).joined(separator: ", "))]"
    }

    private static func type(_ type: SchemaSyntax.TypeExpression, _ indent: String) -> String {
        switch type {
        case .name(let name), .entity(let name): name.text
        case .set(let element): "Set<\(self.type(element, indent))>"
        case .record(let attributes, _): record(attributes, indent)
        }
    }

    private static func record(_ attributes: [SchemaSyntax.AttributeDeclaration], _ indent: String) -> String {
        guard !attributes.isEmpty else { return "{}" }
        let inner = indent + "  "
        let lines = attributes.map { attribute in
            let mark = attribute.isRequired ? "" : "?"
            return "\(annotations(attribute.annotations, inner))\(inner)\(Identifier.written(attribute.name))\(mark): "
                + "\(type(attribute.type, inner)),\n"
        }
        return "{\n\(lines.joined())\(indent)}"
    }
}
