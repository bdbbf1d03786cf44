// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Why a policy applied or did not, for one request.
public struct Explanation: Sendable {
    public let policy: Policy
    /// `holds` when the policy is satisfied.
    public let outcome: Outcome
    /// The constraints of the scope, then the conditions, in the order written; `unless` as the opposite of its body.
    public let clauses: [Finding]

    public enum Outcome: Hashable, Sendable {
        case holds
        case fails
        case error(String)
        /// Decided before it was looked at.
        case notReached
    }

    /// An expression of the policy and what became of it.
    public struct Finding: Sendable {
        /// As a policy would write it.
        public let text: String
        public let position: Position
        public let outcome: Outcome
        /// What `&&`, `||`, `!` and `if` join, in order.
        public let parts: [Finding]
        /// What was met: the attributes, tags and variables read by a condition that has no parts.
        public let values: [Met]
    }

    public struct Met: Hashable, Sendable {
        /// `resource.owner`
        public let text: String
        /// Its value as a policy would write it, or why it has none.
        public let value: String
    }
}

extension CompiledPolicies {
    /// What each policy made of a request, whether it could apply or not. Not for the path of a decision: it compiles
    /// every condition apart.
    ///
    /// - Parameter ids: only these policies; nil for all.
    public func explain(_ request: Request, _ entities: Entities, ids: Set<String>? = nil) -> [Explanation] {
        policies.filter { ids?.contains($0.id) ?? true }.map { policy in
            let explainer = Explainer(request: request, entities: entities)
            let clauses = explainer.chain(Program.clauses(of: policy, scope: policy.scope), stopsAt: .fails)
            let outcome = clauses.lazy.map(\.outcome).first { $0 != .holds } ?? .holds
            return Explanation(policy: policy, outcome: outcome, clauses: clauses)
        }
    }
}
