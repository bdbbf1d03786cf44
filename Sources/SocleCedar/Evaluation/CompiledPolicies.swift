// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Policies made ready to answer: compiled once, found by what their scope names. Immutable, shared freely.
public final class CompiledPolicies: Sendable {
    public let policies: [Policy]
    let code: Code
    /// The code of each policy: what the index does not establish of its scope, and its conditions, as one conjunction.
    private let entryPoints: FixedStorage<(index: Program.Index, isPermit: Bool)>
    private let index: ScopeIndex

    public init(_ set: PolicySet) {
        policies = set.policies
        let filings = policies.map { Filing($0.scope) }
        var program = Program()
        entryPoints = FixedStorage(
            zip(policies, filings).map { (program.compile($0, scope: $1.rest), $0.effect == .permit) })
        code = Code(program)
        index = ScopeIndex(zip(policies, filings).map { ($0.scope.action, $1.place) })
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
        var satisfied: [Int32] = []
        var errors: [Authorization.Failure] = []
        var (isPermitted, isForbidden) = (false, false)
        code.evaluating(request, entities) { evaluator in
            let room = CandidateSet.room(for: policies.count)
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: room.words + room.summary) { words in
                // INVARIANT: there is room for a word at least, so the buffer has a base.
                guard let base = words.baseAddress else { preconditionFailure("no room for candidates") }
                let summary = UnsafeMutableBufferPointer(start: base + room.words, count: room.summary)
                summary.initialize(repeating: 0)
                let candidates = CandidateSet(words: base, summary: summary)
                index.mark(evaluator.frame, in: candidates)
                candidates.visit { candidate in
                    do throws(EvaluationError) {
                        let entry = entryPoints.base[candidate]
                        guard try evaluator.bool(entry.index) else { return }
                        satisfied.append(Int32(truncatingIfNeeded: candidate))
                        if entry.isPermit { isPermitted = true } else { isForbidden = true }
                    } catch {
                        errors.append(
                            .init(policyID: policies[candidate].id, message: "\(error.position): \(error.message)"))
                    }
                }
            }
        }
        let isAllowed = isPermitted && !isForbidden && !(isStrict && !errors.isEmpty)
        return Authorization(
            decision: isAllowed ? .allow : .deny, errors: errors, policies: policies, places: satisfied)
    }
}
