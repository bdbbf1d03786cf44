// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension SearchWalk {
    /// Patients when the type is `patient`; otherwise the documents given as candidates, for Socle holds none.
    mutating func resources(_ limit: Int, from position: [String]?) async throws(RecordsUnavailable) -> SearchFound {
        guard question.resource.type == AccessQuestion.patientType else {
            return try await documents(limit, from: position)
        }
        return try await patients(limit, from: position)
    }

    /// Which of these candidates: each asked about as it was described.
    private mutating func documents(
        _ limit: Int, from position: [String]?
    ) async throws(RecordsUnavailable) -> SearchFound {
        let candidates = question.resource.candidates
        return try await page(limit, from: position) { _, last, count throws(RecordsUnavailable) in
            // By place: two candidates may have one identifier.
            let start = last.flatMap { Int($0) }.map { $0 + 1 } ?? 0
            return (start..<min(start + count, max(start, candidates.count))).map { String($0) }
        } judge: { walk, place, _ throws(RecordsUnavailable) in
            guard let place = Int(place), candidates.indices.contains(place) else { return .refused }
            let candidate = candidates[place]
            return try await walk.permits(walk.question.about(candidate))
                ? .found(["type": .string(walk.question.resource.type), "id": .string(candidate.id)]) : .refused
        }
    }

    /// Which patients: those linked to whoever asks, and those who permitted care to whoever gives it.
    private mutating func patients(
        _ limit: Int, from position: [String]?
    ) async throws(RecordsUnavailable) -> SearchFound {
        let asker = try await asker(of: question.subject)
        let (named, parties) = links(of: asker.file)
        var answering: Set<String> = []
        for id in named { answering.insert(try await gathered(id).patient?.id.value ?? id.value) }
        let own = answering.sorted()
        let anybody = asksForCare && asker.file.professional != nil
        return try await page(limit, from: position) { walk, last, count throws(RecordsUnavailable) in
            var found = Set(own.following(last, count))
            if anybody || !parties.isEmpty {
                found.formUnion(
                    try await walk.index.patients(
                        linkedTo: parties, orAnybody: anybody, notEndedBy: walk.now(),
                        after: last.flatMap { PatientIdentifier($0) }, limit: count
                    ).map(\.value))
            }
            return Array(found.sorted().prefix(count))
        } judge: { walk, id, _ throws(RecordsUnavailable) in
            var question = walk.question
            question.resource = AccessQuestion.Resource(type: AccessQuestion.patientType, id: id)
            question.resource.confidentiality = walk.question.resource.confidentiality
            return try await walk.permits(question)
                ? .found(["type": .string(AccessQuestion.patientType), "id": .string(id)]) : .refused
        }
    }

    /// The patients that the account itself names, and the parties under which an index finds others.
    private func links(of asker: AskerFile) -> (Set<PatientIdentifier>, Set<Party>) {
        if question.subject.kind == .system {
            return ([], Set([asker.registration?.structure.map(Party.structure)].compactMap(\.self)))
        }
        if let professional = asker.professional {
            var parties: Set = [Party.professional(professional.id)]
            // In another situation another structure opens; this one is the question's.
            if let situation = caller.situation(of: question.subject).flatMap({ StructureIdentifier($0) }) {
                parties.insert(.structure(situation))
            }
            return ([], parties)
        }
        switch asker.link?.person {
        case .patient(let id, _): return ([id], [])
        case .relatedPerson(let id, _, let relations): return (Set(relations.map(\.patient)), [.relatedPerson(id)])
        case .professional, .administrator, nil: return ([], [])
        }
    }
}

extension AccessQuestion {
    /// The type of a resource that is a patient's whole file: its identifier names the patient.
    static let patientType = "patient"
    /// The type of a resource that is a list of documents.
    static let documentList = "document_list"

    /// The same question about one of its candidates.
    func about(_ candidate: Candidate) -> AccessQuestion {
        var question = self
        question.resource = Resource(
            type: resource.type, id: candidate.id, patient: resource.patient, typeCode: candidate.typeCode,
            author: candidate.author, authorStructure: candidate.authorStructure,
            confidentiality: candidate.confidentiality)
        return question
    }
}
