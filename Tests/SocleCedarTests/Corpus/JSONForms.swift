// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleJSON

/// Entities and requests from their JSON form, for the replay of the corpora.
enum JSONForms {
    struct Malformed: Error { var what: String }

    static func uid(_ json: JSONValue?) throws -> EntityUID {
        let json = json?["__entity"] ?? json
        guard let type = json?["type"]?.string, let id = json?["id"]?.string else {
            throw Malformed(what: "entity name")
        }
        return EntityUID(type: type, id: id)
    }

    static func record(_ json: JSONValue?) throws -> Record {
        guard let json else { return Record() }
        guard let object = json.object else { throw Malformed(what: "record") }
        return Record(try object.members.map { ($0.name, try value($0.value)) })
    }

    static func value(_ json: JSONValue) throws -> Value {
        switch json {
        case .bool(let value): return .bool(value)
        case .integer(let value): return .long(value)
        case .string(let value): return .string(value)
        case .array(let values): return .set(Set(try values.map(value)))
        case .null, .double: throw Malformed(what: "value")
        case .object(let object):
            if object.members.count == 1, let entity = object["__entity"] { return .entity(try uid(entity)) }
            if object.members.count == 1, let call = object["__extn"] { return try self.call(call) }
            return .record(try record(json))
        }
    }

    /// `{"fn", "arg"}`, or `{"fn", "args"}` with nested values.
    private static func call(_ json: JSONValue) throws -> Value {
        guard let name = json["fn"]?.string else { throw Malformed(what: "extension call") }
        if let function = ExtensionFunction(rawValue: name), function.isConstructor,
            let text = (json["arg"] ?? json["args"]?.array?.first)?.string, let value = function.construct(text)
        {
            return value
        }
        let arguments = try (json["args"]?.array ?? []).map(value)
        if name == "offset", arguments.count == 2, case .datetime(let instant) = arguments[0],
            case .duration(let span) = arguments[1]
        {
            return .datetime(millisecondsSince1970: instant + span)
        }
        throw Malformed(what: "extension call `\(name)`")
    }

    static func entities(_ json: JSONValue) throws -> [Entity] {
        try (json.array ?? []).map { json in
            Entity(
                try uid(json["uid"]), attributes: try record(json["attrs"]),
                parents: Set(try (json["parents"]?.array ?? []).map { try uid($0) }), tags: try record(json["tags"]))
        }
    }

    static func request(_ json: JSONValue) throws -> Request {
        Request(
            principal: try uid(json["principal"]), action: try uid(json["action"]),
            resource: try uid(json["resource"]), context: try record(json["context"]))
    }
}
