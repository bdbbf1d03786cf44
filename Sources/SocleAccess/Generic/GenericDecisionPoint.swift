// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
package import SocleJSON

/// Answers by a policy directory and an entity file: the same callers, the same journal, the same answers as the
/// region's decision point, in another vocabulary.
///
/// The policies and the entities stay what they were at start; what may change under a question is the caller: its
/// registration and its token, whose revisions the entry's transaction finds unchanged.
package struct GenericDecisionPoint: DecidesAccess {
    private let policies: GenericPolicies
    private let records: any AccessRecords
    private let lane: any CommitLane
    private let tokens: PageTokens
    private let clock: @Sendable () -> Instant

    package init(
        policies: GenericPolicies, records: any AccessRecords, lane: any CommitLane, tokens: PageTokens,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.policies = policies
        self.records = records
        self.lane = lane
        self.tokens = tokens
        self.clock = clock
    }

    package func answer(
        _ operation: AccessOperation, _ request: JSONView, from caller: Caller, requestID: String?
    ) async throws(UnansweredCall) -> JSONText {
        switch operation {
        case .evaluation:
            let question: GenericQuestion
            do throws(MalformedQuestion) {
                question = try GenericQuestion(request)
            } catch {
                throw UnansweredCall(error)
            }
            return await answer([question], nil, caller, requestID)[0].text
        case .evaluations:
            switch try AccessBatch<GenericQuestion>.reading(request) {
            case .one(let question): return await answer([question], nil, caller, requestID)[0].text
            case .many(let batch):
                let results = await batch.results { await answer($0, $1, caller, requestID) }
                return JSONText(results)
            }
        case .search(let entity):
            let results = try await search(entity, request, caller, requestID)
            return JSONText(results.json)
        }
    }

    private func answer(
        _ questions: [GenericQuestion], _ stop: Decision.Outcome?, _ caller: Caller, _ requestID: String?
    ) async -> [Answer] {
        let journalled = await journal(caller, requestID) { registration in
            var decided: [(decision: Decision, ignored: [String])] = []
            for question in questions {
                decided.append(policies.decide(question, caller, registration))
                if stop != nil, decided.last?.decision.outcome == stop { break }
            }
            let items = zip(questions, decided).map { GenericEntry.item($0, caller, $1.decision, $1.ignored) }
            return (decided.map(\.decision), { EntryItems.write(items, in: &$0) })
        }
        guard let (decisions, position) = journalled else {
            // Nothing was made durable: nothing is granted.
            return questions.map { _ in Answer(decision: .refusal("unavailable"), policyVersion: nil, sheet: nil) }
        }
        return decisions.indices.map { index in
            Answer(
                decision: decisions[index],
                id: DecisionEntry.identifier(position, item: index, of: decisions.count), policyVersion: nil,
                sheet: nil)
        }
    }

    private func search(
        _ entity: SearchedEntity, _ json: JSONView, _ caller: Caller, _ requestID: String?
    ) async throws(UnansweredCall) -> SearchResults {
        let request: SearchRequest<GenericQuestion>
        let position: [String]?
        do throws(MalformedQuestion) {
            request = try SearchRequest(entity, json)
            position = try tokens.open(request.page.token, client: caller.client, question: request.digest)
        } catch {
            throw UnansweredCall(error)
        }
        let journalled = await journal(caller, requestID) { registration in
            let found = policies.search(request, after: position?.first, caller, registration)
            return (found, { GenericEntry.write(request, caller, found.names, in: &$0) })
        }
        guard let (found, _) = journalled else { throw .unavailable }
        return SearchResults(
            results: found.names.map { GenericPolicies.result(entity, request.question, $0) },
            next: found.isLast
                ? nil
                : found.names.last.map {
                    tokens.seal([$0], client: caller.client, question: request.digest)
                })
    }

    /// Reads who asks, decides, journals; again when the registration or the token changed meanwhile.
    ///
    /// - Parameter decide: what to hand back, and what to write of it.
    /// - Returns: nil when the entry could not be made durable.
    private func journal<Value>(
        _ caller: Caller, _ requestID: String?,
        _ decide: (ApplicationRegistration?) -> (Value, (inout JSONObject) -> Void)
    ) async -> (Value, EntryPosition?)? {
        for _ in 1...DecisionPoint.attempts {
            guard let asker = try? await records.asker(client: caller.client, subject: .application) else {
                return nil
            }
            var stamp = caller.stamp
            stamp.merge(asker.stamp)
            let (value, write) = decide(asker.registration)
            var details = JSONObject()
            details["client"] = .string(caller.client)
            details["request"] = requestID.map(JSONValue.string)
            details["policies"] = .string(policies.digest)
            write(&details)
            let entry = EntryDraft(kind: .decision, instant: clock(), actor: caller.actor, details: details)
            switch try? await lane.commit(Submission(entry: entry, stamp: stamp)) {
            case .committed(let position): return (value, position)
            case .conflict: continue
            case .refused, nil: return nil
            }
        }
        return nil
    }
}
