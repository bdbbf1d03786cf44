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
        var details = JSONObject()
        details["client"] = .string(caller.client)
        details["request"] = requestID.map(JSONValue.string)
        details["policy_version"] = answers.lazy.compactMap(\.policyVersion).first.map(JSONValue.integer)
        EntryItems.write(zip(questions, answers).map(item), in: &details)
        let patients = Set(questions.prefix(answers.count).map(\.patient))
        return EntryDraft(
            kind: .decision, instant: instant, actor: caller.actor,
            // Several patients in one call: each item names its own.
            patient: patients.count == 1 ? patients.first.flatMap(\.self) : nil, details: details)
    }

    private func item(_ question: AccessQuestion, _ answer: Answer) -> JSONObject {
        var item = JSONObject()
        var subject: JSONObject = ["type": .string(question.subject.type), "id": .string(question.subject.id)]
        switch caller.voice {
        case .person(let session):
            subject["proven"] = true
            subject["situation"] = session.situation.map(JSONValue.string)
        case .application:
            subject["proven"] = false
            subject["situation"] = question.subject.situation.map(JSONValue.string)
        }
        item["subject"] = .object(subject)
        item["action"] = .string(question.action)
        item["resource"] = ["type": .string(question.resource.type), "id": .string(question.resource.id)]
        item["patient"] = question.patient.map { .string($0.value) }
        item["purpose"] = question.context.purpose.map(JSONValue.string)
        item["outcome"] = .string(answer.decision.outcome.rawValue)
        item["reason"] = .string(answer.decision.reason)
        item["rule"] = .string(answer.decision.rule)
        if !answer.decision.obligations.isEmpty { item["obligations"] = JSONValue(answer.decision.obligations) }
        if let relation = answer.sheet?.facts.relation, relation != .none {
            item["relation"] = .string(relation.rawValue)
        }
        item["level"] = (answer.relationLevel?.rawValue).map(JSONValue.string)
        item["episode"] = (answer.episode?.id).map(JSONValue.string)
        item["access"] = answer.access.map(JSONValue.string)
        if ["BTG", "REG15"].contains(question.context.purpose) {
            item["declared"] = .object(DecisionEntry.declared(question.context))
        }
        // Who was shown a patient's choices can be found again.
        if answer.trace != nil { item["trace"] = true }
        if let ignored = answer.sheet?.ignored, !ignored.isEmpty { item["ignored"] = JSONValue(ignored) }
        if !answer.decision.errors.isEmpty { item["errors"] = JSONValue(answer.decision.errors) }
        return item
    }

    /// What the professional declared of an emergency: their word, kept as such.
    private static func declared(_ context: AccessQuestion.Context) -> JSONObject {
        var declared = JSONObject()
        declared["immediate_risk"] = .bool(context.immediateRisk)
        declared["patient_capacity"] = context.patientCapacity.map(JSONValue.string)
        declared["justification"] = context.justification.map(JSONValue.string)
        declared["call_id"] = context.callID.map(JSONValue.string)
        return declared
    }

    /// The identifier of an answer: where its entry stands, and which item of it.
    static func identifier(_ position: EntryPosition?, item: Int, of count: Int) -> String? {
        guard let position else { return nil }
        let entry = "\(position.chain):\(position.sequence)"
        return count == 1 ? entry : "\(entry):\(item)"
    }
}
