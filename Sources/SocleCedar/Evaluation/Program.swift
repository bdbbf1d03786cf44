// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Expressions as flat code: nodes name their operands by index, literals are values made once.
///
/// Nothing here refers to the tree it came from, so an evaluation follows integers through three arrays and counts no
/// reference but those of the values it meets.
struct Program: Sendable {
    /// Where a node stands in `nodes`.
    typealias Index = Int32

    enum Node: Sendable {
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
        case conditional(Index, Index, Index)
    }

    struct List: Sendable {
        var start: Int32
        var count: Int32
    }

    var nodes: [Node] = []
    /// Of each node, for messages.
    var positions: [Position] = []
    var constants: [Value] = []
    var lists: [Index] = []
    var names: [Text] = []
    var patterns: [Pattern] = []

    func operands(_ list: List) -> ArraySlice<Index> { lists[Int(list.start)..<Int(list.start + list.count)] }
}
