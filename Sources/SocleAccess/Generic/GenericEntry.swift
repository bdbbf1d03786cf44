// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

/// What the journal keeps of a call in any vocabulary.
enum GenericEntry {
    static func item(
        _ question: GenericQuestion, _ caller: Caller, _ decision: Decision, _ ignored: [String]
    ) -> JSONObject {
        var item = JSONObject()
        item["subject"] = subject(question, caller)
        item["action"] = .string(question.action)
        item["resource"] = ["type": .string(question.resource.type), "id": .string(question.resource.id)]
        item["outcome"] = .string(decision.outcome.rawValue)
        item["reason"] = .string(decision.reason)
        item["rule"] = .string(decision.rule)
        if !decision.obligations.isEmpty { item["obligations"] = JSONValue(decision.obligations) }
        if !ignored.isEmpty { item["ignored"] = JSONValue(ignored) }
        if !decision.errors.isEmpty { item["errors"] = JSONValue(decision.errors) }
        return item
    }

    /// What was looked for and every name found.
    static func write(
        _ request: SearchRequest<GenericQuestion>, _ caller: Caller, _ found: [String], in details: inout JSONObject
    ) {
        details["search"] = .string(request.entity.rawValue)
        let question = request.question
        details["subject"] =
            request.entity == .subject
            ? ["type": .string(question.subject.type)] : subject(question, caller)
        if request.entity != .action { details["action"] = .string(question.action) }
        var resource: JSONObject = ["type": .string(question.resource.type)]
        if request.entity != .resource { resource["id"] = .string(question.resource.id) }
        details["resource"] = .object(resource)
        details["found"] = JSONValue(found)
    }

    private static func subject(_ question: GenericQuestion, _ caller: Caller) -> JSONValue {
        let isProven = if case .person = caller.voice { true } else { false }
        return [
            "type": .string(question.subject.type), "id": .string(question.subject.id), "proven": .bool(isProven),
        ]
    }
}
