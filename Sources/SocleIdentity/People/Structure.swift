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
    /// Whether its professionals can form one care team by exercising there (CSP L.1110-12 1°, D.1110-3-4). A
    /// membership on that basis counts only when this holds.
    package var teamCapable: Bool

    package init(
        id: StructureIdentifier, name: String, type: String, finess: FINESS? = nil,
        parent: StructureIdentifier? = nil, teamCapable: Bool
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.finess = finess
        self.parent = parent
        self.teamCapable = teamCapable
    }
}
