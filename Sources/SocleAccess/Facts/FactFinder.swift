// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
package import SocleIdentity

/// From records and a question to facts, at an instant. Pure: everything it looks at was read before.
package struct FactFinder {
    let question: AccessQuestion
    let caller: Caller
    private let gathered: (asker: GatheredAsker, patient: GatheredPatient?)
    let moment: ConsentMoment
    let instant: Instant
    /// Whether the asking application holds this type of resource: only then does what it says of it count.
    let held: Bool

    package init(
        question: AccessQuestion, caller: Caller, asker: GatheredAsker, patient: GatheredPatient?, at instant: Instant
    ) {
        self.question = question
        self.caller = caller
        gathered = (asker, patient)
        let instant = patient?.instant(instant) ?? instant
        moment = patient?.patient == nil ? .empty : patient?.consent.holding(at: instant) ?? .empty
        self.instant = instant
        held = asker.file.registration?.heldTypes.contains(question.resource.type) == true
    }

    var asker: AskerFile { gathered.asker.file }
    var personKind: SubjectKind? { gathered.asker.kind }
    var patient: Patient? { gathered.patient?.patient }
    var capacity: Patient.Capacity { gathered.patient?.capacity(at: instant) ?? .able }
    var isAlive: Bool { gathered.patient?.isAlive == true }
    var isQualified: Bool { gathered.patient?.isQualified == true }
    var identifiers: Set<PatientIdentifier> { gathered.patient?.identifiers ?? [] }

    /// - Parameter cell: what the matrix says of a role and a type, needed to filter the candidates of a list.
    package func sheet(
        parameters: PolicyParameters, cell: (CodedConcept?, String?) -> MatrixAccess
    ) -> FactSheet {
        // A type that is none of ours is nobody: a system without an entitlement, and R-APP-1 refuses it.
        var facts = Facts(subject: question.subject.kind ?? .system, category: question.resource.type)
        facts.documentType = held ? question.resource.typeCode : nil
        facts.action = Facts.Action(rawValue: question.action) ?? .other
        facts.purpose = question.context.purpose.flatMap(Facts.Purpose.init(rawValue:)) ?? .other
        facts.application = isEntitled ? .entitled : .notEntitled
        facts.pseudonymised = question.context.pseudonymised && asker.registration?.pseudonymises == true
        facts.level = level
        facts.blockStopsEmergency = parameters.blockStopsEmergency
        facts.emergencyRevealsMasked = parameters.emergencyRevealsMasked
        facts.membersChangeTeam = parameters.membersChangeTeam
        facts.approversSimulate = parameters.approversSimulate
        facts.systemDeposits = parameters.systemDeposits
        facts.teamReadsDeceased = parameters.teamReadsDeceased
        findPatient(&facts)
        findResource(&facts)
        switch question.subject.kind {
        case .professional: findProfessional(&facts, parameters)
        case .patient: findSelf(&facts)
        case .relatedPerson: findRelated(&facts)
        case .system: findSystem(&facts)
        case .admin: findAdministrator(&facts)
        case nil: break
        }
        let left = leftByDirectives(facts, parameters)
        let residual = findDirectives(&facts, left) + maskFilters(facts)
        return FactSheet(
            facts: facts, hidden: hidden(facts, left, cell), residual: residual, ignored: ignored(facts),
            isTraced: isTraced)
    }

    /// Within its registration alone: an application learns nothing of a question that it may not ask.
    private var isTraced: Bool { question.context.trace && asker.registration?.traces == true && isEntitled }

    private func ignored(_ facts: Facts) -> [String] {
        var names = question.subject.ignored.map { "subject.properties.\($0)" }
        let subject = question.subject
        if case .person = caller.voice {
            if subject.situation != nil { names.append("subject.properties.situation") }
            if subject.method != nil { names.append("subject.properties.method") }
            if subject.acr != nil { names.append("subject.properties.acr") }
        }
        let resource = question.resource
        if !held {
            if resource.typeCode != nil { names.append("resource.properties.type_code") }
            if resource.author != nil { names.append("resource.properties.author") }
            if resource.authorStructure != nil { names.append("resource.properties.author_structure") }
            // It closes, and opens nothing.
            if isMaskedByWordAlone(facts), resource.confidentiality.contains(Confidentiality.maskedToProfessionals) {
                names.append("resource.properties.confidentiality")
            }
        }
        if question.context.pseudonymised, asker.registration?.pseudonymises != true {
            names.append("context.pseudonymised")
        }
        if question.context.trace, !isTraced { names.append("context.trace") }
        return names
    }
}

/// Codes of JDV J08 that rules name.
enum Confidentiality {
    static let maskedToProfessionals = "MASQUE_PS"
    static let hiddenFromPatient = "INVISIBLE_PATIENT"
    static let hiddenFromRepresentatives = "INVISIBLE_REPRESENTANTS_LEGAUX"
}
