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
    private struct Slot: Sendable {
        var place: Int32
        var tag: Int32
    }

    private static func tag(_ digest: Int) -> Int32 { Int32(truncatingIfNeeded: digest >> 32) }

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

    func place(of entity: EntityReference) -> Int? {
        let mask = slots.count - 1
        let digest = entity.digest
        let tag = NameTable.tag(digest)
        var slot = digest & mask
        while slots.base[slot].place >= 0 {
            let place = Int(slots.base[slot].place)
            if slots.base[slot].tag == tag, EntityReference(names.base[place]) == entity { return place }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
