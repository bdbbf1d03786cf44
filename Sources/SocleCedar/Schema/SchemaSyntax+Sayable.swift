// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension SchemaSyntax {
    /// The same schema in terms the human-readable form has: attributes written out where JSON named their type.
    func sayable() throws(JSONFault) -> SchemaSyntax {
        var schema = self
        let outside = namespaces.first { $0.name.isEmpty }?.commonTypes ?? [:]
        for (place, namespace) in namespaces.enumerated() {
            let inside = namespace.commonTypes
            for (number, declaration) in namespace.declarations.enumerated() {
                for name in declaration.entityNames where inside[name] != nil || outside[name] != nil {
                    throw JSONFault(
                        path: JSONPath.root.member(namespace.name),
                        message: "`\(name)` is meant as an entity type, and a common type has the same name")
                }
                guard case .entity(var entity) = declaration.kind, var shape = entity.shape else { continue }
                // A name may stand for a name; as many steps as there are types reach the end or go round.
                for _ in 0...(inside.count + outside.count) {
                    guard case .name(let name) = shape, let named = inside[name.text] ?? outside[name.text] else {
                        break
                    }
                    shape = named
                }
                guard case .record(let attributes, _) = shape else {
                    throw JSONFault(
                        path: JSONPath.root.member(namespace.name).member(
                            declaration.names.map(\.text).joined(separator: ", ")),
                        message: "the text form cannot name the type of these attributes")
                }
                (entity.attributes, entity.shape) = (attributes, nil)
                schema.namespaces[place].declarations[number].kind = .entity(entity)
            }
        }
        return schema
    }
}

extension SchemaSyntax.Namespace {
    fileprivate var commonTypes: [String: SchemaSyntax.TypeExpression] {
        var types: [String: SchemaSyntax.TypeExpression] = [:]
        for declaration in declarations {
            if case .type(let type) = declaration.kind { for name in declaration.names { types[name.text] = type } }
        }
        return types
    }
}

extension SchemaSyntax.Declaration {
    /// The names written as those of entity types and nothing else.
    fileprivate var entityNames: [String] {
        switch kind {
        case .type(let type): type.entityNames
        case .entity(let entity):
            entity.attributes.flatMap(\.type.entityNames) + (entity.shape?.entityNames ?? [])
                + (entity.tags?.entityNames ?? [])
        case .action(let action): action.appliesTo?.context?.entityNames ?? []
        }
    }
}

extension SchemaSyntax.TypeExpression {
    fileprivate var entityNames: [String] {
        switch self {
        case .name: []
        case .entity(let name): [name.text]
        case .set(let element): element.entityNames
        case .record(let attributes, _): attributes.flatMap(\.type.entityNames)
        }
    }
}
