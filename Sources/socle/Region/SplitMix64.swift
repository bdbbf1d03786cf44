// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A small generator whose sequence is fixed by its seed, on every machine and with every Swift release: the standard
/// library promises neither for `randomElement` and `shuffled`, so choices are made here. Never for secrets.
///
/// - Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number from 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "nothing to choose from")
        // The high word of the product; its bias is below one in 10^15 for the small bounds of a region.
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// True `percent` times in a hundred.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// That many different elements, in the order drawn; all of them when there are fewer.
    mutating func draw<Element>(_ count: Int, from elements: [Element]) -> [Element] {
        var rest = elements
        var drawn: [Element] = []
        while drawn.count < count, !rest.isEmpty { drawn.append(rest.remove(at: below(rest.count))) }
        return drawn
    }
}
