// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// One access granted in an emergency. What links the person to the patient is found from all that is on record, and
/// found again whenever that changes; an access that nothing explains waits for a review.
package struct EmergencyAccess: Hashable, Sendable {
    /// Unique; the journal's item cites it.
    package var id: String
    package var episode: String
    package var patient: PatientIdentifier
    package var professional: ProfessionalIdentifier
    /// Where the professional was exercising.
    package var place: StructureIdentifier?
    /// Whether that place, where it is in the team, brought in whoever exercises there, in that service (R-TEAM-2).
    package var placeCounts: Bool
    package var instant: Instant

    package init(
        id: String, episode: String, patient: PatientIdentifier, professional: ProfessionalIdentifier,
        place: StructureIdentifier?, placeCounts: Bool = true, instant: Instant
    ) {
        self.id = id
        self.episode = episode
        self.patient = patient
        self.professional = professional
        self.place = place
        self.placeCounts = placeCounts
        self.instant = instant
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
    /// Was sent the patient by a professional: no decision looks at that, the review does.
    case referred
    /// Says there is an emergency: nothing else links them yet.
    case declared
    /// Nothing, or nothing any more.
    case none
}
