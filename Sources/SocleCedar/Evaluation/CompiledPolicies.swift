// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Policies made ready to answer: compiled once, found by what their scope names. Immutable, shared freely.
public final class CompiledPolicies: Sendable {
    public let policies: [Policy]
    let program: Program
    /// The code of each policy: its scope and its conditions, as one conjunction.
    let entryPoints: [Program.Index]
    let index: ScopeIndex

    public init(_ set: PolicySet) {
        policies = set.policies
        var program = Program()
        entryPoints = policies.map { program.compile($0) }
        self.program = program
        index = ScopeIndex(policies)
    }

    /// Cedar's own answer: a policy that cannot be evaluated is left out and reported.
    ///
    /// - Warning: an erring `forbid` forbids nothing here. Socle decides with `authorizeStrictly`.
    public func authorize(_ request: Request, _ entities: Entities) -> Authorization {
        answer(request, entities, isStrict: false)
    }

    /// The same, except that a single policy that cannot be evaluated denies.
    public func authorizeStrictly(_ request: Request, _ entities: Entities) -> Authorization {
        answer(request, entities, isStrict: true)
    }

    private func answer(_ request: Request, _ entities: Entities, isStrict: Bool) -> Authorization {
        let evaluator = Evaluator(program: program, request: request, entities: entities)
        var satisfied: [Policy] = []
        var errors: [Authorization.Failure] = []
        var (isPermitted, isForbidden) = (false, false)
        for candidate in index.candidates(request, entities) {
            let policy = policies[candidate]
            do throws(EvaluationError) {
                guard try evaluator.bool(entryPoints[candidate]) else { continue }
                satisfied.append(policy)
                if policy.effect == .permit { isPermitted = true } else { isForbidden = true }
            } catch {
                errors.append(.init(policyID: policy.id, message: "\(error.position): \(error.message)"))
            }
        }
        let isAllowed = isPermitted && !isForbidden && !(isStrict && !errors.isEmpty)
        let deciding: Policy.Effect = isAllowed ? .permit : .forbid
        return Authorization(
            decision: isAllowed ? .allow : .deny,
            determining: satisfied.filter { $0.effect == deciding }.map(\.id), satisfied: satisfied, errors: errors)
    }
}
