// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// One thing a patient's records say, and when it holds. Flat: no fact refers to another.
package struct DatedFact: Hashable, Sendable {
    package enum Fact: Hashable, Sendable {
        case member(Party)
        /// Of which care team, for those that a directive names.
        case listed(Party, team: String)
        /// The *médecin traitant*, as the team lists them.
        case treatingPhysician(ProfessionalIdentifier)
        case informed(recipients: Set<String>)
        case agreed(recipients: Set<String>)
        case opposed
        case opposedInEmergency
        case opposedToRegulation
        case blocked(Party)
        case masked(MaskTarget)
        case minorSecret(document: String)
        case administrator(ProfessionalIdentifier)
        case mandate(RelatedPersonIdentifier, categories: Set<String>)
        case consent(OutsideConsent, recordedBy: String?)
        case occupational(ProfessionalIdentifier, informed: Bool)
        case directive(CompiledDirective)
    }

    package var fact: Fact
    package var period: Period
    /// When the patient said it, and took it back: what one of several merged records says since may overrule another.
    /// nil for a membership, and where nothing is merged.
    var saying: Saying?

    package init(_ fact: Fact, during period: Period) {
        self.fact = fact
        self.period = period
    }
}

/// A patient's records compiled once into dated facts: what a decision reads, whatever the form they came in.
///
/// Compiling looks at no clock. The facts keep their periods and are filtered by the instant of the question, so a
/// compiled value stays right for as long as the records do not change.
package struct ConsentFacts: Hashable, Sendable {
    package let facts: [DatedFact]
    /// The facts of each record merged into this one by the identity server, kept apart: where two records of one
    /// person disagree, the stricter wins.
    package let merged: [[DatedFact]]

    /// - Parameters:
    ///   - choices: any versions; the last of each choice counts, the others are history, which tells of merged records
    ///     what was taken back and what only expired.
    ///   - teamCapable: the structures that form a team by exercising in them (CSP L.1110-12 1°). Any other
    ///     structure listed on that basis is not a member.
    ///   - merged: what the records merged into this one hold.
    package init(
        memberships: [Membership], choices: [PatientChoice], teamCapable: Set<StructureIdentifier> = [],
        merged: [MergedRecord] = []
    ) {
        facts = ConsentFacts.compile(memberships, choices, teamCapable, isMerged: !merged.isEmpty)
        self.merged = merged.map {
            ConsentFacts.compile($0.memberships, $0.choices, teamCapable, isMerged: true)
        }
    }

    /// What holds at that instant.
    package func holding(at instant: Instant) -> ConsentMoment {
        guard merged.isEmpty else {
            return .strictest(of: ([facts] + merged).map { RecordMoment(of: $0, at: instant) })
        }
        var holding: [DatedFact.Fact] = []
        var ended: [DatedFact.Fact] = []
        // Most of what is recorded of a patient holds.
        holding.reserveCapacity(facts.count)
        for dated in facts {
            if dated.period.contains(instant) {
                holding.append(dated.fact)
            } else if dated.period.ended(by: instant) {
                ended.append(dated.fact)
            }
        }
        return ConsentMoment(holding: holding, ended: ended)
    }

    static func compile(
        _ memberships: [Membership], _ choices: [PatientChoice], _ teamCapable: Set<StructureIdentifier>,
        isMerged: Bool
    ) -> [DatedFact] {
        var facts: [DatedFact] = []
        facts.reserveCapacity(memberships.count + choices.count)
        var teams: Set<String> = []
        for case .directive(let directive) in choices.lazy.map(\.kind) { teams.formUnion(directive.root.teams) }
        for membership in memberships {
            // One that was written in error never was.
            guard membership.counts(teamCapable.contains), !membership.period.isEmpty else { continue }
            if case .professional(let id) = membership.member, membership.role == Membership.treatingPhysician {
                facts.append(DatedFact(.treatingPhysician(id), during: membership.period))
            }
            facts.append(DatedFact(.member(membership.member), during: membership.period))
            if !teams.isEmpty, teams.contains(membership.team) {
                facts.append(DatedFact(.listed(membership.member, team: membership.team), during: membership.period))
            }
        }
        let sayings = isMerged ? Saying.each(of: choices) : [:]
        let last = choices.lastVersions
        // In the order they were given, so that the same records always compile to the same value.
        for choice in choices where last[choice.id] == choice {
            // One that never held did not end either.
            guard !choice.period.isEmpty else { continue }
            var dated = DatedFact(fact(of: choice), during: choice.period)
            dated.saying = sayings[choice.id]
            facts.append(dated)
        }
        return facts
    }

    static func fact(of choice: PatientChoice) -> DatedFact.Fact {
        switch choice.kind {
        case .teamInformation(let recipients): .informed(recipients: recipients)
        case .teamConsent(let recipients): .agreed(recipients: recipients)
        case .oppositionToSharing: .opposed
        case .oppositionInEmergency: .opposedInEmergency
        case .oppositionToRegulation: .opposedToRegulation
        case .block(let party): .blocked(party)
        case .mask(let target): .masked(target)
        case .minorSecret(let document): .minorSecret(document: document)
        case .administrator(let professional): .administrator(professional)
        case .carerMandate(let person, let categories): .mandate(person, categories: categories)
        case .consentOutsideTeam(let consent):
            // Nil for the patient, whichever of their identifiers was written.
            .consent(
                consent, recordedBy: choice.recordedBy == choice.patient.value ? nil : choice.recordedBy)
        case .occupationalConsent(let professional, let informed): .occupational(professional, informed: informed)
        case .directive(let directive): .directive(CompiledDirective(directive))
        }
    }
}

/// A record that the identity server merged into another: the same person, under another identifier.
package struct MergedRecord: Hashable, Sendable {
    package var patient: PatientIdentifier
    package var traits: Patient?
    package var memberships: [Membership]
    package var choices: [PatientChoice]

    package init(
        patient: PatientIdentifier, traits: Patient? = nil, memberships: [Membership] = [],
        choices: [PatientChoice] = []
    ) {
        self.patient = patient
        self.traits = traits
        self.memberships = memberships
        self.choices = choices
    }
}
