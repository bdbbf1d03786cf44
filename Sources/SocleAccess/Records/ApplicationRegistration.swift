// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// What one application (an OAuth client) may ask, and about whom (rule R-APP-1).
package struct ApplicationRegistration: Hashable, Sendable {
    package var clientID: String
    /// The e-Parcours service it belongs to, whose parameters apply.
    package var service: String
    package var purposes: Set<String>
    package var actions: Set<String>
    /// Resource types it may ask about.
    package var resourceTypes: Set<String>
    /// Resource types it holds: only for these does what it says of a resource count.
    package var heldTypes: Set<String>
    /// Kinds of subjects it may assert with its own token.
    package var assertedSubjects: Set<SubjectKind>
    /// Whether it may name professionals by `rpps:` identifiers.
    package var namesByRPPS: Bool
    /// Whether its word that a request is pseudonymised counts (purpose STAT).
    package var pseudonymises: Bool
    /// The structure a system client acts for.
    package var structure: StructureIdentifier?
    /// Whether it may read how an answer was reached: a trace tells a patient's choices.
    package var traces: Bool

    package init(
        clientID: String, service: String, purposes: Set<String>, actions: Set<String>, resourceTypes: Set<String>,
        heldTypes: Set<String> = [], assertedSubjects: Set<SubjectKind> = [], namesByRPPS: Bool = false,
        pseudonymises: Bool = false, structure: StructureIdentifier? = nil, traces: Bool = false
    ) {
        self.clientID = clientID
        self.service = service
        self.purposes = purposes
        self.actions = actions
        self.resourceTypes = resourceTypes
        self.heldTypes = heldTypes
        self.assertedSubjects = assertedSubjects
        self.namesByRPPS = namesByRPPS
        self.pseudonymises = pseudonymises
        self.structure = structure
        self.traces = traces
    }
}

/// The kinds of subjects of the wire form.
package enum SubjectKind: String, Sendable, CaseIterable {
    case professional
    case patient
    case relatedPerson = "related_person"
    case system
    case admin
}
