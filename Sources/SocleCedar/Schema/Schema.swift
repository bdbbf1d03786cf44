// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What entities, actions and contexts look like: names resolved, hierarchies closed.
public struct Schema: Hashable, Sendable {
    struct EntityType: Hashable, Sendable {
        var attributes: RecordType
        /// The type of every tag; nil when its entities have none.
        var tags: CedarType?
        /// The only identifiers of an enumerated type.
        var identifiers: Set<Text>?
        /// The types whose entities may be below an entity of this type, itself not counted unless it may nest.
        var descendants: Set<Text> = []
    }

    struct Action: Hashable, Sendable {
        var principals: [Text]
        var resources: [Text]
        var context: RecordType
        /// Every group above it.
        var ancestors: Set<EntityUID>
    }

    var entityTypes: [Text: EntityType] = [:]
    var actions: [EntityUID: Action] = [:]

    /// Reads the human-readable form and resolves its names.
    ///
    /// - Throws: the first fault, with its place: of grammar, a name declared twice or nowhere, a cycle.
    public init(parsing text: String, limits: ParsingLimits = ParsingLimits()) throws(SyntaxError) {
        var parser = SchemaParser(text, limits)
        var resolver = SchemaResolver(try parser.schema(), limits)
        self = try resolver.schema()
    }

    init() {}

    /// The actions as entities, with the groups above them: what a decision needs of the schema.
    public var actionEntities: [Entity] { actions.map { Entity($0.key, parents: $0.value.ancestors) } }

    /// The ids of a type's entities when it enumerates them.
    public func identifiers(ofType name: String) -> Set<String>? {
        entityTypes[Text(name)]?.identifiers.map { Set($0.map(\.string)) }
    }

    /// The declared types of entities and the actions, in order.
    public var entityTypeNames: [String] { entityTypes.keys.sorted().map(\.string) }
    public var actionNames: [EntityUID] { actions.keys.sorted() }

    /// Whether an entity of the first type can be an entity of the second, or below one.
    func canBe(_ type: Text, in ancestor: Text) -> Bool {
        type == ancestor || entityTypes[ancestor]?.descendants.contains(type) == true
    }
}
