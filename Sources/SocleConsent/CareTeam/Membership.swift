// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// One stay of one member in a patient's care team (*cercle de soins*). Leaving and coming back makes two.
package struct Membership: Hashable, Sendable {
    /// What makes the member part of the team (CSP L.1110-12).
    package enum LegalBasis: String, Sendable, CaseIterable {
        /// 1°: exercising in the same establishment or service; for a structure, only if it is team-capable.
        case establishment = "L1110-12-1"
        /// 2°: recognised as a member by the patient.
        case recognised = "L1110-12-2"
        /// 3°: an organised set meeting the requirements set by order.
        case organised = "L1110-12-3"
        /// Not a professional: someone close, who gets no right of access from being listed. A professional or a
        /// structure listed so is no member.
        case circle = "cercle"
    }

    /// How the patient was told of a member (CSP D.1110-3-2). Whoever was not told is sent a notice, so that no other word
    /// stands for having been.
    package enum Information: String, Sendable, CaseIterable {
        case oral
        case paper = "papier"
        case dematerialised = "dematerialise"
    }

    /// The role of the *médecin traitant*, in the code system of team roles.
    package static let treatingPhysician = "PCP"

    /// Unique for the patient.
    package var id: String
    package var patient: PatientIdentifier
    package var member: Party
    package var period: Period
    /// A code of the team roles, for instance `PCP` (*médecin traitant*).
    package var role: String?
    package var legalBasis: LegalBasis
    /// Who added the member: a professional identifier, an account's `sub`, `operator`.
    package var addedBy: String?
    /// How the patient was told of this member; nil when nothing says so.
    package var information: Information?

    package init(
        id: String, patient: PatientIdentifier, member: Party, period: Period, role: String? = nil,
        legalBasis: LegalBasis, addedBy: String? = nil, information: Information? = nil
    ) {
        self.id = id
        self.patient = patient
        self.member = member
        self.period = period
        self.role = role
        self.legalBasis = legalBasis
        self.addedBy = addedBy
        self.information = information
    }

    /// The care team that lists it: the `CareTeam` that wrote it (`team/2.1`), else the one that holds whatever came by
    /// other means, under the patient's own name.
    package var team: String {
        id.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(id[..<$0]) } ?? patient.value
    }

    /// Whether it makes its member one of the team (CSP L.1110-12).
    package func counts<Failure>(
        _ formsTeam: (StructureIdentifier) throws(Failure) -> Bool
    ) throws(Failure) -> Bool {
        try legalBasis.counts(for: member, formsTeam)
    }
}

extension Membership.LegalBasis {
    /// Whether it makes that member one of the team: a structure listed for exercising in it only where that forms a
    /// team, and nobody who exercises by being close.
    package func counts<Failure>(
        for member: Party, _ formsTeam: (StructureIdentifier) throws(Failure) -> Bool
    ) throws(Failure) -> Bool {
        switch (self, member) {
        case (.establishment, .structure(let id)): try formsTeam(id)
        case (.circle, .professional), (.circle, .structure): false
        default: true
        }
    }
}

/// Whom a membership or a choice names.
package enum Party: Hashable, Sendable {
    case professional(ProfessionalIdentifier)
    case structure(StructureIdentifier)
    case relatedPerson(RelatedPersonIdentifier)

    package enum Kind: String, Sendable, CaseIterable {
        case professional, structure
        case relatedPerson = "related_person"
    }

    package var kind: Kind {
        switch self {
        case .professional: .professional
        case .structure: .structure
        case .relatedPerson: .relatedPerson
        }
    }
}

/// The regional identifier of someone close to a patient: a carer, a parent, a trusted person.
package struct RelatedPersonIdentifier: Hashable, Sendable {
    package let value: String

    /// Shape: as the other identifiers, 1 to 64 ASCII letters, digits, `-`, `.`, `_` or `/`.
    package init?(_ text: String) {
        guard let token = PatientIdentifier(text) else { return nil }
        value = token.value
    }
}
