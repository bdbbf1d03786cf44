// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Which person of the records an account is, established once, when the account was linked.
///
/// Attributes of people come from here and from the records it points at, never from what a caller says.
package struct AccountLink: Hashable, Sendable {
    package enum Person: Hashable, Sendable {
        case professional(ProfessionalIdentifier)
        case patient(PatientIdentifier, match: IdentityMatch)
        case relatedPerson(RelatedPersonIdentifier, match: IdentityMatch, of: [Relation])
        case administrator(roles: Set<String>)
    }

    /// How the identity given at sign-in agrees with the INS traits of the record.
    package enum IdentityMatch: String, Sendable, CaseIterable {
        case exact
        case partial
        case none
    }

    /// What someone is to one patient.
    package struct Relation: Hashable, Sendable {
        package var patient: PatientIdentifier
        /// A code of JDV J11, for instance `MTH`.
        package var code: String
        /// Whether they hold parental authority or represent the patient by a decision of justice.
        package var legalRepresentative: Bool

        package init(patient: PatientIdentifier, code: String, legalRepresentative: Bool) {
            self.patient = patient
            self.code = code
            self.legalRepresentative = legalRepresentative
        }
    }

    /// The account's `sub`.
    package var subject: String
    package var person: Person

    package init(subject: String, person: Person) {
        self.subject = subject
        self.person = person
    }
}
