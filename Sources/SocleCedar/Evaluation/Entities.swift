// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The entities a decision may look at, each with all its ancestors.
public struct Entities: Sendable {
    /// An entity with every entity above it, itself not counted.
    final class Entry: Sendable {
        let uid: EntityUID
        let entity: Entity
        let ancestors: Set<EntityUID>

        init(_ entity: Entity, _ ancestors: Set<EntityUID>) {
            uid = entity.uid
            self.entity = entity
            self.ancestors = ancestors
        }
    }

    let table: EntityTable

    public init() { table = EntityTable([]) }

    public enum Fault: Error, Hashable, Sendable {
        case duplicate(EntityUID)
        case cycle(EntityUID)
    }

    /// - Throws: `duplicate` when two entities have the same name, even if they are equal otherwise; `cycle` when an
    ///   entity is above itself.
    public init(_ entities: some Sequence<Entity>) throws(Fault) {
        var direct: [EntityUID: Entity] = [:]
        for entity in entities {
            guard direct.updateValue(entity, forKey: entity.uid) == nil else { throw .duplicate(entity.uid) }
        }
        var closure = Closure(parents: direct.mapValues { Array($0.parents) })
        var entries: [Entry] = []
        entries.reserveCapacity(direct.count)
        for (uid, entity) in direct {
            guard let ancestors = closure.ancestors(of: uid), !ancestors.contains(uid) else { throw .cycle(uid) }
            entries.append(Entry(entity, ancestors))
        }
        table = EntityTable(entries)
    }

    public subscript(uid: EntityUID) -> Entity? { entry(uid)?.entity }
    public var count: Int { table.entries.count }

    func entry(_ uid: EntityUID) -> Entry? { table.place(of: uid).map { table.entries[$0] } }

    /// Whether the first is the second or below it. An entity nobody described is below itself only.
    public func isEntity(_ uid: EntityUID, in ancestor: EntityUID) -> Bool {
        uid == ancestor || entry(uid)?.ancestors.contains(ancestor) == true
    }
}

extension Entities: Sequence {
    /// In no particular order.
    public func makeIterator() -> some IteratorProtocol<Entity> { table.entries.lazy.map(\.entity).makeIterator() }
}
