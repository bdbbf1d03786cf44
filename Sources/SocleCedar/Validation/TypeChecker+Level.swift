// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// How many entities were looked into, one after the other, to reach a value from the request.
indirect enum Reach {
    case entities(Int)
    /// Of a record written out in the policy, where each member has its own.
    case members([Text: Reach])

    static let request = Reach.entities(0)
    /// Of an entity written out, to which no request leads.
    static let nowhere = Reach.entities(.max)

    func member(_ name: Text) -> Reach {
        guard case .members(let members) = self else { return self }
        return members[name] ?? .request
    }

    /// Of a value that is one or the other.
    func joined(with other: Reach) -> Reach {
        switch (self, other) {
        case (.entities(let a), .entities(let b)): .entities(max(a, b))
        case (.members(let a), .members(let b)): .members(a.merging(b) { $0.joined(with: $1) })
        case (.members(let members), .entities): .members(members.mapValues { $0.joined(with: other) })
        case (.entities, .members(let members)): .members(members.mapValues { $0.joined(with: self) })
        }
    }
}

// Levels: how far from the request a policy looks.
extension TypeChecker {
    /// Notes that an entity is looked into, and gives the reach of what is found there.
    @discardableResult
    mutating func lookInto(_ reach: Reach, _ expression: Expression) -> Reach {
        guard let level, case .entities(let depth) = reach else { return .request }
        guard depth < .max else {
            findings.add(expression.position, "an entity written out cannot be looked into under a level")
            return .request
        }
        if depth >= level {
            findings.add(
                expression.position,
                "this looks into \(depth + 1) entities one after the other, and the level is \(level)")
        }
        return .entities(depth + 1)
    }
}
