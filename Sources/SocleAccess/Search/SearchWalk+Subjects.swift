// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension SearchWalk {
    /// Who can: professionals and structures, patients or people close to them, as the type says; nobody of any other
    /// type. A person's own token finds that person alone.
    mutating func subjects(_ limit: Int, from position: [String]?) async throws(RecordsUnavailable) -> SearchFound {
        if case .person(let session) = caller.voice {
            return try await page(limit, from: position) { _, last, count throws(RecordsUnavailable) in
                [session.issuedSubject].following(last, count)
            } judge: { walk, id, _ throws(RecordsUnavailable) in
                try await walk.permits(walk.question.asked(by: id)) ? .found(walk.result(id)) : .refused
            }
        }
        guard let asked = question.patient else { return SearchFound() }
        // Of merged records, the one that answers: whoever is close to one of them is linked to it too.
        let patient = try await gathered(asked).patient?.id ?? asked
        switch question.subject.kind {
        case .professional: return try await professionals(limit, of: asked, from: position)
        case .patient:
            // An account stays linked to the record it was linked to.
            let identifiers = try await gathered(asked).identifiers.union([asked])
            return try await accounts(limit, from: position) { walk, last, count throws(RecordsUnavailable) in
                var found: Set<String> = []
                for id in identifiers {
                    found.formUnion(try await walk.index.accounts(ofPatient: id, after: last, limit: count))
                }
                return Array(found.sorted().prefix(count))
            }
        case .relatedPerson:
            let carers = Set(
                try await gathered(asked).consent.everyRecord.compactMap { dated in
                    if case .mandate(let person, _) = dated.fact { person } else { nil }
                })
            return try await accounts(limit, from: position) { walk, last, count throws(RecordsUnavailable) in
                try await walk.index.accounts(closeTo: patient, or: carers, after: last, limit: count)
            }
        case .system, .admin, nil: return SearchFound()
        }
    }

    private mutating func accounts(
        _ limit: Int, from position: [String]?,
        next: (inout SearchWalk, String?, Int) async throws(RecordsUnavailable) -> [String]
    ) async throws(RecordsUnavailable) -> SearchFound {
        try await page(limit, from: position, next: next) { walk, id, _ throws(RecordsUnavailable) in
            try await walk.permits(walk.question.asked(by: id)) ? .found(walk.result(id)) : .refused
        }
    }

    func result(_ id: String, situations: [String] = []) -> JSONValue {
        var result: JSONObject = ["type": .string(question.subject.type), "id": .string(id)]
        if !situations.isEmpty { result["properties"] = ["situations": JSONValue(situations)] }
        return .object(result)
    }
}

// MARK: - Professionals

extension SearchWalk {
    /// With a situation, whoever exercises there and could in it. Without, the people and the structures that the
    /// patient's records name: a structure stands for all who could by exercising there, and is asked for by giving it
    /// as the situation. Where a directive permits without naming anybody, every structure is looked at.
    private mutating func professionals(
        _ limit: Int, of patient: PatientIdentifier, from position: [String]?
    ) async throws(RecordsUnavailable) -> SearchFound {
        if let situation = question.subject.situation {
            guard let structure = StructureIdentifier(situation) else { return SearchFound() }
            return try await page(limit, from: position) { walk, last, count throws(RecordsUnavailable) in
                try await walk.index.professionals(
                    exercisingIn: structure, after: last.flatMap { ProfessionalIdentifier($0) }, limit: count
                ).map(\.value)
            } judge: { walk, id, _ throws(RecordsUnavailable) in
                try await walk.professional(id, in: [situation])
            }
        }
        let named = try await named(in: patient)
        let listed = Set(named.marks)
        return try await page(limit, from: position) { walk, last, count throws(RecordsUnavailable) in
            let following = named.marks.following(last, count)
            guard named.anybody else { return following }
            let place = last.flatMap { $0.hasPrefix(SearchWalk.structureMark) ? $0.dropFirst(2) : nil }
            let places = try await walk.index.structures(
                after: place.flatMap { StructureIdentifier(String($0)) }, limit: count)
            let all = Set(following + places.map { SearchWalk.structureMark + $0.value })
            return Array(all.sorted().prefix(count))
        } judge: { walk, candidate, part throws(RecordsUnavailable) in
            let id = String(candidate.dropFirst(2))
            return candidate.hasPrefix(SearchWalk.structureMark)
                ? try await walk.structure(id, besides: listed, after: part)
                : try await walk.professional(id, in: nil)
        }
    }

    private static let professionalMark = "p:"
    private static let structureMark = "s:"

    /// Everybody whom the records of the patient, or the question, name.
    private struct Named {
        /// Each with its mark: professionals first, each list in order.
        var marks: [String]
        /// Whether a directive permits without naming anybody.
        var anybody: Bool
    }

    private mutating func named(in patient: PatientIdentifier) async throws(RecordsUnavailable) -> Named {
        var names: Set<String> = []
        var anybody = false
        func add(_ party: Party) {
            switch party {
            case .professional(let id): names.insert(SearchWalk.professionalMark + id.value)
            case .structure(let id): names.insert(SearchWalk.structureMark + id.value)
            case .relatedPerson: break
            }
        }
        let instant = now()
        for dated in try await gathered(patient).consent.everyRecord {
            switch dated.fact {
            case .member(let party): add(party)
            case .consent(let consent, _): add(consent.grantee)
            case .administrator(let id), .occupational(let id, _): add(.professional(id))
            case .directive(let directive) where asksForCare && !dated.period.ended(by: instant):
                let recipients = directive.recipients
                for party in recipients.parties { add(party) }
                anybody = anybody || recipients.anybody
            // What restricts opens nothing, and people close to the patient are found by their accounts.
            case .listed, .treatingPhysician, .informed, .agreed, .opposed, .opposedInEmergency, .opposedToRegulation,
                .blocked, .masked, .minorSecret, .mandate, .directive:
                break
            }
        }
        if let author = question.resource.author.flatMap(AuthorName.professional) { add(.professional(author)) }
        return Named(marks: names.sorted(), anybody: anybody)
    }

    /// One professional under each name this client may use, in these situations or in each of their own.
    private mutating func professional(
        _ id: String, in situations: [String]?
    ) async throws(RecordsUnavailable) -> Verdict {
        guard let professional = ProfessionalIdentifier(id) else { return .refused }
        for name in try await names(of: [professional])[professional] ?? [] {
            let asked = question.asked(by: name)
            let asker = try await asker(of: asked.subject)
            var open: [String] = []
            for situation in situations ?? asker.file.situations(at: now()) {
                var question = asked
                question.subject.situation = situation
                if try await permits(question) { open.append(situation) }
            }
            if !open.isEmpty { return .found(result(name, situations: open)) }
        }
        return .refused
    }

    /// Whether anybody who exercises there could in that situation, besides those who are listed by themselves.
    private mutating func structure(
        _ id: String, besides named: Set<String>, after part: String?
    ) async throws(RecordsUnavailable) -> Verdict {
        guard let structure = StructureIdentifier(id) else { return .refused }
        var last = part.flatMap { ProfessionalIdentifier($0) }
        while true {
            let people = try await index.professionals(exercisingIn: structure, after: last, limit: SearchWalk.chunk)
            for person in people {
                // The first is looked at whatever was spent: each call goes at least one further.
                if isSpent, let last { return .unfinished(last.value) }
                let verdict = try await looking { walk throws(RecordsUnavailable) -> Verdict in
                    named.contains(SearchWalk.professionalMark + person.value)
                        ? .refused : try await walk.professional(person.value, in: [id])
                }
                if case .found = verdict { return .found(["type": "structure", "id": .string(id)]) }
                last = person
            }
            if people.count < SearchWalk.chunk { return .refused }
        }
    }

    /// How this client may name professionals: by their national identifier where it is registered for it, otherwise
    /// by their accounts.
    private mutating func names(
        of professionals: [ProfessionalIdentifier]
    ) async throws(RecordsUnavailable) -> [ProfessionalIdentifier: [String]] {
        let application = try await asker(of: AccessQuestion.Subject(type: "system", id: caller.client))
        guard application.file.registration?.namesByRPPS == true else {
            return try await index.accounts(of: professionals)
        }
        return Dictionary(uniqueKeysWithValues: professionals.map { ($0, ["rpps:\($0.value)"]) })
    }
}

extension AccessQuestion {
    fileprivate func asked(by id: String) -> AccessQuestion {
        var question = self
        question.subject.id = id
        return question
    }
}

extension AskerFile {
    /// Each structure of exercise, once, in order.
    fileprivate func situations(at instant: Instant) -> [String] {
        professional?.places(at: instant).map(\.value).sorted() ?? []
    }
}

extension ConsentFacts {
    /// Those of this record and of each record merged into it.
    fileprivate var everyRecord: [DatedFact] { facts + merged.flatMap(\.self) }
}
