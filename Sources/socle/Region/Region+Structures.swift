// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

extension Region {
    /// What a type of structure means for those who exercise there.
    struct Place {
        /// A code of the structure types table.
        var type: String
        /// TRE_R02.
        var sector: String
        /// TRE_R23: `S` employed, `L` independent.
        var mode: String

        static let all: [Place] = [
            Place(type: "GHT", sector: "SA51", mode: "S"),
            Place(type: "ETAB_MCO", sector: "SA01", mode: "S"),
            Place(type: "SAMU", sector: "SA01", mode: "S"),
            Place(type: "EHPAD", sector: "SA17", mode: "S"),
            Place(type: "SSIAD_PA", sector: "SA41", mode: "S"),
            Place(type: "HAD", sector: "SA12", mode: "S"),
            Place(type: "MSP", sector: "SA52", mode: "L"),
            Place(type: "CDS", sector: "SA05", mode: "S"),
            Place(type: "CPTS", sector: "SA63", mode: "L"),
            Place(type: "DAC", sector: "SA57", mode: "S"),
            Place(type: "OFFICINE", sector: "SA33", mode: "L"),
            Place(type: "CABINET", sector: "SA07", mode: "L"),
            Place(type: "CABINET_GRP", sector: "SA08", mode: "L"),
            Place(type: "LABM", sector: "SA25", mode: "S"),
        ]

        /// `Activity.kind`.
        var kind: String { PlaceKind(type: type).rawValue }

        static func of(_ type: String) -> Place? { all.first { $0.type == type } }
    }

    /// Forty structures of fourteen types, in communes that are on no map.
    mutating func addStructures() throws(CommandFailure) {
        let named: [(id: String, type: String, name: String, parent: String?)] = [
            ("STR-GHT-VDM", "GHT", "GHT Val-de-Mésange", nil),
            ("STR-CH-VDM", "ETAB_MCO", "Centre hospitalier de Val-de-Mésange", "STR-GHT-VDM"),
            ("STR-CH-ORME", "ETAB_MCO", "Centre hospitalier de l'Orme", "STR-GHT-VDM"),
            ("STR-CH-RUCHE", "ETAB_MCO", "Hôpital de la Ruche", "STR-GHT-VDM"),
            ("STR-SAMU", "SAMU", "SAMU de Val-de-Mésange", "STR-CH-VDM"),
            ("STR-EHPAD-LILAS", "EHPAD", "EHPAD Les Lilas", nil),
            ("STR-EHPAD-ROSES", "EHPAD", "EHPAD Les Roses", nil),
            ("STR-EHPAD-TILLEULS", "EHPAD", "EHPAD Les Tilleuls", nil),
            ("STR-EHPAD-GENETS", "EHPAD", "EHPAD Les Genêts", nil),
            ("STR-EHPAD-BRUYERE", "EHPAD", "EHPAD La Bruyère", nil),
            ("STR-EHPAD-SAULE", "EHPAD", "EHPAD Le Saule", "STR-CH-ORME"),
            ("STR-SSIAD-NORD", "SSIAD_PA", "SSIAD Mésange Nord", nil),
            ("STR-SSIAD-SUD", "SSIAD_PA", "SSIAD Mésange Sud", nil),
            ("STR-SSIAD-ORME", "SSIAD_PA", "SSIAD de l'Orme", nil),
            ("STR-HAD-VDM", "HAD", "HAD de Val-de-Mésange", "STR-CH-VDM"),
            ("STR-HAD-EST", "HAD", "HAD de l'Est", nil),
            ("STR-MSP-MOULIN", "MSP", "Maison de santé du Moulin", nil),
            ("STR-MSP-GARE", "MSP", "Maison de santé de la Gare", nil),
            ("STR-MSP-LAVOIR", "MSP", "Maison de santé du Lavoir", nil),
            ("STR-MSP-PARC", "MSP", "Maison de santé du Parc", nil),
            ("STR-CDS-PONT", "CDS", "Centre de santé du Pont", nil),
            ("STR-CDS-HALLES", "CDS", "Centre de santé des Halles", nil),
            ("STR-CPTS-MESANGE", "CPTS", "CPTS du Val-de-Mésange", nil),
            ("STR-CPTS-ORME", "CPTS", "CPTS de l'Orme", nil),
            ("STR-DAC-NORD", "DAC", "DAC Mésange Nord", nil),
            ("STR-DAC-SUD", "DAC", "DAC Mésange Sud", nil),
            ("STR-PHA-MARCHE", "OFFICINE", "Pharmacie du Marché", nil),
            ("STR-PHA-GARE", "OFFICINE", "Pharmacie de la Gare", nil),
            ("STR-PHA-EGLISE", "OFFICINE", "Pharmacie de l'Église", nil),
            ("STR-PHA-CANAL", "OFFICINE", "Pharmacie du Canal", nil),
            ("STR-PHA-ORME", "OFFICINE", "Pharmacie de l'Orme", nil),
            ("STR-CAB-MOREL", "CABINET", "Cabinet du Dr Morel", nil),
            ("STR-CAB-ROCHE", "CABINET", "Cabinet de Lina Roche", nil),
            ("STR-CAB-HERON", "CABINET", "Cabinet Héron", nil),
            ("STR-CAB-LORIOT", "CABINET", "Cabinet Loriot", nil),
            ("STR-CAB-IDEL", "CABINET_GRP", "Cabinet infirmier des Platanes", nil),
            ("STR-CAB-KINE", "CABINET_GRP", "Cabinet de kinésithérapie du Stade", nil),
            ("STR-CAB-DENT", "CABINET_GRP", "Cabinet dentaire du Centre", nil),
            ("STR-CAB-SAGE", "CABINET_GRP", "Cabinet de sages-femmes de la Place", nil),
            ("STR-LABM", "LABM", "Laboratoire de Val-de-Mésange", nil),
        ]
        for (index, entry) in named.enumerated() {
            guard let place = Place.of(entry.type) else { throw CommandFailure("no place of type \(entry.type)") }
            // Department 99 is no department of France: these numbers are nobody's.
            let finess = place.kind == "cabinet" ? nil : FINESS(completing: "99" + Self.digits(700_001 + index, 6))
            let parent: StructureIdentifier?
            if let id = entry.parent { parent = try Self.structure(id) } else { parent = nil }
            structures.append(
                Structure(
                    id: try Self.structure(entry.id), name: entry.name, type: entry.type, finess: finess,
                    parent: parent))
        }
    }

    /// The activity of someone who exercises in a structure of the region.
    func activity(in id: StructureIdentifier) throws(CommandFailure) -> Activity {
        guard let structure = structures.first(where: { $0.id == id }), let place = Place.of(structure.type) else {
            throw CommandFailure("the region has no structure \(id.value)")
        }
        return Activity(structure: id, kind: place.kind, sector: place.sector, mode: place.mode)
    }
}
