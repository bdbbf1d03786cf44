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
            throw JSONFault(path: "", message: "an array of entities is expected")
        }
        var entities: [Entity] = []
        for (place, element) in elements.enumerated() {
            entities.append(try reader.entity(element, "[\(place)]"))
        }
        let written = Set(entities.map(\.uid))
        entities += (schema?.actionEntities ?? []).filter { !written.contains($0.uid) }
        do { try self.init(entities) } catch { throw JSONFault(path: "", message: error.description) }
    }
}

extension Entities.Fault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .duplicate(let uid): "the entity `\(uid)` is given twice"
        case .cycle(let uid): "the entity `\(uid)` is above itself"
        }
    }
}

extension ValueJSONReader {
    fileprivate func entity(_ json: JSON, _ path: String) throws(JSONFault) -> Entity {
        for (name, _) in json.object ?? [] where !["uid", "attrs", "parents", "tags"].contains(name) {
            throw JSONFault(path: path, message: "`\(name)` has no meaning in an entity")
        }
        let uid = try uid(json["uid"], path + ".uid")
        let type = schema?.entityTypes[uid.typeName]
        var parents: Set<EntityUID> = []
        for (place, parent) in (json["parents"]?.array ?? []).enumerated() {
            parents.insert(try self.uid(parent, "\(path).parents[\(place)]"))
        }
        return Entity(
            uid,
            attributes: try record(json["attrs"] ?? .object([]), path + ".attrs") {
                type?.attributes.attributes[$0]?.type
            },
            parents: parents, tags: try record(json["tags"] ?? .object([]), path + ".tags") { _ in type?.tags })
    }
}

extension Request {
    /// Reads `{"principal", "action", "resource", "context"}`, the first three as `{"type", "id"}`.
    public init(json text: String, schema: Schema? = nil) throws(JSONFault) {
        let json = try JSONReader.read(text)
        let reader = ValueJSONReader(schema: schema)
        let action = try reader.uid(json["action"], "action")
        let type = schema?.actions[action]?.context
        self.init(
            principal: try reader.uid(json["principal"], "principal"), action: action,
            resource: try reader.uid(json["resource"], "resource"),
            context: try reader.record(json["context"] ?? .object([]), "context") { type?.attributes[$0]?.type })
    }
}
