// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON

/// One pass over candidates: what it read, what it rests on, how many it looked at.
struct SearchWalk: Sendable {
    /// Candidates read at once.
    static let chunk = 50

    let question: AccessQuestion
    let caller: Caller
    let index: any SearchRecords
    private let records: any AccessRecords
    private let shelf: PolicyShelf
    private let clock: @Sendable () -> Instant

    private(set) var stamp: Stamp
    private(set) var examined = 0
    /// Looked at without a decision: somebody without a name that this client may use.
    private var passedOver = 0
    private(set) var policyVersion: Int64?
    /// What the caller said that counted for nothing, by its names.
    private(set) var ignored: [String] = []
    private var askers: [SubjectReference: GatheredAsker] = [:]
    private var patients: [PatientIdentifier: GatheredPatient] = [:]
    private var turns = Turns()

    init(
        question: AccessQuestion, caller: Caller, records: any AccessRecords, index: any SearchRecords,
        shelf: PolicyShelf, clock: @escaping @Sendable () -> Instant
    ) {
        self.question = question
        self.caller = caller
        self.records = records
        self.index = index
        self.shelf = shelf
        self.clock = clock
        stamp = caller.stamp
    }

    /// The one patient that the search is about, for the journal.
    var patient: PatientIdentifier? { question.patient }

    /// As the index is asked: before the facts are read.
    func now() -> Instant { clock() }

    mutating func asker(of subject: AccessQuestion.Subject) async throws(RecordsUnavailable) -> GatheredAsker {
        let reference = caller.reference(of: subject)
        if let asker = askers[reference] { return asker }
        let asker = GatheredAsker(try await records.asker(client: caller.client, subject: reference))
        stamp.merge(asker.file.stamp)
        askers[reference] = asker
        return asker
    }

    mutating func gathered(_ patient: PatientIdentifier) async throws(RecordsUnavailable) -> GatheredPatient {
        if let gathered = patients[patient] { return gathered }
        let gathered = GatheredPatient(try await records.file(of: patient))
        stamp.merge(gathered.stamp)
        patients[patient] = gathered
        return gathered
    }

    /// Whether a patient's directives may open anything: they speak of care, to professionals.
    var asksForCare: Bool {
        question.subject.kind == .professional && question.context.purpose == Facts.Purpose.treatment.rawValue
    }

    /// The same decision as an evaluation of that question.
    mutating func permits(_ question: AccessQuestion) async throws(RecordsUnavailable) -> Bool {
        examined += 1
        guard await turns.next() else { throw RecordsUnavailable(detail: "the search took too long") }
        let asker = try await asker(of: question.subject)
        var patient: GatheredPatient?
        if let id = question.patient { patient = try await gathered(id) }
        guard let number = asker.file.policyNumber, let program = try await shelf.program(number) else { return false }
        policyVersion = number
        let answer = DecisionPoint.decide(
            question, caller, asker: asker, patient: patient, program: program, at: clock())
        for name in answer.sheet?.ignored ?? [] where !ignored.contains(name) { ignored.append(name) }
        return answer.decision.isPermit
    }

    /// What became of a candidate.
    enum Verdict {
        case found(JSONValue)
        case refused
        /// The bound of one call was reached within it, after that part of it.
        case unfinished(String)
    }

    /// Whether this call may look at anything more.
    var isSpent: Bool { examined + passedOver >= RegionSearch.bound }

    /// Looks at one candidate, which counts whether or not it comes to a decision.
    mutating func looking<Value>(
        _ body: (inout SearchWalk) async throws(RecordsUnavailable) -> Value
    ) async throws(RecordsUnavailable) -> Value {
        let before = examined + passedOver
        let value = try await body(&self)
        if examined + passedOver == before { passedOver += 1 }
        return value
    }

    /// Takes candidates in order until a page is full, there are no more, or the bound of one call is reached.
    ///
    /// - Parameters:
    ///   - position: nil for the first page; otherwise the candidate after which this one begins, and for a candidate
    ///     that was left unfinished its name and where in it.
    ///   - next: the candidates that follow one, at most so many.
    ///   - judge: what a candidate is; given where to go on within it.
    mutating func page(
        _ limit: Int, from position: [String]?,
        next: (inout SearchWalk, String?, Int) async throws(RecordsUnavailable) -> [String],
        judge: (inout SearchWalk, String, String?) async throws(RecordsUnavailable) -> Verdict
    ) async throws(RecordsUnavailable) -> SearchFound {
        var found = SearchFound()
        // No identifier is empty, so that the empty text stands before them all.
        var last = position?.first.flatMap { $0.isEmpty ? nil : $0 }
        var listed = last
        let resumed = position.flatMap { $0.count == 3 ? (candidate: $0[1], part: $0[2]) : nil }
        while true {
            let candidates = try await next(&self, last, SearchWalk.chunk)
            for candidate in candidates {
                guard !isSpent else {
                    found.next = [last ?? ""]
                    return found
                }
                let part = resumed?.candidate == candidate ? resumed?.part : nil
                let verdict = try await looking { walk throws(RecordsUnavailable) in
                    try await judge(&walk, candidate, part)
                }
                switch verdict {
                case .refused: break
                case .unfinished(let part):
                    found.next = [last ?? "", candidate, part]
                    return found
                case .found(let result):
                    // One more than a page proves that there is another.
                    guard found.results.count < limit else {
                        found.next = [listed ?? ""]
                        return found
                    }
                    found.results.append(result)
                    listed = candidate
                }
                last = candidate
            }
            if candidates.count < SearchWalk.chunk { return found }
        }
    }
}

extension SearchWalk {
    /// What may be done here: each action put to an exact decision.
    mutating func actions(_ limit: Int, from position: [String]?) async throws(RecordsUnavailable) -> SearchFound {
        let names = Facts.Action.allCases.filter { $0 != .other }.map(\.rawValue).sorted()
        return try await page(limit, from: position) { _, last, count throws(RecordsUnavailable) in
            names.following(last, count)
        } judge: { walk, name, _ throws(RecordsUnavailable) in
            var question = walk.question
            question.action = name
            return try await walk.permits(question) ? .found(["name": .string(name)]) : .refused
        }
    }
}

extension [String] {
    /// Of names in order, those that follow one.
    func following(_ last: String?, _ count: Int) -> [String] {
        Array(drop { name in last.map { name <= $0 } ?? false }.prefix(count))
    }
}
