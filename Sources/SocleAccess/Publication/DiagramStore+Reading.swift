// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A block of points: for each fact, the values it may have, as bits.
struct FactCube: Hashable, Sendable {
    var values: [UInt64]

    static func bits(_ width: Int) -> UInt64 { width >= 64 ? .max : 1 << UInt64(width) - 1 }
}

// What is read from a finished diagram.
extension DiagramStore {
    /// How many points of the whole space the condition holds at, exactly.
    func count(_ node: Node) -> UInt128 {
        var done: [Node: UInt128] = [:]
        return count(node, from: 0, &done)
    }

    private func count(_ node: Node, from level: Int, _ done: inout [Node: UInt128]) -> UInt128 {
        guard node != Self.never else { return 0 }
        let own = self.level(node)
        let skipped = widths[level..<own].reduce(UInt128(1)) { $0 * UInt128($1) }
        guard node >= 0 else { return skipped }
        if let known = done[node] { return skipped * known }
        var sum: UInt128 = 0
        for value in 0..<widths[own] { sum += count(child(node, at: own, value), from: own + 1, &done) }
        done[node] = sum
        return skipped * sum
    }

    /// The numbers of the leaves that some point reaches.
    func leaves(of node: Node) -> Set<Int> {
        var seen: Set<Node> = []
        var stack = [node]
        var found: Set<Int> = []
        while let node = stack.popLast() {
            guard seen.insert(node).inserted else { continue }
            guard node >= 0 else {
                found.insert(Self.number(of: node))
                continue
            }
            for value in 0..<widths[level(node)] { stack.append(child(node, at: level(node), value)) }
        }
        return found
    }

    /// The block with fewest facts constrained along one way to a point where the condition holds.
    func shortestCube(of node: Node) -> FactCube? {
        guard node != Self.never else { return nil }
        var costs: [Node: Int] = [:]
        _ = cost(of: node, &costs)
        var cube = FactCube(values: widths.map(FactCube.bits))
        var node = node
        while node >= 0 {
            let level = level(node)
            let next = (0..<widths[level]).map { child(node, at: level, $0) }
            guard let best = next.min(by: { cost(of: $0, &costs) < cost(of: $1, &costs) }) else { return nil }
            cube.values[level] = next.indices.reduce(0) { next[$1] == best ? $0 | 1 << UInt64($1) : $0 }
            node = best
        }
        return cube
    }

    private static let unreachable = Int.max / 2

    /// How many facts must be asked, at least, on the way to true.
    private func cost(of node: Node, _ costs: inout [Node: Int]) -> Int {
        guard node >= 0 else { return node == Self.never ? Self.unreachable : 0 }
        if let cost = costs[node] { return cost }
        var least = Self.unreachable
        for value in 0..<widths[level(node)] {
            least = min(least, cost(of: child(node, at: level(node), value), &costs))
        }
        costs[node] = least + 1
        return least + 1
    }

    /// Whether the condition holds at every point of the block.
    func holds(_ node: Node, throughout cube: FactCube) -> Bool {
        var seen: Set<Node> = []
        var stack = [node]
        while let node = stack.popLast() {
            guard node != Self.never else { return false }
            guard node >= 0, seen.insert(node).inserted else { continue }
            let level = level(node)
            for value in 0..<widths[level] where cube.values[level] >> UInt64(value) & 1 == 1 {
                stack.append(child(node, at: level, value))
            }
        }
        return true
    }

    mutating func node(of cube: FactCube) -> Node {
        var node = Self.always
        for level in widths.indices.reversed() where cube.values[level] != FactCube.bits(widths[level]) {
            let below = node
            node = self.node(
                at: level, (0..<widths[level]).map { cube.values[level] >> UInt64($0) & 1 == 1 ? below : Self.never })
        }
        return node
    }

    /// The largest block around the given one where the condition still holds: facts are freed in the order given,
    /// and those that cannot be freed keep as many values as they can.
    func widened(_ cube: FactCube, within node: Node, order: [Int]) -> FactCube {
        var cube = cube
        for level in order where cube.values[level] != FactCube.bits(widths[level]) {
            var wider = cube
            wider.values[level] = FactCube.bits(widths[level])
            if holds(node, throughout: wider) { cube = wider }
        }
        for level in order where cube.values[level] != FactCube.bits(widths[level]) {
            for value in 0..<widths[level] where cube.values[level] >> UInt64(value) & 1 == 0 {
                var wider = cube
                wider.values[level] |= 1 << UInt64(value)
                if holds(node, throughout: wider) { cube = wider }
            }
        }
        return cube
    }
}
