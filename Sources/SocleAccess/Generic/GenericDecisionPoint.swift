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
        do throws(Unjournalled) {
            let (decisions, position) = try await journal(caller, requestID) { registration in
                await decide(questions, stop, caller, registration)
            }
            return GenericDecisionPoint.answers(decisions, position)
        } catch .because(let reason) {
            return await refuse(questions, reason, caller, requestID)
        } catch {
            return GenericDecisionPoint.unjournalled(questions)
        }
    }

    /// nil for a call that was given up between two of its questions.
    private func decide(
        _ questions: [GenericQuestion], _ stop: Decision.Outcome?, _ caller: Caller,
        _ registration: ApplicationRegistration?
    ) async -> ([Decision], (inout JSONObject) -> Void)? {
        var decisions: [Decision] = []
        var items: [JSONObject] = []
        var turns = Turns()
        for question in questions {
            if questions.count > 1 { guard await turns.next() else { return nil } }
            let (decision, ignored) = policies.decide(question, caller, registration)
            decisions.append(decision)
            items.append(GenericEntry.item(question, caller, decision, ignored))
            if stop != nil, decision.outcome == stop { break }
        }
        return (decisions, { EntryItems.write(items, in: &$0) })
    }

    /// A refusal that rests on no record is journalled like any other answer.
    private func refuse(
        _ questions: [GenericQuestion], _ reason: String, _ caller: Caller, _ requestID: String?
    ) async -> [Answer] {
        let decisions = questions.map { _ in Decision.refusal(reason) }
        let items = zip(questions, decisions).map { GenericEntry.item($0, caller, $1, []) }
        let entry = entry(caller, requestID) { EntryItems.write(items, in: &$0) }
        guard case .committed(let position) = try? await lane.commit(Submission(entry: entry)) else {
            return GenericDecisionPoint.unjournalled(questions)
        }
        return GenericDecisionPoint.answers(decisions, position)
    }

    private static func answers(_ decisions: [Decision], _ position: EntryPosition?) -> [Answer] {
        decisions.indices.map { index in
            Answer(
                decision: decisions[index],
                id: DecisionEntry.identifier(position, item: index, of: decisions.count), policyVersion: nil,
                sheet: nil)
        }
    }

    /// Nothing was made durable: nothing is granted.
    private static func unjournalled(_ questions: [GenericQuestion]) -> [Answer] {
        questions.map { _ in Answer(decision: .refusal("unavailable"), policyVersion: nil, sheet: nil) }
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
        let found: (names: [String], isLast: Bool)
        do throws(Unjournalled) {
            (found, _) = try await journal(caller, requestID) { registration in
                guard let found = await policies.search(request, after: position?.first, caller, registration)
                else { return nil }
                return (found, { GenericEntry.write(request, caller, found.names, in: &$0) })
            }
        } catch {
            throw UnansweredCall.unavailable
        }
        return SearchResults(
            results: found.names.map { GenericPolicies.result(entity, request.question, $0) },
            next: found.isLast
                ? nil
                : found.names.last.map {
                    tokens.seal([$0], client: caller.client, question: request.digest)
                })
    }

    /// Why what was decided is not in the journal.
    private enum Unjournalled: Error {
        /// The reason of a refusal that can be.
        case because(String)
        /// The journal cannot be written.
        case failed
    }

    /// Reads who asks, decides, journals; again when the registration or the token changed meanwhile.
    ///
    /// - Parameter decide: what to hand back, and what to write of it; nil for a call that was given up.
    private func journal<Value>(
        _ caller: Caller, _ requestID: String?,
        _ decide: (ApplicationRegistration?) async -> (Value, (inout JSONObject) -> Void)?
    ) async throws(Unjournalled) -> (Value, EntryPosition?) {
        for _ in 1...DecisionPoint.attempts {
            guard let asker = try? await records.asker(client: caller.client, subject: .application) else {
                throw .because("unavailable")
            }
            var stamp = caller.stamp
            stamp.merge(asker.stamp)
            guard let (value, write) = await decide(asker.registration) else {
                throw .because("unavailable")
            }
            switch try? await lane.commit(Submission(entry: entry(caller, requestID, write), stamp: stamp)) {
            case .committed(let position): return (value, position)
            case .conflict: continue
            case .refused: throw .because("unavailable")
            case nil: throw .failed
            }
        }
        throw .because("conflict")
    }

    private func entry(
        _ caller: Caller, _ requestID: String?, _ write: (inout JSONObject) -> Void
    ) -> EntryDraft {
        var details = JSONObject()
        details["client"] = .string(caller.client)
        details["request"] = requestID.map(JSONValue.string)
        details["policies"] = .string(policies.digest)
        write(&details)
        return EntryDraft(kind: .decision, instant: clock(), actor: caller.actor, details: details)
    }
}
