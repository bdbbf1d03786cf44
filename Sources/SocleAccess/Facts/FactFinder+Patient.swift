// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

extension FactFinder {
    func findPatient(_ facts: inout Facts) {
        guard let patient else { return }
        facts.patient = patient.alive ? .alive : .deceased
        facts.capacity =
            switch patient.capacity(at: instant) {
            case .able: .able
            case .unableToExpress: .unableToExpress
            case .minor: .minor
            }
        facts.ins = patient.insStatus == .qualified ? .qualified : .notQualified
        facts.opposition = moment.opposed
        facts.emergencyOpposition = moment.opposedInEmergency
        facts.regulationOpposition = moment.opposedToRegulation
    }

    /// What restricts counts from whoever says it; what opens counts from the holder alone.
    func findResource(_ facts: inout Facts) {
        let resource = question.resource
        let codes = resource.confidentiality
        // A list is filtered, its documents one by one.
        guard resource.type != "document_list" else { return }
        let masked =
            codes.contains(Confidentiality.maskedToProfessionals)
            || moment.masked(document: resource.id, type: resource.typeCode, category: resource.type)
        facts.mask = masked ? .masked : .none
        facts.minorSecret =
            codes.contains(Confidentiality.hiddenFromRepresentatives) || moment.minorSecret(document: resource.id)
        facts.hiddenFromPatient = codes.contains(Confidentiality.hiddenFromPatient)
    }
}
