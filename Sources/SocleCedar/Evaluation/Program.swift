// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Expressions as flat code in the making: nodes name their operands by index, literals are values made once.
struct Program: Sendable {
    /// Where a node stands in `nodes`.
    typealias Index = Int32

    enum Node: Hashable, Sendable {
        case constant(Int32)
        case principal, action, resource, context
        /// Operands listed in `lists`.
        case and(List)
        case or(List)
        case set(List)
        /// Values in `lists`, names in `names` from the given place.
        case record(List, names: Int32)
        case call(ExtensionFunction, List)
        case not(Index)
        case negate(Index)
        case isEmpty(Index)
        case binary(Expression.BinaryOperator, Index, Index)
        case has(Index, names: Int32, count: Int32)
        case attribute(Index, name: Int32)
        case like(Index, pattern: Int32)
        case isType(Index, type: Int32)
        case isTypeIn(Index, type: Int32, Index)
        case conditional(Index, Index, Index)
    }

    struct List: Hashable, Sendable {
        var start: Int32
        var count: Int32

        var range: Range<Int> { Int(start)..<Int(start + count) }
    }

    var nodes: [Node] = []
    /// Of each node, for messages.
    var positions: [Position] = []
    var constants: [Value] = []
    var lists: [Index] = []
    var names: [Text] = []
    var patterns: [Pattern] = []
    /// Which expression each node is, whatever its place: the same number for the same expression.
    var numbers: [Int32] = []
    private var identities: [Identity: Int32] = [:]
    private var constantPlaces: [Value: Int32] = [:]
    private var patternPlaces: [Pattern: Int32] = [:]
    private var namePlaces: [[Text]: Int32] = [:]

    /// A node whose operands are named by the expression they are.
    private struct Identity: Hashable {
        let node: Node
        let operands: [Int32]
    }
}

extension Program {
    mutating func append(_ node: Node, at position: Position) -> Index {
        let identity = identity(of: node)
        let number = identities[identity] ?? Int32(identities.count)
        identities[identity] = number
        nodes.append(node)
        positions.append(position)
        numbers.append(number)
        return Index(nodes.count - 1)
    }

    private func identity(of node: Node) -> Identity {
        func number(_ index: Index) -> Int32 { numbers[Int(index)] }
        func list(_ list: List) -> [Int32] { lists[list.range].map(number) }
        func length(_ list: List) -> List { List(start: 0, count: list.count) }
        switch node {
        case .constant, .principal, .action, .resource, .context: return Identity(node: node, operands: [])
        case .and(let operands): return Identity(node: .and(length(operands)), operands: list(operands))
        case .or(let operands): return Identity(node: .or(length(operands)), operands: list(operands))
        case .set(let elements): return Identity(node: .set(length(elements)), operands: list(elements))
        case .record(let values, let names):
            return Identity(node: .record(length(values), names: names), operands: list(values))
        case .call(let function, let arguments):
            return Identity(node: .call(function, length(arguments)), operands: list(arguments))
        case .not(let operand): return Identity(node: .not(number(operand)), operands: [])
        case .negate(let operand): return Identity(node: .negate(number(operand)), operands: [])
        case .isEmpty(let operand): return Identity(node: .isEmpty(number(operand)), operands: [])
        case .binary(let operation, let left, let right):
            return Identity(node: .binary(operation, number(left), number(right)), operands: [])
        case .has(let base, let names, let count):
            return Identity(node: .has(number(base), names: names, count: count), operands: [])
        case .attribute(let base, let name):
            return Identity(node: .attribute(number(base), name: name), operands: [])
        case .like(let operand, let pattern):
            return Identity(node: .like(number(operand), pattern: pattern), operands: [])
        case .isType(let operand, let type): return Identity(node: .isType(number(operand), type: type), operands: [])
        case .isTypeIn(let operand, let type, let ancestors):
            return Identity(node: .isTypeIn(number(operand), type: type, number(ancestors)), operands: [])
        case .conditional(let test, let then, let otherwise):
            return Identity(node: .conditional(number(test), number(then), number(otherwise)), operands: [])
        }
    }

    mutating func intern(_ value: Value) -> Int32 {
        if let place = constantPlaces[value] { return place }
        constants.append(value)
        constantPlaces[value] = Int32(constants.count - 1)
        return Int32(constants.count - 1)
    }

    mutating func intern(_ pattern: Pattern) -> Int32 {
        if let place = patternPlaces[pattern] { return place }
        patterns.append(pattern)
        patternPlaces[pattern] = Int32(patterns.count - 1)
        return Int32(patterns.count - 1)
    }

    /// Names that stand side by side.
    mutating func intern(_ texts: [String]) -> Int32 {
        let texts = texts.map { Text($0) }
        if let place = namePlaces[texts] { return place }
        names.append(contentsOf: texts)
        let place = Int32(names.count - texts.count)
        namePlaces[texts] = place
        return place
    }
}
