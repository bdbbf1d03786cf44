// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// The JSON form of a schema. Names go out as they were written: `EntityOrCommon` leaves to the reader what they mean.
extension SchemaSyntax {
    var json: JSON {
        .object(namespaces.map { ($0.name, $0.json) })
    }
}

extension SchemaSyntax.Namespace {
    fileprivate var json: JSON {
        var common: [(name: String, value: JSON)] = []
        var entities: [(name: String, value: JSON)] = []
        var actions: [(name: String, value: JSON)] = []
        for declaration in declarations {
            for name in declaration.names {
                let notes = SchemaSyntax.json(declaration.annotations)
                switch declaration.kind {
                case .type(let type): common.append((name.text, .object(type.members + notes)))
                case .entity(let entity): entities.append((name.text, .object(entity.members + notes)))
                case .action(let action): actions.append((name.text, .object(action.members + notes)))
                }
            }
        }
        var members: [(name: String, value: JSON)] = []
        if !common.isEmpty { members.append(("commonTypes", .object(common))) }
        members.append(("entityTypes", .object(entities)))
        members.append(("actions", .object(actions)))
        return .object(members + SchemaSyntax.json(annotations))
    }
}

extension SchemaSyntax {
    fileprivate static func json(_ annotations: [Annotation]) -> [(name: String, value: JSON)] {
        guard !annotations.isEmpty else { return [] }
        return [("annotations", .object(annotations.map { ($0.name, $0.value.map(JSON.string) ?? .null) }))]
    }
}

extension SchemaSyntax.EntityDeclaration {
    fileprivate var members: [(name: String, value: JSON)] {
        if let identifiers { return [("enum", .array(identifiers.map(JSON.string)))] }
        var members: [(name: String, value: JSON)] = []
        if !parents.isEmpty { members.append(("memberOfTypes", .array(parents.map { .string($0.text) }))) }
        if let shape {
            members.append(("shape", .object(shape.members)))
        } else if !attributes.isEmpty {
            members.append(
                ("shape", .object(SchemaSyntax.TypeExpression.record(attributes, SchemaJSONReader.nowhere).members)))
        }
        if let tags { members.append(("tags", .object(tags.members))) }
        return members
    }
}

extension SchemaSyntax.ActionDeclaration {
    fileprivate var members: [(name: String, value: JSON)] {
        var members: [(name: String, value: JSON)] = []
        if !parents.isEmpty {
            members.append(
                (
                    "memberOf",
                    .array(
                        parents.map { parent in
                            .object(
                                [("id", .string(parent.id))]
                                    + (parent.type.isEmpty ? [] : [("type", .string(parent.type))]))
                        })
                ))
        }
        if let appliesTo {
            var parts: [(name: String, value: JSON)] = [
                ("principalTypes", .array(appliesTo.principals.map { .string($0.text) })),
                ("resourceTypes", .array(appliesTo.resources.map { .string($0.text) })),
            ]
            if let context = appliesTo.context { parts.append(("context", .object(context.members))) }
            members.append(("appliesTo", .object(parts)))
        }
        return members
    }
}

extension SchemaSyntax.TypeExpression {
    fileprivate var members: [(name: String, value: JSON)] {
        switch self {
        case .name(let name): [("type", .string("EntityOrCommon")), ("name", .string(name.text))]
        case .entity(let name): [("type", .string("Entity")), ("name", .string(name.text))]
        case .set(let element): [("type", .string("Set")), ("element", .object(element.members))]
        case .record(let attributes, _):
            [
                ("type", .string("Record")),
                (
                    "attributes",
                    .object(
                        attributes.map { attribute in
                            (
                                attribute.name,
                                .object(
                                    attribute.type.members + (attribute.isRequired ? [] : [("required", .bool(false))])
                                        + SchemaSyntax.json(attribute.annotations))
                            )
                        })
                ),
            ]
        }
    }
}
