// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

extension FactFinder {
    func findPatient(_ facts: inout Facts) {
        guard patient != nil else { return }
        facts.patient = isAlive ? .alive : .deceased
        facts.capacity =
            switch capacity {
            case .able: .able
            case .unableToExpress: .unableToExpress
            case .minor: .minor
            }
        facts.ins = isQualified ? .qualified : .notQualified
        facts.opposition = moment.opposed
        facts.emergencyOpposition = moment.opposedInEmergency
        facts.regulationOpposition = moment.opposedToRegulation
    }

    /// Whether a mask rests on the word of who does not hold the document. What restricts counts from whoever says it;
    /// what opens counts from the holder alone, and a mask opens to whom the patient lets manage masked documents.
    func isMaskedByWordAlone(_ facts: Facts) -> Bool {
        let resource = question.resource
        return facts.mask == .masked && !held
            && !moment.masked(document: resource.id, type: nil, category: resource.type)
    }

    func findResource(_ facts: inout Facts) {
        let resource = question.resource
        let codes = resource.confidentiality
        // A list is filtered, its documents one by one.
        guard resource.type != AccessQuestion.documentList else { return }
        let masked =
            codes.contains(Confidentiality.maskedToProfessionals)
            || moment.masked(document: resource.id, type: resource.typeCode, category: resource.type)
        facts.mask = masked ? .masked : .none
        facts.minorSecret =
            codes.contains(Confidentiality.hiddenFromRepresentatives) || moment.minorSecret(document: resource.id)
        facts.hiddenFromPatient = codes.contains(Confidentiality.hiddenFromPatient)
    }
}
