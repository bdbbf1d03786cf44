// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// A patient's directive as a tree: a rule, its exceptions, theirs in turn (FHIR R4 `Consent.provision`).
///
/// What it means, in words, is `evaluate`. What decisions read is its flat form, `CompiledDirective`.
package struct ConsentDirective: Hashable, Sendable {
    package var root: ConsentRule
    /// Whether what it permits only bounds what it refuses, and opens nothing by itself: what is left to one record of
    /// a directive of the other, when their merge is undone.
    package var refusesOnly: Bool

    package init(root: ConsentRule, refusesOnly: Bool = false) {
        self.root = root
        self.refusesOnly = refusesOnly
    }

    /// With those who are in a team in place of its name, for a record that knows nothing of that team.
    package func naming(_ members: (_ team: String) -> Set<Party>) -> ConsentDirective {
        ConsentDirective(root: root.naming(members), refusesOnly: refusesOnly)
    }

    /// As far as it refuses, for as long as the choice holds; nil when it refuses nothing.
    package var refusals: ConsentDirective? {
        let compiled = CompiledDirective(self)
        guard compiled.refusesTheRest || compiled.clauses.contains(where: { $0.effect == .deny }) else { return nil }
        var root = root
        root.period = Span()
        return ConsentDirective(root: root, refusesOnly: true)
    }
}

/// One rule of a directive. An empty set says nothing about its dimension; a rule inherits what it does not say.
package struct ConsentRule: Hashable, Sendable {
    package enum Effect: String, Sendable, CaseIterable { case permit, deny }

    /// nil only for a root that states no rule of its own, and leaves it to its exceptions.
    package var effect: Effect?
    package var period: Span
    package var purposes: Set<String>
    package var actors: Set<RuleActor>
    package var actions: Set<RuleAction>
    package var data: DataCondition
    package var exceptions: [ConsentRule]

    package init(
        _ effect: Effect?, period: Span = Span(), purposes: Set<String> = [], actors: Set<RuleActor> = [],
        actions: Set<RuleAction> = [], data: DataCondition = DataCondition(), exceptions: [ConsentRule] = []
    ) {
        self.effect = effect
        self.period = period
        self.purposes = Set(purposes.map(CodeSystemAlias.canonical))
        self.actors = actors
        self.actions = actions
        self.data = data
        self.exceptions = exceptions
    }

    fileprivate func naming(_ members: (String) -> Set<Party>) -> ConsentRule {
        var rule = self
        rule.actors = Set(
            actors.flatMap { actor -> Set<RuleActor> in
                guard case .team(let name) = actor else { return [actor] }
                let members = members(name)
                // No actor would be everybody.
                return members.isEmpty ? [.unknown("CareTeam/\(name)")] : Set(members.map(RuleActor.party))
            })
        rule.exceptions = exceptions.map { $0.naming(members) }
        return rule
    }

    /// The care teams that it or its exceptions name.
    var teams: Set<String> {
        let own = actors.compactMap { if case .team(let name) = $0 { name } else { nil } }
        return exceptions.reduce(into: Set(own)) { $0.formUnion($1.teams) }
    }

    /// Rules in all, this one included.
    package var count: Int { exceptions.reduce(1) { $0 + $1.count } }
    /// Rules on the longest way down.
    package var depth: Int { 1 + (exceptions.map(\.depth).max() ?? 0) }
}

/// A half-open period open on either side.
package struct Span: Hashable, Sendable {
    package var start: Instant?
    package var end: Instant?

    package init(start: Instant? = nil, end: Instant? = nil) {
        self.start = start
        self.end = end
    }

    /// That instant alone.
    package init(at instant: Instant) { self.init(start: instant, end: instant + .milliseconds(1)) }

    package var isEverything: Bool { start == nil && end == nil }

    package func contains(_ instant: Instant) -> Bool {
        (start.map { $0 <= instant } ?? true) && (end.map { instant < $0 } ?? true)
    }

    /// What both cover.
    package func limited(to other: Span) -> Span {
        Span(
            start: [start, other.start].compactMap(\.self).max(), end: [end, other.end].compactMap(\.self).min())
    }
}

/// Whom a rule names as the recipient (`actor`, role `IRCP`).
package enum RuleActor: Hashable, Sendable {
    case party(Party)
    case patient(PatientIdentifier)
    /// Whoever is in any of the patient's care teams: directives written before teams were told apart say no more.
    case careTeam
    /// Whoever is in that one (`Membership.team`).
    case team(String)
    /// Whoever the law and Sesan let break the glass: who these are is not the patient's to list.
    case breakGlassUsers
    /// A group that Socle does not know: nobody.
    case unknown(String)
}

/// The values of `http://terminology.hl7.org/CodeSystem/consentaction`.
package enum RuleAction: String, Sendable, CaseIterable {
    case collect, access, use, disclose, correct
}
