// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

@testable import SocleCedar

/// Entities and requests from their JSON form, for the replay of the corpora. Where the schema says that an attribute
/// is an entity or an extension value, the short form without its escape is understood.
struct JSONForms {
    var schema: Schema?

    struct Malformed: Error { var what: String }

    func uid(_ json: JSONValue?) throws -> EntityUID {
        let json = json?["__entity"] ?? json
        guard let type = json?["type"]?.string, let id = json?["id"]?.string else {
            throw Malformed(what: "entity name")
        }
        return EntityUID(type: type, id: id)
    }

    func record(_ json: JSONValue?, _ type: RecordType?) throws -> Record {
        guard let json else { return Record() }
        guard let object = json.object else { throw Malformed(what: "record") }
        return Record(
            try object.members.map { ($0.name, try value($0.value, type?.attributes[Text($0.name)]?.type)) })
    }

    func value(_ json: JSONValue, _ type: CedarType?) throws -> Value {
        switch (json, type) {
        case (.bool(let value), _): return .bool(value)
        case (.integer(let value), _): return .long(value)
        case (.string(let text), .decimal): return try constructed(.decimal, text)
        case (.string(let text), .ip): return try constructed(.ip, text)
        case (.string(let text), .datetime): return try constructed(.datetime, text)
        case (.string(let text), .duration): return try constructed(.duration, text)
        case (.string(let value), _): return .string(value)
        case (.array(let values), .set(let element)): return .set(Set(try values.map { try value($0, element) }))
        case (.array(let values), _): return .set(Set(try values.map { try value($0, nil) }))
        case (.null, _), (.double, _): throw Malformed(what: "value")
        case (.object(let object), _):
            if object.members.count == 1, let entity = object["__entity"] { return .entity(try uid(entity)) }
            if object.members.count == 1, let call = object["__extn"] { return try self.call(call) }
            switch type {
            case .entity: return .entity(try uid(json))
            case .decimal, .ip, .datetime, .duration: return try call(json)
            case .record(let type): return .record(try record(json, type))
            default: return .record(try record(json, nil))
            }
        }
    }

    private func constructed(_ function: ExtensionFunction, _ text: String) throws -> Value {
        guard let value = function.construct(text) else { throw Malformed(what: "`\(text)`") }
        return value
    }

    /// `{"fn", "arg"}`, or `{"fn", "args"}` with nested values.
    private func call(_ json: JSONValue) throws -> Value {
        guard let name = json["fn"]?.string else { throw Malformed(what: "extension call") }
        if let function = ExtensionFunction(rawValue: name), function.isConstructor,
            let text = (json["arg"] ?? json["args"]?.array?.first)?.string
        {
            return try constructed(function, text)
        }
        let arguments = try (json["args"]?.array ?? []).map { try value($0, nil) }
        if name == "offset", arguments.count == 2, case .datetime(let instant) = arguments[0],
            case .duration(let span) = arguments[1]
        {
            return .datetime(millisecondsSince1970: instant + span)
        }
        throw Malformed(what: "extension call `\(name)`")
    }

    /// The entities of the file and the actions of the schema.
    func entities(_ json: JSONValue) throws -> [Entity] {
        let written = try (json.array ?? []).map { json in
            let uid = try uid(json["uid"])
            let type = schema?.entityTypes[Text(uid.type)]
            let tagged = type?.tags.map { tags in
                RecordType(
                    Dictionary(
                        (json["tags"]?.object?.names ?? []).map { (Text($0), .init(type: tags, isRequired: false)) },
                        uniquingKeysWith: { $1 }))
            }
            return Entity(
                uid, attributes: try record(json["attrs"], type?.attributes),
                parents: Set(try (json["parents"]?.array ?? []).map { try self.uid($0) }),
                tags: try record(json["tags"], tagged))
        }
        let names = Set(written.map(\.uid))
        return written + (schema?.actionEntities ?? []).filter { !names.contains($0.uid) }
    }

    func request(_ json: JSONValue) throws -> Request {
        let action = try uid(json["action"])
        return Request(
            principal: try uid(json["principal"]), action: action, resource: try uid(json["resource"]),
            context: try record(json["context"], schema?.actions[action]?.context))
    }
}
