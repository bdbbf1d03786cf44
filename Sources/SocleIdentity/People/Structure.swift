// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// An establishment, practice, network or service.
package struct Structure: Hashable, Sendable {
    package var id: StructureIdentifier
    package var name: String
    /// A code of the structure types table, for instance `EHPAD`, `MSP`, `DAC`.
    package var type: String
    package var finess: FINESS?
    /// The group it belongs to: a GHT for a hospital, a managing body for a home.
    package var parent: StructureIdentifier?
    /// What is said of this one beyond its type.
    private let saidTeamCapable: Bool?

    /// Whether its professionals form one care team by exercising there (CSP L.1110-12 1°, D.1110-3-4). A membership on
    /// that basis counts only when this holds.
    package var teamCapable: Bool { TeamForming(type: type).holds(said: saidTeamCapable) }

    /// - Parameter teamCapable: what is said of this one: a type that never forms a team is not moved by it.
    package init(
        id: StructureIdentifier, name: String, type: String, finess: FINESS? = nil,
        parent: StructureIdentifier? = nil, teamCapable: Bool? = nil
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.finess = finess
        self.parent = parent
        saidTeamCapable = teamCapable
    }
}
