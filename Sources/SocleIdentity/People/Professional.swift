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

}

/// What somebody exercises in a place at an instant is what all of their activities there say.
extension Professional {
    package func exercises(at instant: Instant) -> Bool { activities.contains { $0.holds(at: instant) } }

    package func exercises(in structure: StructureIdentifier, at instant: Instant) -> Bool {
        activities.contains { $0.structure == structure && $0.holds(at: instant) }
    }

    /// Whether what they exercise there is of that kind.
    package func exercises(in structure: StructureIdentifier, as kind: PlaceKind, at instant: Instant) -> Bool {
        activities.contains { $0.structure == structure && $0.kind == kind.rawValue && $0.holds(at: instant) }
    }

    package func activities(in structure: StructureIdentifier, at instant: Instant) -> [Activity] {
        activities.filter { $0.structure == structure && $0.holds(at: instant) }
    }

    /// The profession they exercise there: their first one, unless an activity says another.
    package func profession(in structure: StructureIdentifier, at instant: Instant) -> CodedConcept {
        for activity in activities where activity.structure == structure && activity.holds(at: instant) {
            if let profession = activity.profession { return profession }
        }
        return profession
    }

    /// Where they exercise, each place once, in the order it was recorded.
    package func places(at instant: Instant) -> [StructureIdentifier] {
        var places: [StructureIdentifier] = []
        for activity in activities where activity.holds(at: instant) && !places.contains(activity.structure) {
            places.append(activity.structure)
        }
        return places
    }
}

/// What a professional exercises in one place, as one role says it. An exercise situation is a place, chosen.
package struct Activity: Hashable, Sendable {
    package var structure: StructureIdentifier
    /// A `PlaceKind`, or a word that was recorded before there was a list of them.
    package var kind: String
    /// TRE_R02 sector of activity, for instance `SA07`.
    package var sector: String
    /// TRE_R23 mode of exercise: `L` (independent), `S` (employed), `B` (volunteer).
    package var mode: String
    /// Where the person exercises another profession here than their first one.
    package var profession: CodedConcept?
    /// The `PractitionerRole` that says it; nil when it came by other means.
    package var role: String?
    /// From when and until when, the end excluded; nil for a side that is open.
    package var start: Instant?
    package var end: Instant?

    package init(
        structure: StructureIdentifier, kind: String, sector: String, mode: String, profession: CodedConcept? = nil,
        role: String? = nil, start: Instant? = nil, end: Instant? = nil
    ) {
        self.structure = structure
        self.kind = kind
        self.sector = sector
        self.mode = mode
        self.profession = profession
        self.role = role
        self.start = start
        self.end = end
    }

    package func holds(at instant: Instant) -> Bool {
        (start.map { $0 <= instant } ?? true) && !ended(by: instant)
    }

    package func ended(by instant: Instant) -> Bool { end.map { $0 <= instant } ?? false }

    /// Whether it says another profession in the same place at some same instant.
    package func contradicts(_ other: Activity) -> Bool {
        guard structure == other.structure, let profession, let another = other.profession else { return false }
        func begins(_ a: Activity, before b: Activity) -> Bool {
            guard let start = a.start, let end = b.end else { return true }
            return start < end
        }
        return profession != another && begins(self, before: other) && begins(other, before: self)
    }
}
