// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Requests and entities held against the schema.
extension Schema {
    /// Why the schema allows no such request; nil when it does.
    public func fault(of request: Request) -> String? {
        guard let action = actions[request.action] else { return "the action `\(request.action)` is not in the schema" }
        for (uid, types, part) in [
            (request.principal, action.principals, "principal"), (request.resource, action.resources, "resource"),
        ] {
            guard types.contains(uid.typeName) else {
                return "`\(uid)` cannot be the \(part) of the action `\(request.action)`"
            }
            if let fault = enumerationFault(uid) { return fault }
        }
        return fault(of: .record(request.context), as: .record(action.context)).map { "the context: \($0)" }
    }

    /// Why the schema allows no such entity; nil when it does.
    public func fault(of entity: Entity) -> String? {
        let uid = entity.uid
        if uid.isAction {
            guard let action = actions[uid] else { return "the action `\(uid)` is not in the schema" }
            guard entity.attributes.isEmpty, entity.tags.isEmpty else { return "an action has no attributes, no tags" }
            // Parents or ancestors may be given; together they must reach every group the schema knows, and no other.
            let reached = entity.parents.reduce(into: entity.parents) { $0.formUnion(actions[$1]?.ancestors ?? []) }
            return reached == action.ancestors
                ? nil : "the groups of the action `\(uid)` are not those of the schema"
        }
        guard let type = entityTypes[uid.typeName] else { return "the entity type `\(uid.type)` is not in the schema" }
        if let fault = enumerationFault(uid) { return fault }
        for parent in entity.parents.sorted() {
            guard entityTypes[parent.typeName]?.descendants.contains(uid.typeName) == true else {
                return "an entity of type `\(uid.type)` cannot be in `\(parent)`"
            }
            if let fault = enumerationFault(parent) { return fault }
        }
        if let fault = fault(of: .record(entity.attributes), as: .record(type.attributes)) {
            return "`\(uid)`: \(fault)"
        }
        guard let tags = type.tags else { return entity.tags.isEmpty ? nil : "`\(uid)` cannot have tags" }
        for member in entity.tags.members {
            if let fault = fault(of: member.value, as: tags) { return "`\(uid)`, tag `\(member.name)`: \(fault)" }
        }
        return nil
    }

    /// An entity of an enumerated type must be one of those enumerated.
    private func enumerationFault(_ uid: EntityUID) -> String? {
        guard let identifiers = entityTypes[uid.typeName]?.identifiers, !identifiers.contains(Text(uid.id)) else {
            return nil
        }
        return "`\(uid)` is not among the entities that `\(uid.type)` enumerates"
    }

    /// Why a value is not of a type; nil when it is.
    private func fault(of value: Value, as type: CedarType) -> String? {
        switch (value, type) {
        case (.bool, .bool), (.long, .long), (.string, .string), (.decimal, .decimal), (.ip, .ip),
            (.datetime, .datetime), (.duration, .duration):
            return nil
        case (.entity(let uid), .entity(let name)) where uid.typeName == name: return enumerationFault(uid)
        case (.set(let values), .set(let element)):
            for value in values {
                if let fault = fault(of: value, as: element) { return fault }
            }
            return nil
        case (.record(let record), .record(let type)): return fault(of: record, as: type)
        default: return "expected \(type), found \(value.kindName)"
        }
    }

    private func fault(of record: Record, as type: RecordType) -> String? {
        for member in record.members {
            guard let attribute = type.attributes[member.name] else { return "`\(member.name)` is not declared" }
            if let fault = fault(of: member.value, as: attribute.type) { return "`\(member.name)`: \(fault)" }
        }
        for (name, attribute) in type.attributes where attribute.isRequired && record[name] == nil {
            return "`\(name)` is missing"
        }
        return nil
    }
}
