// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Something that changed of a patient's team or choices, told to the applications that subscribed.
///
/// It says what kind of thing changed and when, never for whom: an application asks again about those it serves.
package struct ChangeEvent: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case membership, choice, emergency, identity
    }

    /// Unique: the `jti` of its tokens.
    package var id: String
    package var kind: Kind
    package var patient: PatientIdentifier
    /// Orders the events of one patient.
    package var position: Int64
    /// `joined`, `left`, `chosen`, `ended` (a choice that holds no more), `opened`, `merged`, `split`.
    package var change: String
    /// The name of the choice, or of the purpose of an emergency.
    package var about: String?
    /// From when the change counts, where it says so.
    package var effective: Instant?
    /// When it ends by itself, where it says so: what it opened is closed then, and no other event tells of it.
    package var until: Instant?

    package init(
        id: String, kind: Kind, patient: PatientIdentifier, position: Int64, change: String,
        about: String? = nil, effective: Instant? = nil, until: Instant? = nil
    ) {
        self.id = id
        self.kind = kind
        self.patient = patient
        self.position = position
        self.change = change
        self.about = about
        self.effective = effective
        self.until = until
    }
}
