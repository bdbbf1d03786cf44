// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// One emergency, as one professional declared it: opened by the first access, cited by those that follow, told once
/// to the patient and to their *médecin traitant*, and reviewed once (CSP L.1111-17 I, R.1111-48).
package struct EmergencyEpisode: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Break-glass.
        case breakGlass = "BTG"
        /// Regulation by the SAMU.
        case regulation = "REG15"
    }

    /// Whose emergency it is: at most one episode of an address is open at a time.
    package struct Address: Hashable, Sendable {
        package var kind: Kind
        package var patient: PatientIdentifier
        package var professional: ProfessionalIdentifier
        /// The e-Parcours service that asked.
        package var service: String

        package init(
            kind: Kind, patient: PatientIdentifier, professional: ProfessionalIdentifier, service: String
        ) {
            self.kind = kind
            self.patient = patient
            self.professional = professional
            self.service = service
        }

        /// The name of its revision.
        package var key: String { "\(kind.rawValue)|\(patient.value)|\(professional.value)|\(service)" }
    }

    /// Unique, and says nothing.
    package var id: String
    package var address: Address
    package var opened: Instant
    /// The first instant at which a question opens another.
    package var until: Instant
    package var justification: String?
    /// What the professional declared, kept as their word.
    package var declaredCapacity: String?
    package var immediateRisk: Bool
    /// The number of the call, for a regulation.
    package var callID: String?

    package init(
        id: String, address: Address, opened: Instant, until: Instant, justification: String? = nil,
        declaredCapacity: String? = nil, immediateRisk: Bool = false, callID: String? = nil
    ) {
        self.id = id
        self.address = address
        self.opened = opened
        self.until = until
        self.justification = justification
        self.declaredCapacity = declaredCapacity
        self.immediateRisk = immediateRisk
        self.callID = callID
    }

    /// Whether a question at that instant belongs to it. One that another node's clock opened a moment later does.
    package func covers(_ instant: Instant) -> Bool { instant < until }
}
