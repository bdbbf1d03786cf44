// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Levels: how far from the request a policy looks.
extension TypeChecker {
    /// Of what no request leads to: more than any level.
    static let nowhere = Int.max / 2

    /// Notes that an entity reached at a depth is looked into, and gives the depth of what is found there.
    @discardableResult
    mutating func lookInto(_ depth: Int, _ expression: Expression) -> Int {
        guard let level else { return 0 }
        if depth >= TypeChecker.nowhere {
            findings.add(expression.position, "an entity written out cannot be looked into under a level")
        } else if depth >= level {
            findings.add(
                expression.position,
                "this looks into \(depth + 1) entities one after the other, and the level is \(level)")
        }
        return depth + 1
    }
}
