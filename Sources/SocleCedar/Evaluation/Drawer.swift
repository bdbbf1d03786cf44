// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Policy numbers by entity.
struct Drawer: Sendable {
    private let table: NameTable
    /// Those of place n begin at `starts[n]` and end before `starts[n + 1]`.
    private let starts: FixedStorage<Int32>
    private let numbers: FixedStorage<Int32>
    /// Eight bits or more for each name, a power of two of them, one set by its hash. Of the many entities above a
    /// principal few have policies: that the others have none is most often told here, in a table small enough to stay
    /// at hand however many policies there are.
    private let filter: FixedStorage<UInt64>

    init(_ filed: [(name: EntityUID, numbers: [Int32])]) {
        table = NameTable(filed.map(\.name))
        var starts: [Int32] = [0]
        for (_, numbers) in filed { starts.append((starts.last ?? 0) + Int32(numbers.count)) }
        self.starts = FixedStorage(starts)
        numbers = FixedStorage(filed.flatMap(\.numbers))
        var size = 1
        while size * 8 < filed.count { size *= 2 }
        var filter = [UInt64](repeating: 0, count: size)
        for (name, _) in filed {
            let (word, bit) = Drawer.place(name.storage.digest, size)
            filter[word] |= bit
        }
        self.filter = FixedStorage(filter)
    }

    var isEmpty: Bool { table.isEmpty }

    /// By bits of the hash that the table does not begin with.
    private static func place(_ digest: Int, _ size: Int) -> (word: Int, bit: UInt64) {
        (digest >> 38 & (size - 1), 1 << UInt64(digest >> 32 & 63))
    }

    func mark(_ entity: EntityReference, in candidates: CandidateSet) {
        let (word, bit) = Drawer.place(entity.digest, filter.count)
        guard filter.base[word] & bit != 0, let place = table.place(of: entity) else { return }
        let start = Int(starts.base[place])
        candidates.insert(numbers.base + start, count: Int(starts.base[place + 1]) - start)
    }

    /// What is filed under the entity or under anything above it.
    func mark(entityAndAbove entity: Frame.Named, in candidates: CandidateSet) {
        guard !isEmpty else { return }
        mark(entity.name, in: candidates)
        guard let ancestors = entity.ancestors else { return }
        for place in 0..<ancestors.count {
            if case .entity(let ancestor) = Cell(at: ancestors.pointer(at: place)) { mark(ancestor, in: candidates) }
        }
    }
}
