// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The same expression wherever it is written: positions do not count.
extension Expression: Hashable {
    public static func == (a: Expression, b: Expression) -> Bool {
        guard a.depth == b.depth else { return false }
        switch (a.kind, b.kind) {
        case (.literal(let a), .literal(let b)): return a == b
        case (.variable(let a), .variable(let b)): return a == b
        case (.and(let a), .and(let b)), (.or(let a), .or(let b)), (.set(let a), .set(let b)): return a == b
        case (.not(let a), .not(let b)), (.negate(let a), .negate(let b)), (.isEmpty(let a), .isEmpty(let b)):
            return a == b
        case (.binary(let a, let a1, let a2), .binary(let b, let b1, let b2)): return a == b && a1 == b1 && a2 == b2
        case (.has(let a, let aPath), .has(let b, let bPath)):
            return aPath.map { Text($0) } == bPath.map { Text($0) } && a == b
        case (.attribute(let a, let aName), .attribute(let b, let bName)): return Text(aName) == Text(bName) && a == b
        case (.like(let a, let aPattern), .like(let b, let bPattern)): return aPattern == bPattern && a == b
        case (.isType(let a, let aType, let aIn), .isType(let b, let bType, let bIn)):
            return Text(aType) == Text(bType) && a == b && aIn == bIn
        case (.conditional(let a1, let a2, let a3), .conditional(let b1, let b2, let b3)):
            return a1 == b1 && a2 == b2 && a3 == b3
        case (.record(let a), .record(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { Text($0.name) == Text($1.name) && $0.value == $1.value }
        case (.call(let a, let aArguments), .call(let b, let bArguments)): return a == b && aArguments == bArguments
        default: return false
        }
    }

    /// By shape, names and literals, the first few operands of a long list standing for all: equality does the rest.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(depth)
        switch kind {
        case .literal(let literal): hasher.combine(literal)
        case .variable(let variable): hasher.combine(variable)
        case .attribute(_, let name): hasher.combine(Text(name))
        case .binary(let operation, _, _): hasher.combine(operation)
        case .call(let function, _): hasher.combine(function)
        default: break
        }
        for operand in kind.operands.prefix(4) { operand.hash(into: &hasher) }
    }
}
