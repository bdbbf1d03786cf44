// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Gives every name of a schema its one meaning.
///
/// A name without namespace is looked for in the namespace it stands in, then outside any, then among the language's
/// own; a common type comes before an entity type of the same name.
struct SchemaResolver {
    private let syntax: SchemaSyntax
    private let limits: ParsingLimits
    private var entityTypes: [Text: (SchemaSyntax.EntityDeclaration, namespace: String)] = [:]
    private var commonTypes: [Text: (SchemaSyntax.TypeExpression, namespace: String)] = [:]
    private var actions: [EntityUID: (SchemaSyntax.ActionDeclaration, namespace: String, position: Position)] = [:]
    /// `Action`, in each namespace that declares actions.
    private var actionTypes: Set<Text> = []
    private var resolved: [Text: CedarType] = [:]
    private var open: Set<Text> = []
    /// How many parts each common type has once the names in it are replaced by what they stand for.
    private var sizes: [Text: Int] = [:]

    init(_ syntax: SchemaSyntax, _ limits: ParsingLimits) {
        self.syntax = syntax
        self.limits = limits
    }

    mutating func schema() throws(SyntaxError) -> Schema {
        try collect()
        try refuseShadowing()
        var schema = Schema()
        for name in commonTypes.keys { _ = try common(name, at: Position(line: 1, column: 1)) }
        for (name, (declaration, namespace)) in entityTypes {
            var attributes = try record(declaration.attributes, namespace)
            if let shape = declaration.shape {
                guard case .record(let named) = try type(shape, namespace) else {
                    throw SyntaxError(
                        at: Position(line: 1, column: 1), "the attributes of `\(name)` are not those of a record")
                }
                attributes = named
            }
            var type = Schema.EntityType(
                attributes: attributes,
                identifiers: declaration.identifiers.map { Set($0.map { Text($0) }) })
            if let tags = declaration.tags { type.tags = try self.type(tags, namespace) }
            schema.entityTypes[name] = type
        }
        try close(&schema)
        try resolveActions(&schema)
        return schema
    }

    private static func qualified(_ namespace: String, _ name: String) -> String {
        namespace.isEmpty ? name : "\(namespace)::\(name)"
    }

    private mutating func collect() throws(SyntaxError) {
        var namespaces: Set<String> = []
        for namespace in syntax.namespaces {
            guard namespaces.insert(namespace.name).inserted else {
                throw SyntaxError(at: namespace.position, "the namespace `\(namespace.name)` is declared twice")
            }
            for declaration in namespace.declarations {
                for name in declaration.names { try collect(name, declaration.kind, namespace.name) }
            }
        }
    }

    private mutating func collect(
        _ name: SchemaSyntax.Name, _ kind: SchemaSyntax.Declaration.Kind, _ namespace: String
    ) throws(SyntaxError) {
        let full = Text(SchemaResolver.qualified(namespace, name.text))
        let isNew: Bool
        switch kind {
        case .entity(let declaration):
            guard name.text != "Action" else {
                throw SyntaxError(at: name.position, "`Action` is the type of actions and cannot be declared")
            }
            isNew = entityTypes.updateValue((declaration, namespace), forKey: full) == nil
        case .type(let type):
            guard !SchemaResolver.reservedTypes.contains(name.text) else {
                throw SyntaxError(at: name.position, "`\(name.text)` is a type of the language and cannot be declared")
            }
            isNew = commonTypes.updateValue((type, namespace), forKey: full) == nil
        case .action(let declaration):
            let uid = EntityUID(type: SchemaResolver.qualified(namespace, "Action"), id: name.text)
            actionTypes.insert(uid.typeName)
            isNew = actions.updateValue((declaration, namespace, name.position), forKey: uid) == nil
        }
        guard isNew else { throw SyntaxError(at: name.position, "`\(full)` is declared twice") }
    }

    private static let reservedTypes: Set<String> = [
        "Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String",
    ]

    /// A name outside any namespace must not be hidden by the same name within one: a reader could not tell which is
    /// meant.
    private func refuseShadowing() throws(SyntaxError) {
        for namespace in syntax.namespaces where !namespace.name.isEmpty {
            for declaration in namespace.declarations {
                for name in declaration.names {
                    let isHiding: Bool
                    switch declaration.kind {
                    case .entity, .type:
                        isHiding = entityTypes[Text(name.text)] != nil || commonTypes[Text(name.text)] != nil
                    case .action: isHiding = actions[EntityUID(type: "Action", id: name.text)] != nil
                    }
                    guard !isHiding else {
                        throw SyntaxError(
                            at: name.position, "`\(name.text)` hides what is declared outside the namespace")
                    }
                }
            }
        }
    }
}

// Types.
extension SchemaResolver {
    private mutating func type(_ type: SchemaSyntax.TypeExpression, _ namespace: String) throws(SyntaxError)
        -> CedarType
    {
        switch type {
        case .set(let element): return .set(try self.type(element, namespace))
        case .record(let attributes, _): return .record(try record(attributes, namespace))
        case .entity(let name):
            if let type = actionType(name, namespace) { return .entity(type) }
            return .entity(try entityType(name, namespace))
        case .name(let name):
            for candidate in SchemaResolver.candidates(name.text, namespace) {
                if commonTypes[candidate] != nil { return try common(candidate, at: name.position) }
                if isEntityType(candidate) { return .entity(candidate) }
            }
            let bare = name.text.hasPrefix("__cedar::") ? String(name.text.dropFirst(9)) : name.text
            guard let builtIn = CedarType.builtIn(bare) else {
                throw SyntaxError(at: name.position, "no type is named `\(name.text)`")
            }
            return builtIn
        }
    }

    private mutating func record(_ attributes: [SchemaSyntax.AttributeDeclaration], _ namespace: String)
        throws(SyntaxError) -> RecordType
    {
        var record = RecordType()
        for attribute in attributes {
            record.attributes[Text(attribute.name)] = .init(
                type: try type(attribute.type, namespace), isRequired: attribute.isRequired)
        }
        return record
    }

    private mutating func common(_ name: Text, at position: Position) throws(SyntaxError) -> CedarType {
        if let known = resolved[name] { return known }
        guard let (declared, namespace) = commonTypes[name] else {
            throw SyntaxError(at: position, "no type is named `\(name)`")
        }
        guard open.insert(name).inserted else {
            throw SyntaxError(at: position, "the type `\(name)` is made of itself")
        }
        guard open.count <= limits.nesting else {
            throw SyntaxError(at: position, "types refer to one another more than \(limits.nesting) deep")
        }
        let type = try type(declared, namespace)
        open.remove(name)
        // Types that double one another are short to write and endless to compare.
        let size = size(of: declared, namespace)
        guard size <= limits.typeSize else {
            throw SyntaxError(at: position, "the type `\(name)` has more than \(limits.typeSize) parts")
        }
        sizes[name] = size
        resolved[name] = type
        return type
    }

    private func size(of type: SchemaSyntax.TypeExpression, _ namespace: String) -> Int {
        switch type {
        case .entity: 1
        case .name(let name):
            SchemaResolver.candidates(name.text, namespace).lazy.compactMap { sizes[$0] }.first ?? 1
        case .set(let element): 1 + size(of: element, namespace)
        case .record(let attributes, _): attributes.reduce(1) { $0 + size(of: $1.type, namespace) }
        }
    }

    /// The full names a name may stand for, in order of preference.
    private static func candidates(_ name: String, _ namespace: String) -> [Text] {
        if name.contains("::") || namespace.isEmpty { return [Text(name)] }
        return [Text(qualified(namespace, name)), Text(name)]
    }
}

// Hierarchies and actions.
extension SchemaResolver {
    private func entityType(_ name: SchemaSyntax.Name, _ namespace: String) throws(SyntaxError) -> Text {
        for candidate in SchemaResolver.candidates(name.text, namespace) where entityTypes[candidate] != nil {
            return candidate
        }
        throw SyntaxError(at: name.position, "no entity type is named `\(name.text)`")
    }

    private func isEntityType(_ name: Text) -> Bool { entityTypes[name] != nil || actionTypes.contains(name) }

    /// The type of the actions of a namespace, which nothing declares: attributes may hold an action.
    private func actionType(_ name: SchemaSyntax.Name, _ namespace: String) -> Text? {
        SchemaResolver.candidates(name.text, namespace).first { actionTypes.contains($0) }
    }

    /// Descendants of every type, from the parents each names; types, unlike entities, may be above themselves.
    private func close(_ schema: inout Schema) throws(SyntaxError) {
        var parents: [Text: Set<Text>] = [:]
        for (name, (declaration, namespace)) in entityTypes {
            for parent in declaration.parents { parents[name, default: []].insert(try entityType(parent, namespace)) }
        }
        var room = Closure.room(names: parents.reduce(0) { $0 + 1 + $1.value.count })
        for name in entityTypes.keys {
            var reached: Set<Text> = []
            var waiting = Array(parents[name] ?? [])
            while let next = waiting.popLast() {
                guard reached.insert(next).inserted else { continue }
                let above = parents[next] ?? []
                waiting += above
                room -= above.count + 1
                guard room >= 0 else {
                    throw SyntaxError(at: Position(line: 1, column: 1), "the entity types have too many ancestors")
                }
            }
            for ancestor in reached { schema.entityTypes[ancestor]?.descendants.insert(name) }
        }
    }

    private mutating func resolveActions(_ schema: inout Schema) throws(SyntaxError) {
        var parents: [EntityUID: [EntityUID]] = [:]
        for (uid, (declaration, namespace, _)) in actions {
            parents[uid] = []
            for parent in declaration.parents { parents[uid]?.append(try action(parent, namespace)) }
        }
        var closure = Closure(parents: parents)
        for (uid, (declaration, namespace, position)) in actions {
            let ancestors: Set<EntityUID>
            do throws(Closure.Fault) { ancestors = try closure.ancestors(of: uid) } catch {
                throw SyntaxError(
                    at: position,
                    error == .cycle
                        ? "the action `\(uid.id)` is in a group that is in itself" : "the actions have too many groups")
            }
            var (principals, resources): ([Text], [Text]) = ([], [])
            for name in declaration.appliesTo?.principals ?? [] { principals.append(try entityType(name, namespace)) }
            for name in declaration.appliesTo?.resources ?? [] { resources.append(try entityType(name, namespace)) }
            var context = RecordType()
            if let declared = declaration.appliesTo?.context {
                guard case .record(let record) = try type(declared, namespace) else {
                    throw SyntaxError(at: position, "the context of the action `\(uid.id)` is not a record")
                }
                context = record
            }
            schema.actions[uid] = .init(
                principals: principals, resources: resources, context: context, ancestors: ancestors)
        }
    }

    private func action(_ name: (type: String, id: String, position: Position), _ namespace: String)
        throws(SyntaxError) -> EntityUID
    {
        for type in SchemaResolver.candidates(name.type.isEmpty ? "Action" : name.type, namespace) {
            let uid = EntityUID(type: type.string, id: name.id)
            if actions[uid] != nil { return uid }
        }
        throw SyntaxError(at: name.position, "no action is named `\(name.id)`")
    }
}
