// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What the law makes of a type of structure: whether those who exercise there and care for one patient are a care team
/// by that alone (CSP L.1110-12 1°).
package enum TeamForming: Sendable, CaseIterable {
    /// They are, unless it is said of one that they are not.
    case byLaw
    /// They are where it is said: the decree asks for an object, the coordinated care of persons, that no type tells.
    case byItsObject
    /// They are not, whatever is said.
    case never

    /// - Parameter type: a code of the structure types table; `byItsObject` of a type that is not in it.
    package init(type: String) {
        self =
            switch type {
            // An établissement de santé; a SAMU is a service of one.
            case "AP-HP", "ETAB_MCO", "ESPIC", "ETAB_PRIVE", "SSR", "HAD", "USLD", "SAMU": .byLaw
            // An établissement or service social ou médico-social (CASF L.312-1 I).
            case "ESMS", "EHPAD", "RES_AUTONOMIE", "MAS", "FAM", "SSIAD_PA", "SSIAD_PH", "SAD", "CLIC": .byLaw
            // Maisons and centres de santé (CSP D.1110-3-4).
            case "MSP", "CDS": .byLaw
            // One independent professional, the pharmacy, the laboratory, a company that consults at a distance.
            case "CABINET", "OFFICINE", "LABM", "TELECONSULT": .never
            // Who manages establishments exercises in none; occupational health is no care (CSP L.1110-4, R-PURP-1).
            case "OG", "SPST": .never
            // GHT, group practices, networks and what coordinates (CSP D.1110-3-4).
            default: .byItsObject
            }
    }

    /// - Parameter said: what is said of the structure itself, nil when nothing is.
    package func holds(said: Bool?) -> Bool {
        switch self {
        case .byLaw: said ?? true
        case .byItsObject: said ?? false
        case .never: false
        }
    }
}
