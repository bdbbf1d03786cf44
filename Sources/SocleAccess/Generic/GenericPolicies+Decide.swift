// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

extension GenericPolicies {
    /// R-APP-1 in any vocabulary: the types and the action are registered, and a person asks for themselves only.
    func isEntitled(
        _ question: GenericQuestion, _ caller: Caller, _ registration: ApplicationRegistration?
    ) -> Bool {
        guard let registration, registration.actions.contains(question.action),
            registration.resourceTypes.contains(question.resource.type),
            registration.resourceTypes.contains(question.subject.type)
        else { return false }
        return switch caller.voice {
        case .application: true
        case .person(let session): question.subject.id == session.issuedSubject
        }
    }

    /// Pure. Cedar's decision, but that a single policy that cannot be evaluated denies.
    func decide(
        _ question: GenericQuestion, _ caller: Caller, _ registration: ApplicationRegistration?
    ) -> (decision: Decision, ignored: [String]) {
        guard let registration, isEntitled(question, caller, registration) else {
            return (.refusal("client_not_entitled", rule: "R-APP-1", texts: texts), [])
        }
        let facts = GenericFacts(question, caller, holding: registration.heldTypes, self)
        let answer = policies.authorizeStrictly(facts.request, facts.entities)
        let names = answer.satisfied.map(GenericPolicies.name(of:))
        guard answer.errors.isEmpty else {
            return (
                .refusal(
                    "policy_error", texts: texts, policies: names,
                    errors: answer.errors.map { "\($0.policyID): \($0.message)" }), facts.ignored
            )
        }
        let isAllowed = answer.decision == .allow
        let deciding = answer.satisfied.first { ($0.effect == .permit) == isAllowed }
        let reason = deciding.map { $0.annotations["reason"] ?? (isAllowed ? "permitted" : "forbidden") }
        func words(_ annotation: String) -> [String] {
            (deciding?.annotations[annotation] ?? "").split(separator: " ").map(String.init)
        }
        return (
            Decision(
                Ruling(
                    outcome: isAllowed ? .permit : .deny, reason: reason ?? "no_permit",
                    rule: deciding.map { $0.annotations["rule"] ?? GenericPolicies.name(of: $0) } ?? "default",
                    obligations: words("obligation"), advice: words("advice"), policies: names,
                    text: texts[reason ?? "no_permit"])), facts.ignored
        )
    }

    /// `@id`, or else the file and the policy's number in it.
    private static func name(of policy: Policy) -> String { policy.annotations["id"] ?? policy.id }
}
