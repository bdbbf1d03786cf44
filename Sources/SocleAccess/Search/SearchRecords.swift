// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleConsent
package import SocleIdentity

/// The indexes a search of the region walks: who is linked to whom, by whatever can open an access.
///
/// Each list is in the order of its identifiers, after the one given, at most `limit` long, and holds at least every
/// one that a decision can permit: each is then confirmed by an exact decision. Read where changes are written, so
/// that a change acknowledged before the question came is seen.
package protocol SearchRecords: Sendable {
    /// The patients that a membership not ended by then, or a grant of whatever date, links to one of these parties;
    /// with `orAnybody`, also those who once permitted access without saying to whom. Of merged records, the one that
    /// answers for them all.
    func patients(
        linkedTo parties: Set<Party>, orAnybody: Bool, notEndedBy instant: Instant, after: PatientIdentifier?,
        limit: Int
    ) async throws(RecordsUnavailable) -> [PatientIdentifier]

    /// Every place where somebody exercises.
    func structures(after: StructureIdentifier?, limit: Int) async throws(RecordsUnavailable) -> [StructureIdentifier]

    /// Those who exercise in a structure.
    func professionals(
        exercisingIn structure: StructureIdentifier, after: ProfessionalIdentifier?, limit: Int
    ) async throws(RecordsUnavailable) -> [ProfessionalIdentifier]

    /// The accounts linked as one of these professionals, each with its `sub`.
    func accounts(
        of professionals: [ProfessionalIdentifier]
    ) async throws(RecordsUnavailable) -> [ProfessionalIdentifier: [String]]

    /// The `sub` of each account linked as that patient.
    func accounts(
        ofPatient patient: PatientIdentifier, after: String?, limit: Int
    ) async throws(RecordsUnavailable) -> [String]

    /// The `sub` of each account of someone close to that patient: a relation of theirs names the patient, or they are
    /// one of these persons.
    func accounts(
        closeTo patient: PatientIdentifier, or persons: Set<RelatedPersonIdentifier>, after: String?, limit: Int
    ) async throws(RecordsUnavailable) -> [String]
}
