// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// An expression of a policy, as it was written.
///
/// Chains of `&&` and `||` are flat (`a && b && c` is one node of three), so that a policy may join thousands of
/// conditions; any other nesting counts in `depth`, which readers bound, so that nothing that walks a tree can
/// exhaust the stack.
public struct Expression: Sendable {
    public let kind: Kind
    public let position: Position
    /// One more than the deepest operand, and one for each name of a path but the last.
    let depth: Int

    public indirect enum Kind: Sendable {
        case literal(Literal)
        case variable(Variable)
        /// Two operands or more.
        case and([Expression])
        /// Two operands or more.
        case or([Expression])
        case not(Expression)
        case negate(Expression)
        case binary(BinaryOperator, Expression, Expression)
        case isEmpty(Expression)
        /// `base has a.b.c`: one name or more; each but the last is also read.
        case has(Expression, [String])
        case attribute(Expression, String)
        case like(Expression, Pattern)
        /// `base is Type`, optionally `in` an entity.
        case isType(Expression, String, in: Expression?)
        case conditional(Expression, then: Expression, otherwise: Expression)
        case set([Expression])
        case record([(name: String, value: Expression)])
        case call(ExtensionFunction, [Expression])
    }

    public enum Literal: Hashable, Sendable {
        case bool(Bool)
        case long(Int64)
        case string(Text)
        case entity(EntityUID)
    }

    public enum Variable: String, Sendable { case principal, action, resource, context }

    public enum BinaryOperator: String, Sendable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case `in`
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case contains, containsAll, containsAny, hasTag, getTag
    }

    public init(_ kind: Kind, at position: Position) {
        self.kind = kind
        self.position = position
        let below = kind.operands.lazy.map(\.depth).max() ?? 0
        if case .has(_, let path) = kind { depth = below + path.count } else { depth = below + 1 }
    }
}

extension Expression.Kind {
    /// The direct operands, in the order they are written.
    public var operands: [Expression] {
        switch self {
        case .literal, .variable: []
        case .and(let operands), .or(let operands), .set(let operands), .call(_, let operands): operands
        case .not(let operand), .negate(let operand), .isEmpty(let operand), .has(let operand, _),
            .attribute(let operand, _), .like(let operand, _), .isType(let operand, _, in: nil):
            [operand]
        case .isType(let operand, _, in: let ancestor?): [operand, ancestor]
        case .binary(_, let left, let right): [left, right]
        case .conditional(let test, let then, let otherwise): [test, then, otherwise]
        case .record(let members): members.map(\.value)
        }
    }
}
