// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity

/// Where questions are answered: gather, decide, journal, answer.
///
/// No answer leaves before its journal entry is durable. The transaction that writes the entry finds each record of
/// the stamp unchanged, so an answer never rests on what was already withdrawn when the question came.
package struct DecisionPoint: Sendable {
    /// How often a question goes back to gather because a record changed under it.
    package static let attempts = 3

    private let records: any AccessRecords
    private let emergencies: any EmergencyRecords
    private let lane: any CommitLane
    private let shelf: PolicyShelf
    private let memory: FactsMemory
    private let clock: @Sendable () -> Instant

    package init(
        records: any AccessRecords, emergencies: any EmergencyRecords, lane: any CommitLane,
        memory: FactsMemory = FactsMemory(),
        clock: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.emergencies = emergencies
        self.lane = lane
        self.memory = memory
        shelf = PolicyShelf(records: records)
        self.clock = clock
    }

    /// One question, one entry.
    package func answer(_ question: AccessQuestion, from caller: Caller, requestID: String? = nil) async -> Answer {
        await answer([question], from: caller, stoppingAfter: nil, requestID: requestID)[0]
    }

    /// The questions of one call: one entry, which lists them. Items that are no question are passed over.
    package func answers(
        _ batch: AccessBatch<AccessQuestion>, from caller: Caller, requestID: String? = nil
    ) async -> [Result<Answer, MalformedQuestion>] {
        await batch.results { questions, stop in
            await answer(questions, from: caller, stoppingAfter: stop, requestID: requestID)
        }
    }

    private func answer(
        _ questions: [AccessQuestion], from caller: Caller, stoppingAfter stop: Decision.Outcome?, requestID: String?
    ) async -> [Answer] {
        for _ in 1...DecisionPoint.attempts {
            let gathering: Gathering
            do throws(RecordsUnavailable) {
                gathering = try await Gathering(
                    questions: questions, caller: caller, records: records, emergencies: emergencies, memory: memory,
                    shelf: shelf)
            } catch {
                return await refuse(questions, "unavailable", caller, requestID)
            }
            // The instant is read after the facts: a period that ended while they were read has ended.
            let instant = clock()
            // Past its time, a call is refused: whoever asked was told already that there is no answer.
            guard var answers = await decide(questions, caller, gathering, at: instant) else {
                return await refuse(questions, "unavailable", caller, requestID)
            }
            if let stop, let index = answers.firstIndex(where: { $0.decision.outcome == stop }) {
                answers = Array(answers.prefix(index + 1))
            }
            if DecisionEntry.isTooLong(answers) {
                return await refuse(questions, "answer_too_long", caller, requestID)
            }
            // The first permit of an emergency opens its episode in the transaction of this entry.
            var changes: [any RecordChange] = []
            if questions.contains(where: EmergencyLedger.concerns) {
                let ledger = EmergencyLedger(questions, answers, caller, gathering, at: instant)
                for index in answers.indices {
                    answers[index].episode = ledger.episodes[index]
                    answers[index].access = ledger.accesses[index]
                }
                changes = ledger.changes
            }
            let entry = DecisionEntry(
                caller: caller, questions: questions, answers: answers, instant: instant, requestID: requestID)
            let submission = Submission(changes: changes, entry: entry.draft, stamp: gathering.stamp)
            do throws(LaneUnavailable) {
                switch try await lane.commit(submission) {
                case .committed(let position):
                    for index in answers.indices {
                        answers[index].id = DecisionEntry.identifier(position, item: index, of: answers.count)
                    }
                    return answers
                case .conflict:
                    memory.forget(gathering, client: caller.client)
                    continue
                case .refused: return await refuse(questions, "unavailable", caller, requestID)
                }
            } catch {
                return questions.map { _ in DecisionPoint.unjournalled }
            }
        }
        return await refuse(questions, "conflict", caller, requestID)
    }

    /// nil for a call that was given up between two of its questions.
    private func decide(
        _ questions: [AccessQuestion], _ caller: Caller, _ gathering: Gathering, at instant: Instant
    ) async -> [Answer]? {
        guard let program = gathering.program else {
            return questions.map { _ in Answer(decision: .refusal("unavailable"), policyVersion: nil, sheet: nil) }
        }
        func answer(_ question: AccessQuestion, _ item: Gathering.Item) -> Answer {
            DecisionPoint.decide(
                question, caller, asker: item.asker, patient: item.patient?.file, program: program, at: instant)
        }
        if questions.count == 1 { return [answer(questions[0], gathering.items[0])] }
        var answers: [Answer] = []
        answers.reserveCapacity(questions.count)
        var turns = Turns()
        for (question, item) in zip(questions, gathering.items) {
            guard await turns.next() else { return nil }
            answers.append(answer(question, item))
        }
        return answers
    }

    /// The pure part of an answer, for whoever holds the records already.
    package static func decide(
        _ question: AccessQuestion, _ caller: Caller, asker: GatheredAsker, patient: GatheredPatient?,
        program: PolicyProgram, at instant: Instant
    ) -> Answer {
        let parameters = program.parameters(of: asker.file.registration?.service)
        let sheet = FactFinder(question: question, caller: caller, asker: asker, patient: patient, at: instant)
            .sheet(parameters: parameters) { program.access(role: $0, type: $1) }
        let decision = program.decide(sheet, parameters: parameters)
        return Answer(
            decision: decision, policyVersion: program.number, sheet: sheet,
            trace: sheet.isTraced ? program.trace(sheet, of: decision) : nil)
    }

    /// A refusal that rests on no record is journalled like any other answer.
    private func refuse(
        _ questions: [AccessQuestion], _ reason: String, _ caller: Caller, _ requestID: String?
    ) async -> [Answer] {
        var answers = questions.map { _ in
            Answer(decision: .refusal(reason), policyVersion: nil, sheet: nil)
        }
        let entry = DecisionEntry(
            caller: caller, questions: questions, answers: answers, instant: clock(), requestID: requestID)
        guard case .committed(let position) = try? await lane.commit(Submission(entry: entry.draft)) else {
            return questions.map { _ in DecisionPoint.unjournalled }
        }
        for index in answers.indices {
            answers[index].id = DecisionEntry.identifier(position, item: index, of: answers.count)
        }
        return answers
    }

    private static let unjournalled = Answer(decision: .refusal("unavailable"), policyVersion: nil, sheet: nil)
}
