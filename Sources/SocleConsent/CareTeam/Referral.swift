// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// One professional sent the patient to another, or to a structure (*adressage*).
///
/// It opens no access. It explains one that was made before the team was told: an emergency access by whom the
/// patient was sent to needs no inquiry. Who sent them explains none of their own.
package struct Referral: Hashable, Sendable {
    /// Unique for the patient.
    package var id: String
    package var patient: PatientIdentifier
    package var from: ProfessionalIdentifier
    package var to: Party
    package var period: Period
    package var recordedAt: Instant

    package init(
        id: String, patient: PatientIdentifier, from: ProfessionalIdentifier, to: Party, period: Period,
        recordedAt: Instant
    ) {
        self.id = id
        self.patient = patient
        self.from = from
        self.to = to
        self.period = period
        self.recordedAt = recordedAt
    }
}
