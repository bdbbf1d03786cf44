// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Entities {
    /// Reads an array of entities, `[{"uid", "attrs", "parents", "tags"}]`, and adds the actions of the schema.
    ///
    /// - Parameter schema: understands values written without their escapes; nothing else is checked with it here.
    /// - Throws: the path of what cannot be read, of an entity given twice, or of a cycle.
    public init(json text: String, schema: Schema? = nil) throws(JSONFault) {
        let reader = ValueJSONReader(schema: schema)
        guard case .array(let elements) = try JSONReader.read(text) else {
            throw JSONFault(path: .root, message: "an array of entities is expected")
        }
        var entities: [Entity] = []
        for (place, element) in elements.enumerated() {
            entities.append(try reader.entity(element, JSONPath.root.element(place)))
        }
        let written = Set(entities.map(\.uid))
        entities += (schema?.actionEntities ?? []).filter { !written.contains($0.uid) }
        do { try self.init(entities) } catch { throw JSONFault(path: .root, message: error.description) }
    }
}

extension Entities.Fault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .duplicate(let uid): "the entity `\(uid)` is given twice"
        case .cycle(let uid): "the entity `\(uid)` is above itself"
        case .tooLarge: "the entities have too many ancestors in all"
        }
    }
}

extension ValueJSONReader {
    fileprivate func entity(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> Entity {
        for (name, _) in json.object ?? [] where !["uid", "attrs", "parents", "tags"].contains(name) {
            throw JSONFault(path: path, message: "`\(name)` has no meaning in an entity")
        }
        let uid = try uid(json["uid"], path.member("uid"))
        let type = schema?.entityTypes[uid.typeName]
        var parents: Set<EntityUID> = []
        guard let attributes = json["attrs"], let above = json["parents"]?.array else {
            throw JSONFault(path: path, message: "an entity has a `uid`, `attrs` and an array of `parents`")
        }
        for (place, parent) in above.enumerated() {
            let path = path.member("parents").element(place)
            let parent = try self.uid(parent, path)
            guard parent.isAction || !uid.isAction else {
                throw JSONFault(path: path, message: "an action can be in actions only, not in `\(parent)`")
            }
            parents.insert(parent)
        }
        return Entity(
            uid,
            attributes: try record(attributes, path.member("attrs")) {
                type?.attributes.attributes[$0]?.type
            },
            parents: parents, tags: try record(json["tags"] ?? .object([]), path.member("tags")) { _ in type?.tags })
    }
}

extension Request {
    /// Reads `{"principal", "action", "resource", "context"}`, the first three as `{"type", "id"}`.
    public init(json text: String, schema: Schema? = nil) throws(JSONFault) {
        let json = try JSONReader.read(text)
        let reader = ValueJSONReader(schema: schema)
        let action = try reader.uid(json["action"], JSONPath.root.member("action"))
        let type = schema?.actions[action]?.context
        self.init(
            principal: try reader.uid(json["principal"], JSONPath.root.member("principal")), action: action,
            resource: try reader.uid(json["resource"], JSONPath.root.member("resource")),
            context: try reader.record(json["context"] ?? .object([]), JSONPath.root.member("context")) {
                type?.attributes[$0]?.type
            })
    }
}
