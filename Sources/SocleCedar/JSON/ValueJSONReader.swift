// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Values, entities and requests from their JSON form.
///
/// Entities and extension values are escaped (`{"__entity": …}`, `{"__extn": …}`); where a schema says what an
/// attribute is, the escape may be left out.
/// - Source: Cedar language reference, JSON format of entities and of contexts.
struct ValueJSONReader {
    let schema: Schema?
    private let names = Names()

    init(schema: Schema?) { self.schema = schema }

    /// One name for each entity of a document, however often it is written: comparing two is then comparing addresses.
    private final class Names {
        var known: Set<EntityUID> = []
    }

    func value(_ json: JSON, _ type: CedarType?, _ path: JSONPath) throws(JSONFault) -> Value {
        switch json {
        case .null: throw JSONFault(path: path, message: "`null` has no meaning here")
        case .bool(let value): return .bool(value)
        case .integer(let value): return .long(value)
        case .string(let text):
            guard let function = type?.constructor else { return .string(text) }
            return try construct(function, text, path)
        case .array(let elements):
            var elementType: CedarType?
            if case .set(let element) = type { elementType = element }
            var values: [Value] = []
            for (place, element) in elements.enumerated() {
                values.append(try value(element, elementType, path.element(place)))
            }
            return .set(ValueSet(values))
        case .object(let members):
            if members.count == 1, let entity = json["__entity"] { return .entity(try uid(entity, path)) }
            if members.count == 1, let call = json["__extn"] { return try self.call(call, path) }
            if members.count == 1, json["__expr"] != nil {
                throw JSONFault(path: path, message: "`__expr` is no longer a part of the language")
            }
            switch type {
            case .entity: return .entity(try uid(json, path))
            case .decimal, .ip, .datetime, .duration: return try call(json, path)
            case .record(let type): return .record(try record(json, path) { type.attributes[$0]?.type })
            default: return .record(try record(json, path) { _ in nil })
            }
        }
    }

    func record(_ json: JSON, _ path: JSONPath, _ type: (Text) -> CedarType?) throws(JSONFault) -> Record {
        guard case .object(let members) = json else { throw JSONFault(path: path, message: "an object is expected") }
        var values: [Text: Value] = [:]
        for (name, member) in members {
            values[Text(name)] = try value(member, type(Text(name)), path.member(name))
        }
        return Record(members: values)
    }

    func uid(_ json: JSON?, _ path: JSONPath) throws(JSONFault) -> EntityUID {
        let json = json?["__entity"] ?? json
        guard let type = json?["type"]?.string, let id = json?["id"]?.string else {
            throw JSONFault(path: path, message: "an entity has a `type` and an `id`")
        }
        guard Identifier.isPath(type) else {
            throw JSONFault(path: path, message: "`\(type)` is not the name of a type")
        }
        return names.known.insert(EntityUID(type: type, id: id)).memberAfterInsert
    }

    private func construct(_ function: ExtensionFunction, _ text: String, _ path: JSONPath) throws(JSONFault) -> Value {
        guard let value = function.construct(text) else {
            throw JSONFault(path: path, message: "`\(text)` has not the form of a value of `\(function.rawValue)`")
        }
        return value
    }

    /// `{"fn", "arg"}` or `{"fn", "args"}`, whose arguments may be values of their own: any function of an extension
    /// type, evaluated here.
    private func call(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> Value {
        guard let name = json["fn"]?.string, let function = ExtensionFunction(rawValue: name) else {
            throw JSONFault(path: path, message: "`fn` must name a function")
        }
        var arguments: [Value] = []
        // With a schema, arguments may be implicit as well: the function says what they are.
        let parameters = schema == nil ? [] : function.signature.parameters
        for (place, argument) in try json.arguments(path).enumerated() {
            arguments.append(try value(argument, place < parameters.count ? parameters[place] : nil, path))
        }
        do throws(EvaluationError) { return try function.apply(arguments, at: Position(line: 1, column: 1)) } catch {
            throw JSONFault(path: path, message: error.message)
        }
    }
}

extension JSON {
    /// Those of `{"fn", "arg"}` or of `{"fn", "args"}`.
    func arguments(_ path: JSONPath) throws(JSONFault) -> [JSON] {
        switch (self["arg"], self["args"]) {
        case (let argument?, nil): return [argument]
        case (nil, .array(let arguments)?): return arguments
        default: throw JSONFault(path: path, message: "an extension value has an `arg` or an array of `args`")
        }
    }
}

extension CedarType {
    /// What makes a value of an extension type from a string.
    fileprivate var constructor: ExtensionFunction? {
        switch self {
        case .decimal: .decimal
        case .ip: .ip
        case .datetime: .datetime
        case .duration: .duration
        default: nil
        }
    }
}
