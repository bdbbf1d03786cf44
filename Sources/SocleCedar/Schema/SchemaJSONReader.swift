// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A schema from its JSON form.
///
/// - Source: Cedar language reference, JSON schema format.
enum SchemaJSONReader {
    /// Positions are those of a text; a JSON form has paths instead.
    static let nowhere = Position(line: 1, column: 1)

    static func schema(_ json: JSON) throws(JSONFault) -> SchemaSyntax {
        var schema = SchemaSyntax()
        for (name, body) in try members(json, .root) {
            let outer = JSONPath.root.member(name)
            if !name.isEmpty { try checkPath(name, outer) }
            for part in ["entityTypes", "actions"] where body[part] == nil {
                throw JSONFault(path: outer, message: "`\(part)` is missing")
            }
            var namespace = SchemaSyntax.Namespace(name: name, position: nowhere)
            for (part, value) in try members(body, outer) {
                let path = outer.member(part)
                switch part {
                case "annotations" where name.isEmpty:
                    throw JSONFault(path: path, message: "what stands outside any namespace has no annotations")
                case "annotations": namespace.annotations = try annotations(value, path)
                case "commonTypes":
                    for (type, body) in try members(value, path) {
                        let path = path.member(type)
                        try checkIdentifier(type, path)
                        namespace.declarations.append(
                            .init(
                                names: [.init(text: type, position: nowhere)],
                                kind: .type(try self.type(body, path, .declared)),
                                annotations: try annotations(body["annotations"], path)))
                    }
                case "entityTypes":
                    for (type, body) in try members(value, path) {
                        try checkIdentifier(type, path.member(type))
                        namespace.declarations.append(try entity(type, body, path.member(type)))
                    }
                case "actions":
                    for (action, body) in try members(value, path) {
                        namespace.declarations.append(try self.action(action, body, path.member(action)))
                    }
                default: throw unknown(part, path)
                }
            }
            schema.namespaces.append(namespace)
        }
        return schema
    }

    private static func entity(_ name: String, _ json: JSON, _ path: JSONPath) throws(JSONFault)
        -> SchemaSyntax.Declaration
    {
        var entity = SchemaSyntax.EntityDeclaration()
        for (part, value) in try members(json, path) {
            let path = path.member(part)
            switch part {
            case "annotations": break
            case "memberOfTypes": entity.parents = try names(value, path)
            case "tags": entity.tags = try type(value, path)
            case "enum":
                let identifiers = try strings(value, path)
                guard !identifiers.isEmpty else { throw JSONFault(path: path, message: "an enumeration needs a name") }
                entity.identifiers = identifiers
            case "shape":
                switch try type(value, path) {
                case .record(let attributes, _): entity.attributes = attributes
                case let other: entity.shape = other
                }
            default: throw unknown(part, path)
            }
        }
        guard entity.identifiers == nil || (json["shape"] == nil && json["tags"] == nil && json["memberOfTypes"] == nil)
        else { throw JSONFault(path: path, message: "an enumerated type has no attributes, tags or parents") }
        return .init(
            names: [.init(text: name, position: nowhere)], kind: .entity(entity),
            annotations: try annotations(json["annotations"], path))
    }

    private static func action(_ name: String, _ json: JSON, _ path: JSONPath) throws(JSONFault)
        -> SchemaSyntax.Declaration
    {
        var action = SchemaSyntax.ActionDeclaration()
        for (part, value) in try members(json, path) {
            let path = path.member(part)
            switch part {
            case "annotations": break
            case "memberOf":
                if case .null = value { break }
                for group in try elements(value, path) {
                    guard let id = group["id"]?.string else {
                        throw JSONFault(path: path, message: "an action has an `id`")
                    }
                    for (member, _) in group.object ?? [] where !["id", "type"].contains(member) {
                        throw unknown(member, path)
                    }
                    let type = group["type"]?.string ?? ""
                    if !type.isEmpty { try checkPath(type, path) }
                    action.parents.append((type, id, nowhere))
                }
            case "appliesTo":
                if case .null = value { break }
                action.appliesTo = try appliesTo(value, path)
            case "attributes":
                guard case .null = value else { throw JSONFault(path: path, message: "an action has no attributes") }
            default: throw unknown(part, path)
            }
        }
        return .init(
            names: [.init(text: name, position: nowhere)], kind: .action(action),
            annotations: try annotations(json["annotations"], path))
    }

    private static func appliesTo(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> SchemaSyntax.AppliesTo {
        var appliesTo = SchemaSyntax.AppliesTo()
        for (part, value) in try members(json, path) {
            let path = path.member(part)
            switch part {
            case "principalTypes": appliesTo.principals = try names(value, path)
            case "resourceTypes": appliesTo.resources = try names(value, path)
            case "context": appliesTo.context = try type(value, path)
            default: throw unknown(part, path)
            }
        }
        for part in ["principalTypes", "resourceTypes"] where json[part] == nil {
            throw JSONFault(path: path, message: "`\(part)` is missing")
        }
        return appliesTo
    }
}
