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
        var details = JSONObject(reservingCapacity: 4)
        details.append(unique: "client", caller.client)
        details.append(unique: "request", requestID)
        if let version = answers.lazy.compactMap(\.policyVersion).first {
            details.append(unique: "policy_version", .integer(version))
        }
        EntryItems.write(zip(questions, answers).map(item), in: &details)
        let asked = questions.prefix(answers.count)
        let patient = asked.first?.patient
        return EntryDraft(
            kind: .decision, instant: instant, actor: caller.actor,
            // Several patients in one call: each item names its own.
            patient: asked.dropFirst().allSatisfy { $0.patient == patient } ? patient : nil, details: details)
    }

    private func item(_ question: AccessQuestion, _ answer: Answer) -> JSONObject {
        var item = JSONObject(reservingCapacity: 12)
        var subject = JSONObject(reservingCapacity: 4)
        subject.append(unique: "type", question.subject.type)
        subject.append(unique: "id", question.subject.id)
        subject.append(unique: "proven", .bool(caller.voice != .application))
        subject.append(unique: "situation", caller.situation(of: question.subject))
        item.append(unique: "subject", .object(subject))
        item.append(unique: "action", question.action)
        item.append(
            unique: "resource", ["type": .string(question.resource.type), "id": .string(question.resource.id)])
        item.append(unique: "patient", question.patient?.value)
        item.append(unique: "purpose", question.context.purpose)
        item.append(unique: "outcome", answer.decision.outcome.rawValue)
        item.append(unique: "reason", answer.decision.reason)
        item.append(unique: "rule", answer.decision.rule)
        func append(_ name: String, unlessEmpty values: [String]) {
            if !values.isEmpty { item.append(unique: name, JSONValue(values)) }
        }
        append("obligations", unlessEmpty: answer.decision.obligations)
        if let relation = answer.sheet?.facts.relation, relation != .none {
            item.append(unique: "relation", relation.rawValue)
        }
        item.append(unique: "level", answer.relationLevel?.rawValue)
        item.append(unique: "episode", answer.episode?.id)
        item.append(unique: "access", answer.access)
        if let purpose = question.context.purpose, purpose == "BTG" || purpose == "REG15" {
            item.append(unique: "declared", .object(DecisionEntry.declared(question.context)))
        }
        // Who was shown a patient's choices can be found again.
        if answer.trace != nil { item.append(unique: "trace", true) }
        append("ignored", unlessEmpty: answer.sheet?.ignored ?? [])
        append("errors", unlessEmpty: answer.decision.errors)
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
