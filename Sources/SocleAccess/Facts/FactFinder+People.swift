// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

extension FactFinder {
    func findProfessional(_ facts: inout Facts, _ parameters: PolicyParameters) {
        guard let professional = asker.professional, personKind == .professional else { return }
        facts.role = professional.profession
        facts.standing =
            switch professional.registryStatus {
            case .struckOff: .struckOff
            case .active: professional.exercises(at: instant) ? .active : .noActivity
            }
        var place: StructureIdentifier?
        if let situation {
            let chosen = StructureIdentifier(situation)
            if let chosen, professional.exercises(in: chosen, at: instant) {
                facts.situation = .chosen
                facts.role = professional.profession(in: chosen, at: instant)
                facts.place = professional.exercises(in: chosen, as: .samu, at: instant) ? .samu : .other
                place = chosen
            } else {
                facts.situation = .invalid
            }
        }
        if held {
            if question.resource.author.flatMap(AuthorName.professional) == professional.id {
                facts.authorship = .own
            } else if let place, question.resource.authorStructure.flatMap(AuthorName.structure) == place {
                facts.authorship = .structure
            }
        }
        guard let patient else { return }
        facts.relation =
            switch moment.relation(
                of: professional.id, in: place, exercising: { professional.exercises(in: $0, at: instant) })
            {
            case .own: .own
            // A service may want each professional declared: then a structure brings in none of its staff.
            case .structure: parameters.structureMembers == .all ? .structure : .none
            case .otherStructure: .otherStructure
            case .past: .past
            case .none: .none
            }
        facts.information = information(for: recipients(professional, place), in: parameters.circle)
        facts.blocked = moment.blocked(professional.id, in: place)
        facts.administrator = moment.administers(professional.id) && !isMaskedByWordAlone(facts)
        facts.occupationalConsent = moment.occupationalConsent(for: professional.id)
        facts.consent =
            switch moment.outsideConsent(
                for: professional.id, in: place, patient: patient.id, type: facts.documentType,
                category: question.resource.type)
            {
            case .valid: .valid
            case .invalid: .invalid
            case .outOfScope: .outOfScope
            case .withdrawn: .withdrawn
            case .none: .none
            }
        findEmergency(&facts)
    }

    /// What an information of the patient may name of them: the place, and what they exercise there.
    private func recipients(_ professional: Professional, _ place: StructureIdentifier?) -> [String] {
        guard let place else { return [] }
        var names: [String] = []
        names.reserveCapacity(2)
        names.append(place.value)
        for activity in professional.activities where activity.structure == place && activity.holds(at: instant) {
            names.append(activity.kind)
        }
        return names
    }

    private func information(for recipient: [String], in circle: PolicyParameters.Circle) -> Facts.Information {
        switch circle {
        case .information: moment.informed(of: recipient) ? .given : .absent
        // Nobody agrees to what they were not told: a recorded agreement stands for the information too.
        case .consent: moment.agreed(to: recipient) ? .given : .notAgreed
        }
    }

    /// Incapacity and risk are declared by the professional, and journalled as declared; without a declaration the
    /// record of the patient's capacity stands.
    private func findEmergency(_ facts: inout Facts) {
        let capacity = question.context.patientCapacity ?? capacity.rawValue
        let unable = capacity == Patient.Capacity.unableToExpress.rawValue
        facts.emergency = unable && question.context.immediateRisk ? .met : .notMet
        facts.justification = question.context.justification.map(FactFinder.isReadable) == true ? .given : .absent
    }

    /// A letter or a digit that shows, and no control character but those that lay out a text.
    private static func isReadable(_ words: String) -> Bool {
        var isReadable = false
        for scalar in words.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control: guard ["\t", "\n", "\r"].contains(scalar) else { return false }
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
                isReadable = isReadable || !scalar.properties.isDefaultIgnorableCodePoint
            default: break
            }
        }
        return isReadable
    }

    func findSelf(_ facts: inout Facts) {
        guard case .patient(let id, let match) = asker.link?.person else { return }
        facts.identityMatch = FactFinder.match(match)
        facts.isSelf = patient != nil && identifiers.contains(id)
    }

    func findRelated(_ facts: inout Facts) {
        guard case .relatedPerson(let id, let match, let relations) = asker.link?.person else { return }
        facts.identityMatch = FactFinder.match(match)
        guard patient != nil else { return }
        facts.representative = relations.contains { identifiers.contains($0.patient) && $0.legalRepresentative }
        facts.mandate =
            switch moment.mandate(of: id, for: question.resource.type) {
            case .covers: .covers
            case .outOfScope: .outOfScope
            case .none: .none
            }
    }

    func findSystem(_ facts: inout Facts) {
        guard let structure = asker.registration?.structure else { return }
        if held, question.resource.authorStructure.flatMap(AuthorName.structure) == structure {
            facts.authorship = .structure
        }
        if moment.holding.contains(.member(.structure(structure))) { facts.relation = .structure }
    }

    func findAdministrator(_ facts: inout Facts) {
        guard case .administrator(let roles) = asker.link?.person else { return }
        facts.adminRoles = roles
        if held, let author = question.resource.author, author == ownSubject { facts.authorship = .own }
    }

    /// By which this client knows the person who asks.
    private var ownSubject: String? {
        if case .person(let session) = caller.voice { session.issuedSubject } else { asker.link?.subject }
    }

    private static func match(_ match: AccountLink.IdentityMatch) -> Facts.IdentityMatch {
        switch match {
        case .exact: .exact
        case .partial: .partial
        case .none: .none
        }
    }
}
