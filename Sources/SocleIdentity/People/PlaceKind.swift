// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a place of exercise is, in the words by which a patient informs some recipients only and rules know the SAMU.
package enum PlaceKind: String, Sendable, CaseIterable {
    case practice = "cabinet"
    case publicHospital = "hopital_public"
    case nonProfitHospital = "espic"
    case privateHospital = "etab_prive"
    case samu
    case rehabilitation = "ssr"
    case hospitalAtHome = "had"
    case longStay = "usld"
    case hospitalGroup = "ght"
    case nursingHome = "ehpad"
    case assistedLiving = "res_autonomie"
    case nursingAtHome = "ssiad"
    case supportAtHome = "sad"
    case specialisedHome = "mas"
    case medicalisedHome = "fam"
    case socialCare = "esms"
    case managingBody = "og"
    case healthHouse = "msp"
    case healthCentre = "cds"
    case territorialCommunity = "cpts"
    case coordination = "dac"
    case regionalScheme = "dsr"
    case gerontologyCentre = "clic"
    case autonomyCentre = "pat"
    case caseManagement = "maia"
    case network = "reseau"
    case territorialSupport = "pta"
    case pharmacy = "officine"
    case laboratory = "laboratoire"
    case occupationalHealth = "spst"
    case remoteConsultation = "teleconsult"
    case other = "autre"

    /// - Parameter type: a code of the structure types table; `other` of a type that is not in it.
    package init(type: String) {
        self =
            switch type {
            case "CABINET_GRP": .practice
            case "AP-HP", "ETAB_MCO": .publicHospital
            case "SSIAD_PA", "SSIAD_PH": .nursingAtHome
            case "LABM": .laboratory
            default: PlaceKind(rawValue: type.lowercased()) ?? .other
            }
    }

    /// - Parameter word: a kind, or a structure's type in small letters, which was a kind before there was a list.
    package init?(word: String) {
        if let kind = PlaceKind(rawValue: word) {
            self = kind
        } else if word == word.lowercased(), PlaceKind(type: word.uppercased()) != .other {
            self = PlaceKind(type: word.uppercased())
        } else {
            return nil
        }
    }
}
