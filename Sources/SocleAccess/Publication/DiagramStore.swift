// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Decision diagrams over finitely many facts of few values: one node for each different function, so that two
/// functions are equal exactly when their nodes are, and nothing is computed twice.
///
/// A node asks one fact and has a child for each value; facts are asked in one order everywhere. A leaf is a number:
/// for conditions false and true, for versions the place of an outcome in a table.
/// - Source: Bryant, Graph-Based Algorithms for Boolean Function Manipulation (1986), with several values a variable
///   as in Srinivasan et al. (1990).
struct DiagramStore {
    /// A node when not negative, otherwise the leaf `-1 - number`.
    typealias Node = Int32

    static func leaf(_ number: Int) -> Node { Node(-1 - number) }
    static func number(of leaf: Node) -> Int { Int(-1 - leaf) }
    static let never = leaf(0)
    static let always = leaf(1)

    /// How many values each fact has, in the order in which they are asked.
    let widths: [Int]
    private var levels: [Int32] = []
    private var starts: [Int32] = []
    private var children: [Node] = []
    private var known: [[Node]: Node] = [:]
    private var memo: [Pair: Node] = [:]

    private struct Pair: Hashable {
        var operation: Operation
        var left: Node
        var right: Node
    }

    private enum Operation: Hashable { case and, or }

    init(widths: [Int]) { self.widths = widths }

    var nodeCount: Int { levels.count }

    /// The place of the fact a node asks; after the last fact for a leaf.
    func level(_ node: Node) -> Int { node < 0 ? widths.count : Int(levels[Int(node)]) }

    /// What follows when the fact of that level has that value.
    func child(_ node: Node, at level: Int, _ value: Int) -> Node {
        guard self.level(node) == level else { return node }
        return children[Int(starts[Int(node)]) + value]
    }

    /// The node that asks a fact, or its only child when the answer does not matter.
    mutating func node(at level: Int, _ next: [Node]) -> Node {
        if let first = next.first, next.allSatisfy({ $0 == first }) { return first }
        let key = [Node(level)] + next
        if let node = known[key] { return node }
        let node = Node(levels.count)
        levels.append(Int32(level))
        starts.append(Int32(children.count))
        children += next
        known[key] = node
        return node
    }

    /// True exactly when the fact has one of the values, given as bits.
    mutating func test(_ level: Int, isIn values: UInt64) -> Node {
        node(at: level, (0..<widths[level]).map { values >> UInt64($0) & 1 == 1 ? Self.always : Self.never })
    }

    mutating func and(_ a: Node, _ b: Node) -> Node {
        if a == Self.never || b == Self.never { return Self.never }
        if a == Self.always || a == b { return b }
        if b == Self.always { return a }
        return remembered(.and, min(a, b), max(a, b)) { $0.and($1, $2) }
    }

    mutating func or(_ a: Node, _ b: Node) -> Node {
        if a == Self.always || b == Self.always { return Self.always }
        if a == Self.never || a == b { return b }
        if b == Self.never { return a }
        return remembered(.or, min(a, b), max(a, b)) { $0.or($1, $2) }
    }

    private mutating func remembered(
        _ operation: Operation, _ a: Node, _ b: Node, _ body: (inout DiagramStore, Node, Node) -> Node
    ) -> Node {
        let pair = Pair(operation: operation, left: a, right: b)
        if let node = memo[pair] { return node }
        let node = split(a, b, body)
        memo[pair] = node
        return node
    }

    private mutating func split(
        _ a: Node, _ b: Node, _ body: (inout DiagramStore, Node, Node) -> Node
    ) -> Node {
        let level = min(level(a), level(b))
        var next: [Node] = []
        next.reserveCapacity(widths[level])
        for value in 0..<widths[level] {
            next.append(body(&self, child(a, at: level, value), child(b, at: level, value)))
        }
        return node(at: level, next)
    }

    mutating func not(_ a: Node) -> Node { map(a) { $0 == 0 ? 1 : 0 } }

    mutating func and(_ nodes: [Node]) -> Node {
        var result = Self.always
        for node in nodes { result = and(result, node) }
        return result
    }

    /// The same function with its leaves renumbered.
    mutating func map(_ a: Node, _ rename: (Int) -> Int) -> Node {
        combine(a, Self.never) { a, _ in a < 0 ? Self.leaf(rename(Self.number(of: a))) : nil }
    }

    /// Where the condition holds `then`, elsewhere `otherwise`.
    mutating func choose(_ condition: Node, then: Node, otherwise: Node) -> Node {
        // Two steps of two operands each: what is chosen is a leaf in every use that is not of conditions.
        guard then >= 0 else {
            return combine(condition, otherwise) { condition, otherwise in
                condition == Self.always ? then : condition == Self.never ? otherwise : nil
            }
        }
        let negation = not(condition)
        return or(and(condition, then), and(negation, otherwise))
    }

    /// Point by point; `result` gives a node as soon as the two it is given decide it.
    mutating func combine(_ a: Node, _ b: Node, _ result: (Node, Node) -> Node?) -> Node {
        var done: [UInt64: Node] = [:]
        return combine(a, b, result, &done)
    }

    private mutating func combine(
        _ a: Node, _ b: Node, _ result: (Node, Node) -> Node?, _ done: inout [UInt64: Node]
    ) -> Node {
        if let node = result(a, b) { return node }
        let key = UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b))
        if let node = done[key] { return node }
        let level = min(level(a), level(b))
        var next: [Node] = []
        next.reserveCapacity(widths[level])
        for value in 0..<widths[level] {
            next.append(combine(child(a, at: level, value), child(b, at: level, value), result, &done))
        }
        let node = node(at: level, next)
        done[key] = node
        return node
    }

    /// The leaf at one point: the place of each fact's value, in order.
    func value(of node: Node, at point: [Int]) -> Int {
        var node = node
        while node >= 0 { node = child(node, at: level(node), point[level(node)]) }
        return Self.number(of: node)
    }
}
