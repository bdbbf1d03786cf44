// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension PolicySet {
    /// Reads the JSON form: a whole set, whose policies keep their names, or one policy, which is named `policy0`.
    public init(json text: String, limits: ParsingLimits = ParsingLimits()) throws(JSONFault) {
        self.init()
        let json = try JSONReader.read(text)
        let reader = PolicyJSONReader(limits: limits)
        guard json["effect"] == nil else {
            try insert(reader.policy(json, id: "policy0", .root), .root)
            return
        }
        for (part, members) in try reader.object(json, .root) {
            switch part {
            case "staticPolicies", "templates":
                for (id, member) in try reader.object(members, JSONPath.root.member(part)) {
                    let path = JSONPath.root.member(part).member(id)
                    let policy = try reader.policy(member, id: id, path)
                    guard policy.isTemplate == (part == "templates") else {
                        throw JSONFault(path: path, message: "a template has slots, a static policy has none")
                    }
                    try insert(policy, path)
                }
            // Links come last, whatever their place: they need the templates.
            case "templateLinks": continue
            default:
                throw JSONFault(path: JSONPath.root.member(part), message: "`\(part)` has no meaning in a policy set")
            }
        }
        for (place, link) in try reader.array(
            json["templateLinks"] ?? .array([]), JSONPath.root.member("templateLinks")
        )
        .enumerated() {
            try insert(link: link, JSONPath.root.member("templateLinks").element(place), reader)
        }
    }

    private mutating func insert(_ policy: Policy, _ path: JSONPath) throws(JSONFault) {
        do { try add(policy) } catch { throw JSONFault(path: path, message: error.description) }
    }

    private mutating func insert(link: JSON, _ path: JSONPath, _ reader: PolicyJSONReader) throws(JSONFault) {
        guard let id = link["newId"]?.string, let template = link["templateId"]?.string else {
            throw JSONFault(path: path, message: "a link has a `newId` and a `templateId`")
        }
        var values: [Slot: EntityUID] = [:]
        for (name, value) in try reader.object(link["values"] ?? .object([]), path.member("values")) {
            guard let slot = [Slot.principal, .resource].first(where: { "?\($0.rawValue)" == name }) else {
                throw JSONFault(path: path, message: "`\(name)` is not a slot")
            }
            values[slot] = try reader.uid(value, path.member("values").member(name))
        }
        do { try self.link(templateID: template, id: id, values: values) } catch {
            throw JSONFault(path: path, message: error.description)
        }
    }
}

/// Policies from JSON; every fault names the path to what is wrong.
struct PolicyJSONReader {
    let limits: ParsingLimits
    /// A JSON text keeps no place worth naming.
    let position = Position(line: 1, column: 1)

    func policy(_ json: JSON, id: String, _ path: JSONPath) throws(JSONFault) -> Policy {
        try refuseOthers(
            than: ["effect", "principal", "action", "resource", "conditions", "annotations"], in: json, path)
        guard let effect = json["effect"]?.string.flatMap(Policy.Effect.init) else {
            throw JSONFault(path: path, message: "`effect` must be `permit` or `forbid`")
        }
        var (annotations, valueless) = ([String: String](), Set<String>())
        for (name, value) in try object(json["annotations"] ?? .object([]), path.member("annotations")) {
            guard TokenReader.isWord(name) else {
                throw JSONFault(path: path.member("annotations"), message: "`\(name)` cannot name an annotation")
            }
            switch value {
            case .string(let text): annotations[name] = text
            case .null:
                annotations[name] = ""
                valueless.insert(name)
            default:
                throw JSONFault(path: path.member("annotations").member(name), message: "an annotation is a string")
            }
        }
        var conditions: [Policy.Condition] = []
        let conditionsPath = path.member("conditions")
        guard let written = json["conditions"] else {
            throw JSONFault(path: path, message: "`conditions` is missing: a policy without any has an empty array")
        }
        for (place, condition) in try array(written, conditionsPath).enumerated() {
            let path = conditionsPath.element(place)
            try refuseOthers(than: ["kind", "body"], in: condition, path)
            guard let keyword = condition["kind"]?.string.flatMap(Policy.Condition.Keyword.init) else {
                throw JSONFault(path: path, message: "`kind` must be `when` or `unless`")
            }
            conditions.append(.init(keyword, try expression(condition["body"], path.member("body"))))
        }
        return Policy(
            id: id, effect: effect, annotations: annotations, valuelessAnnotations: valueless,
            scope: Scope(
                principal: try constraint(json["principal"], .principal, path.member("principal")),
                action: try action(json["action"], path.member("action")),
                resource: try constraint(json["resource"], .resource, path.member("resource"))),
            conditions: conditions, position: position)
    }

    func object(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> [(name: String, value: JSON)] {
        guard let members = json.object else { throw JSONFault(path: path, message: "an object is expected") }
        return members
    }

    func array(_ json: JSON, _ path: JSONPath) throws(JSONFault) -> [JSON] {
        guard let elements = json.array else { throw JSONFault(path: path, message: "an array is expected") }
        return elements
    }

    /// What is not understood is refused: left out, it would make a policy say more than was meant.
    func refuseOthers(than known: [String], in json: JSON, _ path: JSONPath) throws(JSONFault) {
        for (name, _) in try object(json, path) where !known.contains(where: { Text.areSame($0, name) }) {
            throw JSONFault(path: path, message: "`\(name)` has no meaning here")
        }
    }

    func uid(_ json: JSON?, _ path: JSONPath) throws(JSONFault) -> EntityUID {
        let json = json?["__entity"] ?? json
        guard let type = json?["type"]?.string, let id = json?["id"]?.string else {
            throw JSONFault(path: path, message: "an entity has a `type` and an `id`")
        }
        return EntityUID(type: try name(type, path), id: id)
    }

    /// The name of a type, as the text form would accept it.
    func name(_ text: String, _ path: JSONPath) throws(JSONFault) -> String {
        if Identifier.isPath(text) { return text }
        throw JSONFault(path: path, message: "`\(text)` is not the name of a type")
    }

    private func constraint(_ json: JSON?, _ slot: Slot, _ path: JSONPath) throws(JSONFault) -> Scope.Constraint {
        func reference(_ json: JSON?) throws(JSONFault) -> Scope.Reference {
            if let named = json?["slot"]?.string {
                guard json?["entity"] == nil else {
                    throw JSONFault(path: path, message: "an `entity` and a `slot` are given")
                }
                guard named == "?\(slot.rawValue)" else {
                    throw JSONFault(path: path, message: "`\(named)` cannot stand for the \(slot.rawValue)")
                }
                return .slot
            }
            return .entity(try uid(json?["entity"], path.member("entity")))
        }
        let operation = json?["op"]?.string
        if let json {
            try refuseOthers(
                than: operation == "is" ? ["op", "entity_type", "in"] : ["op", "entity", "slot"], in: json, path)
        }
        switch operation {
        case "All": return .any
        case "==": return .equal(try reference(json))
        case "in": return .within(try reference(json))
        case "is":
            let type = try name(json?["entity_type"]?.string ?? "", path.member("entity_type"))
            guard let ancestor = json?["in"] else { return .ofType(type) }
            return .ofTypeWithin(type, try reference(ancestor))
        default: throw JSONFault(path: path, message: "`op` must be `All`, `==`, `in` or `is`")
        }
    }

    private func action(_ json: JSON?, _ path: JSONPath) throws(JSONFault) -> Scope.ActionConstraint {
        func named(_ json: JSON?) throws(JSONFault) -> EntityUID {
            let uid = try uid(json, path)
            guard uid.isAction else { throw JSONFault(path: path, message: "`\(uid)` is not an action") }
            return uid
        }
        if let json { try refuseOthers(than: ["op", "entity", "entities"], in: json, path) }
        switch json?["op"]?.string {
        case "All": return .any
        case "==": return .equal(try named(json?["entity"]))
        case "in":
            guard let several = json?["entities"] else { return .within(try named(json?["entity"])) }
            guard json?["entity"] == nil else {
                throw JSONFault(path: path, message: "an `entity` and `entities` are given")
            }
            var uids: [EntityUID] = []
            for uid in try array(several, path.member("entities")) { uids.append(try named(uid)) }
            return .withinAny(uids)
        default: throw JSONFault(path: path, message: "`op` must be `All`, `==` or `in`")
        }
    }
}
