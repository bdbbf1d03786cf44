// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
import SocleJSON

/// Searches of the region: which patients, which of these documents, who can see this, what may be done here.
///
/// Candidates come from indexes; each result was permitted by an exact decision on the facts of that instant. One call
/// is one entry, which lists what was found and rests on everything that was looked at.
package struct RegionSearch: Sendable {
    /// Decisions in one call: past it, the page ends where the search stopped.
    package static let bound = 500
    /// Emergencies are declared one by one, never listed.
    private static let unsearchable: Set<String> = ["BTG", "REG15"]

    private let records: any AccessRecords
    private let index: any SearchRecords
    private let shelf: PolicyShelf
    private let lane: any CommitLane
    private let tokens: PageTokens
    private let clock: @Sendable () -> Instant

    package init(
        records: any AccessRecords, index: any SearchRecords, lane: any CommitLane, tokens: PageTokens,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.index = index
        shelf = PolicyShelf(records: records)
        self.lane = lane
        self.tokens = tokens
        self.clock = clock
    }

    func answer(
        _ entity: SearchedEntity, _ json: JSONView, from caller: Caller, requestID: String?
    ) async throws(UnansweredCall) -> JSONValue {
        let request: SearchRequest<AccessQuestion>
        let position: [String]?
        do throws(MalformedQuestion) {
            request = try SearchRequest(entity, json)
            if let purpose = request.question.context.purpose, RegionSearch.unsearchable.contains(purpose) {
                throw MalformedQuestion("the purpose \(purpose) is asked question by question, never searched")
            }
            guard caller.voice != .application || request.question.subject.acr != nil || entity != .subject else {
                throw MalformedQuestion(
                    "`subject.properties.acr` says with what level they would ask: without it nobody could (R-AUTH-1)")
            }
            guard !request.listsPatientsForStatistics else {
                throw MalformedQuestion(
                    "no patient is listed for STAT: the list would name whom the request keeps pseudonymous")
            }
            guard !request.question.asksForTrace else {
                throw MalformedQuestion("`context.trace` is told of one question at a time: ask it alone")
            }
            position = try tokens.open(request.page.token, client: caller.client, question: request.digest)
        } catch {
            throw UnansweredCall(error)
        }
        for _ in 1...DecisionPoint.attempts {
            var walk = SearchWalk(
                question: request.question, caller: caller, records: records, index: index, shelf: shelf, clock: clock)
            let found: SearchFound
            do throws(RecordsUnavailable) {
                found =
                    switch entity {
                    case .subject: try await walk.subjects(request.page.limit, from: position)
                    case .resource: try await walk.resources(request.page.limit, from: position)
                    case .action: try await walk.actions(request.page.limit, from: position)
                    }
            } catch {
                throw UnansweredCall.unavailable
            }
            let entry = SearchEntry(request: request, walk: walk, found: found, requestID: requestID)
            switch try? await lane.commit(Submission(entry: entry.draft(at: clock()), stamp: walk.stamp)) {
            case .committed:
                return SearchResults(
                    results: found.results,
                    next: found.next.map { tokens.seal($0, client: caller.client, question: request.digest) }
                ).json
            case .conflict: continue
            case .refused, nil: throw UnansweredCall.unavailable
            }
        }
        throw UnansweredCall.unavailable
    }
}

extension SearchRequest<AccessQuestion> {
    /// What R-STAT-1 opens is pseudonymised: it is asked about what the application has, and finds nobody.
    fileprivate var listsPatientsForStatistics: Bool {
        entity == .resource && question.resource.type == AccessQuestion.patientType
            && question.context.purpose == Facts.Purpose.statistics.rawValue
    }
}

/// A page of what was found.
struct SearchFound: Sendable {
    var results: [JSONValue] = []
    /// Where the next page begins; nil when there is none.
    var next: [String]?
}

/// What the journal keeps of a search.
private struct SearchEntry {
    let request: SearchRequest<AccessQuestion>
    let walk: SearchWalk
    let found: SearchFound
    let requestID: String?

    /// The one it is about, or those it found: each may know who was told of them.
    private var patients: Set<PatientIdentifier> {
        guard request.entity == .resource, request.question.resource.type == AccessQuestion.patientType else {
            return Set([walk.patient].compactMap(\.self))
        }
        return Set(found.results.compactMap { $0["id"]?.string.flatMap { PatientIdentifier($0) } })
    }

    func draft(at instant: Instant) -> EntryDraft {
        let question = request.question
        var details = JSONObject()
        details["client"] = .string(walk.caller.client)
        details["request"] = requestID.map(JSONValue.string)
        details["policy_version"] = walk.policyVersion.map(JSONValue.integer)
        details["search"] = .string(request.entity.rawValue)
        var subject: JSONObject = ["type": .string(question.subject.type)]
        if request.entity != .subject { subject["id"] = .string(question.subject.id) }
        subject["proven"] = .bool(walk.caller.voice != .application)
        subject["situation"] = walk.caller.situation(of: question.subject).map(JSONValue.string)
        details["subject"] = .object(subject)
        if request.entity != .action { details["action"] = .string(question.action) }
        var resource: JSONObject = ["type": .string(question.resource.type)]
        if request.entity != .resource { resource["id"] = .string(question.resource.id) }
        details["resource"] = .object(resource)
        details["purpose"] = question.context.purpose.map(JSONValue.string)
        if !walk.ignored.isEmpty { details["ignored"] = JSONValue(walk.ignored) }
        details["examined"] = .integer(Int64(walk.examined))
        details["found"] = .array(found.results.map { $0["id"] ?? $0["name"] ?? .null })
        return EntryDraft(
            kind: .decision, instant: instant, actor: walk.caller.actor, patients: patients,
            details: details)
    }
}
