// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The entities a decision may look at, each with all its ancestors.
public struct Entities: Sendable {
    /// An entity with every entity above it, itself not counted.
    struct Entry: Sendable {
        let entity: Entity
        let ancestors: ValueSet
    }

    let entries: FixedStorage<Entry>
    let table: NameTable
    /// Entities described again, looked at before the others; nil when there is none.
    private var redescribed: FixedStorage<Entry>?

    public init() {
        entries = FixedStorage([])
        table = NameTable([])
    }

    public enum Fault: Error, Hashable, Sendable {
        case duplicate(EntityUID)
        case cycle(EntityUID)
        /// More ancestors in all than the entities written can account for.
        case tooLarge
    }

    /// - Throws: `duplicate` when two entities have the same name, even if they are equal otherwise; `cycle` when an
    ///   entity is above itself; `tooLarge` when the hierarchy is out of proportion with the entities.
    public init(_ entities: some Sequence<Entity>) throws(Fault) {
        var direct: [EntityUID: Entity] = [:]
        for entity in entities {
            guard direct.updateValue(entity, forKey: entity.uid) == nil else { throw .duplicate(entity.uid) }
        }
        var closure = Closure(parents: direct.mapValues { Array($0.parents) })
        var entries: [Entry] = []
        entries.reserveCapacity(direct.count)
        for (uid, entity) in direct {
            let ancestors: Set<EntityUID>
            do throws(Closure.Fault) { ancestors = try closure.ancestors(of: uid) } catch {
                throw error == .cycle ? .cycle(uid) : .tooLarge
            }
            entries.append(Entry(entity: entity, ancestors: ValueSet(ancestors.lazy.map(Value.entity))))
        }
        self.entries = FixedStorage(entries)
        table = NameTable(entries.map(\.entity.uid))
    }

    public subscript(uid: EntityUID) -> Entity? { entry(uid)?.pointee.entity }
    public var count: Int {
        entries.count + (redescribed?.filter { table.place(of: EntityReference($0.entity.uid)) == nil }.count ?? 0)
    }

    /// The same entities, one of them with other attributes; nothing else is copied. Its parents and tags stay; an
    /// entity nobody described has none.
    public func describing(_ uid: EntityUID, attributes: Record) -> Entities {
        let known = entry(uid)
        var entity = known?.pointee.entity ?? Entity(uid)
        entity.attributes = attributes
        let others = (redescribed.map(Array.init) ?? []).filter { $0.entity.uid != uid }
        var result = self
        result.redescribed = FixedStorage(
            others + [Entry(entity: entity, ancestors: known?.pointee.ancestors ?? ValueSet())])
        return result
    }

    /// Valid as long as the entities are held.
    func entry(_ uid: EntityUID) -> UnsafePointer<Entry>? {
        withExtendedLifetime((self, uid)) { reading.entry(EntityReference(uid)) }
    }

    /// Whether the first is the second or below it. An entity nobody described is below itself only.
    public func isEntity(_ uid: EntityUID, in ancestor: EntityUID) -> Bool {
        uid == ancestor || entry(uid)?.pointee.ancestors.contains(.entity(ancestor)) == true
    }
}

extension Entities {
    /// The entities read where they lie, without a count of their own.
    ///
    /// INVARIANT: used only while the entities are held.
    struct Reading {
        fileprivate let table: NameTable.Reading
        fileprivate let entries: UnsafePointer<Entry>
        fileprivate let redescribed: UnsafeBufferPointer<Entry>

        func entry(_ entity: EntityReference) -> UnsafePointer<Entry>? {
            if let base = redescribed.baseAddress {
                for place in 0..<redescribed.count where EntityReference(base[place].entity.uid) == entity {
                    return base + place
                }
            }
            return table.place(of: entity).map { entries + $0 }
        }
    }

    var reading: Reading {
        Reading(
            table: table.reading, entries: UnsafePointer(entries.base),
            redescribed: UnsafeBufferPointer(start: redescribed?.base, count: redescribed?.count ?? 0))
    }
}

extension Entities: Sequence {
    /// In no particular order.
    public func makeIterator() -> some IteratorProtocol<Entity> {
        let again = redescribed.map { Set($0.lazy.map(\.entity.uid)) } ?? []
        let first = redescribed.map { $0.map(\.entity) } ?? []
        return (first + entries.lazy.map(\.entity).filter { !again.contains($0.uid) }).makeIterator()
    }
}
