// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// One access granted in an emergency, with what links the person to the patient. The link may be proved afterwards,
/// by a referral or a membership that covers the instant; until then the access waits for a review.
package struct EmergencyAccess: Hashable, Sendable {
    /// Unique; the journal's item cites it.
    package var id: String
    package var episode: String
    package var patient: PatientIdentifier
    package var professional: ProfessionalIdentifier
    /// Where the professional was exercising.
    package var place: StructureIdentifier?
    package var instant: Instant
    package var level: RelationLevel

    package init(
        id: String, episode: String, patient: PatientIdentifier, professional: ProfessionalIdentifier,
        place: StructureIdentifier?, instant: Instant, level: RelationLevel
    ) {
        self.id = id
        self.episode = episode
        self.patient = patient
        self.professional = professional
        self.place = place
        self.instant = instant
        self.level = level
    }
}

/// What links the person to the patient, for after-the-fact control: kept with every decision on a professional.
package enum RelationLevel: String, Sendable, CaseIterable {
    /// In the care team, in person.
    case own
    /// In the care team, by the structure chosen.
    case structure
    /// Chosen by the patient: a consent outside the team, an administrator, occupational medicine.
    case consented
    /// Wrote the document.
    case author
    /// Was sent the patient by a professional: known only afterwards.
    case referred
    /// Says there is an emergency: nothing else links them yet.
    case declared
    /// Nothing, or nothing any more.
    case none

    /// Whether somebody must still look at it.
    package var isResolved: Bool { self != .declared }
}
