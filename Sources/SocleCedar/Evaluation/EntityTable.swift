// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Entities found by name, by the hash their names carry: a look-up is a few words read and no hash computed.
///
/// Open addressing, at most half full, never changed once built.
struct EntityTable: Sendable {
    private(set) var entries: [Entities.Entry]
    /// The place in `entries`, or -1; a power of two of them.
    private var slots: [Int32]

    init(_ entries: [Entities.Entry]) {
        self.entries = entries
        var size = 4
        while size < entries.count * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        for (place, entry) in entries.enumerated() {
            var slot = entry.uid.storage.digest & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(place)
        }
    }

    func place(of uid: EntityUID) -> Int? {
        let mask = slots.count - 1
        var slot = uid.storage.digest & mask
        while slots[slot] >= 0 {
            let place = Int(slots[slot])
            if entries[place].uid == uid { return place }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
