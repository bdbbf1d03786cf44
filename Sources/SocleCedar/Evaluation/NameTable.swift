// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Numbers found by entity, by the hash its name carries: a look-up is a few words read and no hash computed.
///
/// Open addressing, at most half full, never changed once built.
struct NameTable: Sendable {
    private let names: FixedStorage<EntityUID>
    private let slots: FixedStorage<Slot>

    /// The place in `names`, or -1, with the upper half of the hash, so that another name is most often recognised
    /// without being looked at. There is a power of two of them.
    fileprivate struct Slot: Sendable {
        var place: Int32
        var tag: Int32
    }

    fileprivate static func tag(_ digest: Int) -> Int32 { Int32(truncatingIfNeeded: digest >> 32) }

    /// - Precondition: no name twice.
    init(_ names: [EntityUID]) {
        self.names = FixedStorage(names)
        var size = 4
        while size < names.count * 2 { size *= 2 }
        var slots = [Slot](repeating: Slot(place: -1, tag: 0), count: size)
        for (place, name) in names.enumerated() {
            var slot = name.storage.digest & (size - 1)
            while slots[slot].place >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Slot(place: Int32(place), tag: NameTable.tag(name.storage.digest))
        }
        self.slots = FixedStorage(slots)
    }

    var isEmpty: Bool { names.count == 0 }

    func place(of entity: EntityReference) -> Int? { withExtendedLifetime(self) { reading.place(of: entity) } }
}

extension NameTable {
    /// A table read where it lies, without a count of its own.
    ///
    /// INVARIANT: used only while the table is held.
    struct Reading {
        fileprivate let names: UnsafePointer<EntityUID>
        fileprivate let slots: UnsafePointer<Slot>
        fileprivate let mask: Int

        func place(of entity: EntityReference) -> Int? {
            let digest = entity.digest
            let tag = NameTable.tag(digest)
            var number = digest & mask
            while true {
                let slot = slots[number]
                guard slot.place >= 0 else { return nil }
                if slot.tag == tag, EntityReference(names[Int(slot.place)]) == entity { return Int(slot.place) }
                number = (number + 1) & mask
            }
        }
    }

    var reading: Reading {
        Reading(names: UnsafePointer(names.base), slots: UnsafePointer(slots.base), mask: slots.count - 1)
    }
}
