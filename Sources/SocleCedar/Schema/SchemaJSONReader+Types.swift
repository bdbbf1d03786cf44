// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension SchemaJSONReader {
    /// What else may stand beside a type: annotations where something is declared, `required` for an attribute.
    enum Place { case nested, declared, attribute }

    static func type(_ json: JSON, _ path: JSONPath, _ place: Place = .nested) throws(JSONFault)
        -> SchemaSyntax.TypeExpression
    {
        guard let kind = json["type"]?.string else { throw JSONFault(path: path, message: "`type` is missing") }
        var allowed: Set<String> = ["type"]
        if place != .nested { allowed.insert("annotations") }
        if place == .attribute { allowed.insert("required") }
        let type: SchemaSyntax.TypeExpression
        switch kind {
        case "String", "Long", "Boolean":
            type = .name(.init(text: "__cedar::\(kind == "Boolean" ? "Bool" : kind)", position: nowhere))
        case "Set":
            allowed.insert("element")
            guard let element = json["element"] else { throw JSONFault(path: path, message: "`element` is missing") }
            type = .set(try self.type(element, path.member("element")))
        case "Record":
            allowed.formUnion(["attributes", "additionalAttributes"])
            if case .bool(true) = json["additionalAttributes"] {
                throw JSONFault(path: path, message: "a record that may have other attributes is not supported")
            }
            guard let written = json["attributes"] else {
                throw JSONFault(path: path, message: "`attributes` is missing")
            }
            type = .record(try attributes(written, path), nowhere)
        case "Entity":
            allowed.insert("name")
            type = .entity(try name(json["name"], path.member("name")))
        case "EntityOrCommon":
            allowed.insert("name")
            type = .name(try name(json["name"], path.member("name")))
        case "Extension":
            allowed.insert("name")
            guard let name = json["name"]?.string, ["ipaddr", "decimal", "datetime", "duration"].contains(name) else {
                throw JSONFault(path: path, message: "`name` must name a type of an extension")
            }
            type = .name(.init(text: "__cedar::\(name)", position: nowhere))
        default: type = .name(try name(.string(kind), path.member("type")))
        }
        for (member, _) in json.object ?? [] where !allowed.contains(member) { throw unknown(member, path) }
        return type
    }

    private static func attributes(_ json: JSON, _ path: JSONPath) throws(JSONFault)
        -> [SchemaSyntax.AttributeDeclaration]
    {
        var attributes: [SchemaSyntax.AttributeDeclaration] = []
        for (name, body) in try members(json, path.member("attributes")) {
            let path = path.member("attributes").member(name)
            var isRequired = true
            if let required = body["required"] {
                guard case .bool(let value) = required else {
                    throw JSONFault(path: path.member("required"), message: "true or false is expected")
                }
                isRequired = value
            }
            attributes.append(
                .init(
                    name: name, isRequired: isRequired, type: try type(body, path, .attribute),
                    annotations: try annotations(body["annotations"], path)))
        }
        return attributes
    }

    static func annotations(_ json: JSON?, _ path: JSONPath) throws(JSONFault) -> [SchemaSyntax.Annotation] {
        guard let json else { return [] }
        var annotations: [SchemaSyntax.Annotation] = []
        for (name, value) in try members(json, path) {
            guard TokenReader.isWord(name) else {
                throw JSONFault(path: path, message: "`\(name)` cannot name an annotation")
            }
            switch value {
            case .null: annotations.append(.init(name: name, value: nil))
            case .string(let text): annotations.append(.init(name: name, value: text))
            default: throw JSONFault(path: path, message: "an annotation is a string")
            }
        }
        return annotations
    }

    static func members(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> [(name: String, value: JSON)] {
        guard let members = json.object else { throw JSONFault(path: path, message: "an object is expected") }
        return members
    }

    static func elements(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> [JSON] {
        guard let elements = json.array else { throw JSONFault(path: path, message: "an array is expected") }
        return elements
    }

    static func strings(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> [String] {
        var strings: [String] = []
        for element in try elements(json, path) {
            guard let text = element.string else { throw JSONFault(path: path, message: "a string is expected") }
            strings.append(text)
        }
        return strings
    }

    static func names(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> [SchemaSyntax.Name] {
        var names: [SchemaSyntax.Name] = []
        for element in try elements(json, path) { names.append(try name(element, path)) }
        return names
    }

    private static func name(_ json: JSON?, _ path: JSONPath) throws(JSONFault) -> SchemaSyntax.Name {
        guard let text = json?.string else { throw JSONFault(path: path, message: "the name of a type is expected") }
        try checkPath(text.hasPrefix("__cedar::") ? String(text.dropFirst(9)) : text, path)
        return .init(text: text, position: nowhere)
    }

    static func checkPath(_ text: String, _ path: JSONPath) throws(JSONFault) {
        guard Identifier.isPath(text) else { throw JSONFault(path: path, message: "`\(text)` is not a name") }
    }

    static func checkIdentifier(_ text: String, _ path: JSONPath) throws(JSONFault) {
        guard Identifier.isPlain(text) else {
            throw JSONFault(path: path, message: "`\(text)` is not a name")
        }
    }

    static func unknown(_ member: String, _ path: JSONPath) -> JSONFault {
        JSONFault(path: path, message: "`\(member)` has no meaning here")
    }
}

extension TokenReader {
    /// Whether a text is one identifier and nothing else, reserved or not.
    static func isWord(_ text: String) -> Bool {
        var reader = TokenReader(text)
        guard let word = try? reader.anyIdentifier("") else { return false }
        return reader.is(.end) && Text.areSame(word, text)
    }
}
