// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// What a patient's records say at one instant: each question has one of few answers.
package struct ConsentMoment: Hashable, Sendable {
    package let holding: [DatedFact.Fact]
    package let ended: [DatedFact.Fact]
    /// What each record says by itself, when several were merged.
    let records: [RecordMoment]
    /// Those of several records that say the same, by what they say.
    let said: [DatedFact.Fact: [DatedFact]]

    package init(holding: [DatedFact.Fact], ended: [DatedFact.Fact]) {
        self.init(holding: holding, ended: ended, records: [])
    }

    init(holding: [DatedFact.Fact], ended: [DatedFact.Fact], records: [RecordMoment]) {
        self.holding = holding
        self.ended = ended
        self.records = records
        said = records.isEmpty ? [:] : Dictionary(grouping: records.flatMap(\.holding), by: \.fact)
    }

    package var isMerged: Bool { !records.isEmpty }

    /// A moment in a life of which nothing is recorded.
    package static let empty = ConsentMoment(holding: [], ended: [])
}

/// How a professional is linked to the patient's team, the closest link first.
package enum TeamRelation: String, Sendable, CaseIterable {
    case own
    case structure
    case otherStructure = "other_structure"
    case past
    case none
}

/// What becomes of consents outside the team for one question.
package enum OutsideConsentState: String, Sendable, CaseIterable {
    case valid
    /// Not informed, or recorded by someone who could not.
    case invalid
    case outOfScope = "out_of_scope"
    /// There were some, all of them ended.
    case withdrawn
    case none
}

/// Whether a carer may act on a category.
package enum MandateState: String, Sendable, CaseIterable {
    case covers
    case outOfScope = "out_of_scope"
    case none
}

extension ConsentMoment {
    package var opposed: Bool { holding.contains(.opposed) }
    package var opposedInEmergency: Bool { holding.contains(.opposedInEmergency) }
    package var opposedToRegulation: Bool { holding.contains(.opposedToRegulation) }

    /// A past membership counts of the person and of the structure chosen: having worked elsewhere says nothing.
    /// - Parameter exercises: whether they exercise in a structure, now.
    package func relation(
        of professional: ProfessionalIdentifier, in structure: StructureIdentifier?,
        exercising exercises: (StructureIdentifier) -> Bool
    ) -> TeamRelation {
        if holding.contains(.member(.professional(professional))) { return .own }
        if let structure, holding.contains(.member(.structure(structure))) { return .structure }
        for case .member(.structure(let other)) in holding where exercises(other) { return .otherStructure }
        if ended.contains(.member(.professional(professional))) { return .past }
        if let structure, ended.contains(.member(.structure(structure))) { return .past }
        return .none
    }

    /// - Parameter recipient: the structure chosen and the kind of place, either of which an information may name.
    package func informed(of recipient: [String]) -> Bool {
        holding.contains {
            guard case .informed(let recipients) = $0 else { return false }
            return recipients.isEmpty || recipient.contains(where: recipients.contains)
        }
    }

    /// Whether the patient agreed beforehand to this recipient of the team.
    package func agreed(to recipient: [String]) -> Bool {
        holding.contains {
            guard case .agreed(let recipients) = $0 else { return false }
            return recipients.isEmpty || recipient.contains(where: recipients.contains)
        }
    }

    package var treatingPhysicians: [ProfessionalIdentifier] {
        holding.compactMap { if case .treatingPhysician(let id) = $0 { id } else { nil } }
    }

    package func blocked(_ professional: ProfessionalIdentifier, in structure: StructureIdentifier?) -> Bool {
        holding.contains(.blocked(.professional(professional)))
            || structure.map { holding.contains(.blocked(.structure($0))) } ?? false
    }

    package func masked(document: String?, type: String?, category: String) -> Bool {
        holding.contains {
            guard case .masked(let target) = $0 else { return false }
            switch target {
            case .document(let id): return id == document
            case .types(let codes): return type.map(codes.contains) ?? false
            case .category(let name): return name == category
            }
        }
    }

    package func minorSecret(document: String) -> Bool { holding.contains(.minorSecret(document: document)) }

    package func administers(_ professional: ProfessionalIdentifier) -> Bool {
        holding.contains(.administrator(professional))
    }

    package func mandate(of person: RelatedPersonIdentifier, for category: String) -> MandateState {
        var state = MandateState.none
        for case .mandate(person, let categories) in holding {
            if categories.contains(category) { return .covers }
            state = .outOfScope
        }
        return state
    }

    package func occupationalConsent(for professional: ProfessionalIdentifier) -> Bool {
        holding.contains(.occupational(professional, informed: true))
    }

    /// The best of the consents that name the professional or the structure chosen. One that was taken back since in
    /// another of several merged records counts as ended.
    package func outsideConsent(
        for professional: ProfessionalIdentifier, in structure: StructureIdentifier?, patient: PatientIdentifier,
        type: String?, category: String
    ) -> OutsideConsentState {
        // Most patients gave none.
        guard hasOutsideConsents else { return .none }
        let grantees = [.professional(professional), structure.map(Party.structure)].compactMap(\.self)
        var state = OutsideConsentState.none
        var oneIsShut = false
        for fact in holding {
            guard case .consent(let consent, let recordedBy) = fact, grantees.contains(consent.grantee) else {
                continue
            }
            if isShut(fact, to: grantees) {
                oneIsShut = true
                continue
            }
            guard consent.informed, mayRecord(recordedBy, for: professional, patient: patient) else {
                if state == .none { state = .invalid }
                continue
            }
            let covered = consent.documentTypes
            if covered.contains("*") || covered.contains(category) || type.map(covered.contains) ?? false {
                return .valid
            }
            state = .outOfScope
        }
        return state == .none && (oneIsShut || withdrawn(from: grantees)) ? .withdrawn : state
    }

    private var hasOutsideConsents: Bool {
        func isConsent(_ fact: DatedFact.Fact) -> Bool { if case .consent = fact { true } else { false } }
        return holding.contains(where: isConsent) || ended.contains(where: isConsent)
    }

    /// Whether there was a consent for one of them, and none is left.
    private func withdrawn(from grantees: [Party]) -> Bool {
        ended.contains { $0.isConsent(to: grantees) } && !holding.contains { $0.isConsent(to: grantees) }
    }

    /// The patient, the professional it is for, or a current member of the team (CSP D.1110-3-1).
    private func mayRecord(
        _ recorder: String?, for professional: ProfessionalIdentifier, patient: PatientIdentifier
    ) -> Bool {
        guard let recorder, !recorder.isEmpty else { return true }
        if recorder == professional.value || recorder == patient.value { return true }
        return holding.contains {
            switch $0 {
            case .member(.professional(let id)): id.value == recorder
            case .member(.structure(let id)): id.value == recorder
            default: false
            }
        }
    }
}
