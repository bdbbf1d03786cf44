// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

/// A list is of documents. Those it names are decided on one by one; where it names none, what the patient masked leaves
/// with the permit, for the holder to take out.
extension FactFinder {
    private var isOpenList: Bool {
        question.resource.type == AccessQuestion.documentList && question.resource.candidates.isEmpty
    }

    /// The documents that this person does not see: of the candidates, or of the whole file when there are none.
    func hidden(
        _ facts: Facts, _ left: [ConsentResidual], _ cell: (CodedConcept?, String?) -> MatrixAccess
    ) -> [String] {
        if isOpenList {
            switch facts.subject {
            case .professional: return managesMasks(facts) ? [] : moment.maskedDocuments
            case .relatedPerson: return moment.secretDocuments
            case .patient, .system, .admin: return []
            }
        }
        let candidates = question.resource.candidates
        guard !candidates.isEmpty else { return [] }
        var refusals = CandidateRefusals(left)
        return candidates.filter { candidate in
            let codes = candidate.confidentiality
            switch facts.subject {
            case .professional:
                if isAuthor(of: candidate, facts) { return false }
                // Each is under the matrix as soon as its type is known.
                let closed = candidate.typeCode.map { cell(facts.role, $0) != .allow } ?? false
                return closed || isMasked(candidate, facts) || !left.isEmpty && refusals.refuse(ruleData(candidate))
            case .patient: return codes.contains(Confidentiality.hiddenFromPatient)
            case .relatedPerson:
                return codes.contains(Confidentiality.hiddenFromPatient)
                    || codes.contains(Confidentiality.hiddenFromRepresentatives)
                    || moment.minorSecret(document: candidate.id)
            case .system, .admin: return false
            }
        }.map(\.id)
    }

    /// The types and the categories that are masked, where no document is named.
    func maskFilters(_ facts: Facts) -> [String] {
        guard isOpenList, facts.subject == .professional, !managesMasks(facts) else { return [] }
        var filters: [ResidualFilter] = []
        for case .masked(let target) in moment.holding {
            switch target {
            case .document: break
            case .types(let codes): filters.append(.forbids(codes: Set(codes.flatMap(FactFinder.codes))))
            case .category("document"), .category(AccessQuestion.documentList):
                filters.append(.forbids(class: FactFinder.resourceClass("document")))
            case .category: break
            }
        }
        return ResidualFilter.texts(filters)
    }

    /// Rule 15 lets an administrator see what is masked, for care alone.
    private func managesMasks(_ facts: Facts) -> Bool { facts.administrator && facts.purpose == .treatment }

    /// Rule 12 lets authors read what they wrote, but in an emergency, a regulation or occupational medicine.
    private func isAuthor(of candidate: AccessQuestion.Candidate, _ facts: Facts) -> Bool {
        switch facts.purpose {
        case .breakGlass, .regulation, .occupational: return false
        default: break
        }
        guard held, let author = candidate.author, let professional = asker.professional else { return false }
        return AuthorName.professional(author) == professional.id
    }

    /// A type that the holder does not say may be a masked one.
    private func isMasked(_ candidate: AccessQuestion.Candidate, _ facts: Facts) -> Bool {
        let marked = candidate.confidentiality.contains(Confidentiality.maskedToProfessionals)
        let type = held ? candidate.typeCode : nil
        let isKnown =
            held && marked || moment.masksLists
            || moment.masked(document: candidate.id, type: type, category: "document")
        if marked, !isKnown { return true }
        return (isKnown || type == nil && moment.masksTypes) && !managesMasks(facts)
    }
}

/// Which candidates the patient's directives refuse. Those described alike are weighed once: a list is long, and a
/// directive may be.
private struct CandidateRefusals {
    private let left: [ConsentResidual]
    /// The only identifiers that make a difference.
    private let named: Set<String>
    private var known: [RuleData: Bool] = [:]

    init(_ left: [ConsentResidual]) {
        self.left = left
        named = Set(left.flatMap(\.clauses).flatMap(\.data.references).map(\.id))
    }

    mutating func refuse(_ data: RuleData) -> Bool {
        var alike = data
        if let id = data.id, !named.contains(id) { alike.id = "" }
        alike.authors?.formIntersection(named)
        alike.authorStructures?.formIntersection(named)
        if let answer = known[alike] { return answer }
        let answer = left.contains { $0.verdict(on: data).possible == [.deny] }
        known[alike] = answer
        return answer
    }
}

extension ConsentMoment {
    /// Masked one by one, in the order they were recorded.
    fileprivate var maskedDocuments: [String] {
        documents { if case .masked(.document(let id)) = $0 { id } else { nil } }
    }

    fileprivate var secretDocuments: [String] {
        documents { if case .minorSecret(let id) = $0 { id } else { nil } }
    }

    /// Each once.
    private func documents(_ named: (DatedFact.Fact) -> String?) -> [String] {
        var seen: Set<String> = []
        return holding.compactMap(named).filter { seen.insert($0).inserted }
    }

    fileprivate var masksTypes: Bool {
        holding.contains { if case .masked(.types) = $0 { true } else { false } }
    }

    /// Whether lists of documents are masked, all of them.
    fileprivate var masksLists: Bool { holding.contains(.masked(.category(AccessQuestion.documentList))) }
}
