// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

public enum Decision: String, Hashable, Sendable { case allow, deny }

/// An answer and what it rests on.
public struct Authorization: Sendable {
    public let decision: Decision
    /// The ids of the policies that decided: the satisfied permits of an allow, the satisfied forbids of a deny; none
    /// when no policy was satisfied, or when an error alone made the denial.
    public var determining: [String] {
        let deciding: Policy.Effect = decision == .allow ? .permit : .forbid
        var ids: [String] = []
        for place in places where policies[Int(place)].effect == deciding { ids.append(policies[Int(place)].id) }
        return ids
    }

    /// Every satisfied policy of either effect, in the order of the set.
    public var satisfied: [Policy] { places.map { policies[Int($0)] } }
    public let errors: [Failure]
    /// All that were asked, and the places of those satisfied.
    let policies: [Policy]
    let places: [Int32]

    /// A policy that could not be evaluated, and why.
    public struct Failure: Hashable, Sendable {
        public let policyID: String
        public let message: String
    }
}
