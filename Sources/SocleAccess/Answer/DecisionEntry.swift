// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON

/// What the journal keeps of one call: who asked, through what, each question with its outcome, and what was
/// declared rather than known.
struct DecisionEntry {
    let caller: Caller
    let questions: [AccessQuestion]
    let answers: [Answer]
    let instant: Instant
    let requestID: String?

    /// Bytes of all the obligations of one call. What else an entry holds comes from the request, so that an entry is
    /// at most four times the longest request, and one line for each record that it rests on.
    static let obligationLimit = 1 << 20

    /// Directives leave filters to the holder of the data, without a bound of their own.
    static func isTooLong(_ answers: [Answer]) -> Bool {
        var bytes = 0
        for answer in answers {
            for obligation in answer.decision.obligations { bytes += obligation.utf8.count }
        }
        return bytes > obligationLimit
    }

    var draft: EntryDraft {
        guard answers.count > 1 else {
            return EntryDraft(
                kind: .decision, instant: instant, actor: caller.actor, patient: questions.first?.patient,
                details: details)
        }
        // Each item names its own.
        return EntryDraft(
            kind: .decision, instant: instant, actor: caller.actor,
            patients: Set(questions.prefix(answers.count).compactMap(\.patient)), details: details)
    }

    private var details: JSONText {
        // The most common entry by far is written straight to its text; several items are folded into columns first.
        guard answers.count == 1 else {
            var details = JSONObject(reservingCapacity: 4)
            describeCall(in: &details)
            let items = zip(questions, answers).map { question, answer in
                var item = JSONObject(reservingCapacity: 12)
                describe(question, answer, in: &item)
                return item
            }
            EntryItems.write(items, in: &details)
            return JSONText(details)
        }
        return JSONText { details in
            describeCall(in: &details)
            details.append(unique: EntryItems.name, listing: { describe(questions[0], answers[0], in: &$0) })
        }
    }

    private func describeCall(in details: inout some JSONMembers) {
        details.append(unique: "client", caller.client)
        details.append(unique: "request", requestID)
        if let version = answers.lazy.compactMap(\.policyVersion).first {
            details.append(unique: "policy_version", .integer(version))
        }
    }

    private func describe(_ question: AccessQuestion, _ answer: Answer, in item: inout some JSONMembers) {
        let decision = answer.decision
        let context = question.context
        item.append(unique: "subject") { subject in
            subject.append(unique: "type", question.subject.type)
            subject.append(unique: "id", question.subject.id)
            subject.append(unique: "proven", .bool(caller.voice != .application))
            subject.append(unique: "situation", caller.situation(of: question.subject))
        }
        item.append(unique: "action", question.action)
        item.append(unique: "resource") { resource in
            resource.append(unique: "type", question.resource.type)
            resource.append(unique: "id", question.resource.id)
        }
        item.append(unique: "patient", question.patient?.value)
        item.append(unique: "purpose", context.purpose)
        item.append(unique: "outcome", decision.outcome.rawValue)
        item.append(unique: "reason", decision.reason)
        item.append(unique: "rule", decision.rule)
        if !decision.obligations.isEmpty { item.append(unique: "obligations", decision.obligations) }
        if let relation = answer.sheet?.facts.relation, relation != .none {
            item.append(unique: "relation", relation.rawValue)
        }
        item.append(unique: "level", answer.relationLevel?.rawValue)
        item.append(unique: "episode", answer.episode?.id)
        item.append(unique: "access", answer.access)
        if context.purpose == "BTG" || context.purpose == "REG15" {
            // What the professional declared of an emergency: their word, kept as such.
            item.append(unique: "declared") { declared in
                declared.append(unique: "immediate_risk", .bool(context.immediateRisk))
                declared.append(unique: "patient_capacity", context.patientCapacity)
                declared.append(unique: "justification", context.justification)
                declared.append(unique: "call_id", context.callID)
            }
        }
        // Who was shown a patient's choices can be found again.
        if answer.trace != nil { item.append(unique: "trace", .bool(true)) }
        if let ignored = answer.sheet?.ignored, !ignored.isEmpty { item.append(unique: "ignored", ignored) }
        if !decision.errors.isEmpty { item.append(unique: "errors", decision.errors) }
    }

    /// The identifier of an answer: where its entry stands, and which item of it.
    static func identifier(_ position: EntryPosition?, item: Int, of count: Int) -> String? {
        guard let position else { return nil }
        let entry = "\(position.chain):\(position.sequence)"
        return count == 1 ? entry : "\(entry):\(item)"
    }
}
