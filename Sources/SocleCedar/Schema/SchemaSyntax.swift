// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A schema as it was written, names not yet resolved.
struct SchemaSyntax: Sendable {
    var namespaces: [Namespace] = []

    struct Namespace: Sendable {
        /// Empty for what stands outside any namespace.
        var name: String
        var position: Position
        var annotations: [Annotation] = []
        var declarations: [Declaration] = []
    }

    struct Annotation: Sendable {
        var name: String
        var value: String?
    }

    /// A name where it was written: an error points there.
    struct Name: Sendable {
        var text: String
        var position: Position
    }

    struct Declaration: Sendable {
        enum Kind: Sendable {
            case entity(EntityDeclaration)
            case action(ActionDeclaration)
            case type(TypeExpression)
        }

        /// `entity A, B …` declares each alike.
        var names: [Name]
        var kind: Kind
        var annotations: [Annotation]
    }

    struct EntityDeclaration: Sendable {
        var parents: [Name] = []
        var attributes: [AttributeDeclaration] = []
        /// A common type that gives the attributes, which the JSON form can name instead.
        var shape: TypeExpression?
        var tags: TypeExpression?
        /// The only identifiers of an enumerated type; nil for any other.
        var identifiers: [String]?
    }

    struct ActionDeclaration: Sendable {
        /// The type is empty when only an identifier was written.
        var parents: [(type: String, id: String, position: Position)] = []
        var appliesTo: AppliesTo?
    }

    struct AppliesTo: Sendable {
        var principals: [Name] = []
        var resources: [Name] = []
        var context: TypeExpression?
    }

    struct AttributeDeclaration: Sendable {
        var name: String
        var isRequired: Bool
        var type: TypeExpression
        var annotations: [Annotation]
    }

    indirect enum TypeExpression: Sendable {
        case name(Name)
        /// A name that can only be an entity type's; the JSON form can say so.
        case entity(Name)
        case set(TypeExpression)
        case record([AttributeDeclaration], Position)
    }
}
