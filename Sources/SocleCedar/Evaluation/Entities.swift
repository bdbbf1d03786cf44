// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The entities a decision may look at, each with all its ancestors.
public struct Entities: Sendable {
    /// An entity with every entity above it, itself not counted.
    struct Entry: Sendable {
        var entity: Entity
        var ancestors: Set<EntityUID>
    }

    var entries: [EntityUID: Entry]

    public init() { entries = [:] }

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
        entries = [:]
        entries.reserveCapacity(direct.count)
        for (uid, entity) in direct {
            guard let ancestors = closure.ancestors(of: uid), !ancestors.contains(uid) else { throw .cycle(uid) }
            entries[uid] = Entry(entity: entity, ancestors: ancestors)
        }
    }

    public subscript(uid: EntityUID) -> Entity? { entries[uid]?.entity }
    public var count: Int { entries.count }

    /// Whether the first is the second or below it. An entity nobody described is below itself only.
    public func isEntity(_ uid: EntityUID, in ancestor: EntityUID) -> Bool {
        uid == ancestor || entries[uid]?.ancestors.contains(ancestor) == true
    }
}

/// Ancestors from parents, each computed once, without recursion: a hierarchy may be deep.
struct Closure {
    private let parents: [EntityUID: [EntityUID]]
    private var known: [EntityUID: Set<EntityUID>] = [:]

    init(parents: [EntityUID: [EntityUID]]) { self.parents = parents }

    /// Nil when a cycle is met.
    mutating func ancestors(of uid: EntityUID) -> Set<EntityUID>? {
        var stack = [(uid: uid, next: 0)]
        var open: Set<EntityUID> = [uid]
        while let (current, next) = stack.last {
            let above = parents[current] ?? []
            if known[current] == nil, next < above.count {
                stack[stack.count - 1].next += 1
                let parent = above[next]
                guard known[parent] == nil else { continue }
                guard open.insert(parent).inserted else { return nil }
                stack.append((parent, 0))
            } else {
                if known[current] == nil {
                    known[current] = above.reduce(into: Set(above)) { $0.formUnion(known[$1] ?? []) }
                }
                open.remove(current)
                stack.removeLast()
            }
        }
        return known[uid]
    }
}
