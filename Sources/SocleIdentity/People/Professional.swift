// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A professional as the national directory or a structure's administrator vouches for them.
package struct Professional: Hashable, Sendable {
    package enum RegistryStatus: String, Sendable, CaseIterable {
        case active
        case struckOff = "struck_off"
    }

    package var id: ProfessionalIdentifier
    package var name: String
    /// *Prénom* and *nom d'exercice* as the register spells them; nil where only `name` is known, which says no order.
    package var givenName: String?
    package var familyName: String?
    package var profession: CodedConcept
    /// *Savoir-faire*, for instance `SM54` (general medicine); nil for professions without one.
    package var speciality: String?
    package var registryStatus: RegistryStatus
    package var activities: [Activity]

    package init(
        id: ProfessionalIdentifier, name: String, givenName: String? = nil, familyName: String? = nil,
        profession: CodedConcept, speciality: String? = nil, registryStatus: RegistryStatus = .active,
        activities: [Activity] = []
    ) {
        self.id = id
        self.name = name
        self.givenName = givenName
        self.familyName = familyName
        self.profession = profession
        self.speciality = speciality
        self.registryStatus = registryStatus
        self.activities = activities
    }

    /// The activity in that structure, when there is one.
    package func activity(in structure: StructureIdentifier) -> Activity? {
        activities.first { $0.structure == structure }
    }
}

/// One place of exercise of a professional: an exercise situation is one of these, chosen.
package struct Activity: Hashable, Sendable {
    package var structure: StructureIdentifier
    /// The kind of place, lower case: `cabinet`, `hopital_public`, `ehpad`, `dac`, `samu`, ...
    package var kind: String
    /// TRE_R02 sector of activity, for instance `SA07`.
    package var sector: String
    /// TRE_R23 mode of exercise: `L` (independent), `S` (employed), `B` (volunteer).
    package var mode: String
    /// Where the person exercises another profession here than their first one.
    package var profession: CodedConcept?

    package init(
        structure: StructureIdentifier, kind: String, sector: String, mode: String, profession: CodedConcept? = nil
    ) {
        self.structure = structure
        self.kind = kind
        self.sector = sector
        self.mode = mode
        self.profession = profession
    }
}
