// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Elements that never change once made, at an address that never moves: what a decision reads without counting
/// references.
///
/// INVARIANT: nothing writes through `base` after `init`, which is what makes sharing it between threads sound.
final class FixedStorage<Element: Sendable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: some Collection<Element>) {
        count = elements.count
        base = .allocate(capacity: count)
        var place = 0
        for element in elements {
            (base + place).initialize(to: element)
            place += 1
        }
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }
}

extension FixedStorage: RandomAccessCollection {
    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(place: Int) -> Element {
        precondition(place >= 0 && place < count)
        return base[place]
    }
}
