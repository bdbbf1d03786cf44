// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
package import SocleJSON

extension DecisionTrace {
    /// `context.trace` of an answer.
    package var json: JSONValue {
        var named = JSONObject()
        for (name, value) in facts { named[name] = .string(value) }
        var object: JSONObject = ["facts": .object(named)]
        object["matrix"] = cell.map(JSONValue.string)
        object["policies"] = .array(steps.map(\.json))
        object["ignored"] = JSONValue(ignored)
        object["errors"] = JSONValue(errors)
        return .object(object)
    }
}

extension DecisionTrace.Step {
    fileprivate var json: JSONValue {
        [
            "id": .string(rule.id), "order": .string("\(rule.order)"), "rule": .string(rule.rule),
            "effect": .string(rule.effect.rawValue), "reason": .string(rule.reason), "applies": .bool(applies),
            "decides": .bool(decides), "conditions": .array(conditions.map(\.json)),
        ]
    }
}

extension Explanation.Finding {
    fileprivate var json: JSONValue {
        var object: JSONObject = ["condition": .string(text), "outcome": .string(outcome.name)]
        if case .error(let message) = outcome { object["error"] = .string(message) }
        if !values.isEmpty {
            var met = JSONObject()
            for value in values { met[value.text] = .string(value.value) }
            object["values"] = .object(met)
        }
        if !parts.isEmpty { object["parts"] = .array(parts.map(\.json)) }
        return .object(object)
    }
}

extension Explanation.Outcome {
    package var name: String {
        switch self {
        case .holds: "holds"
        case .fails: "fails"
        case .error: "error"
        case .notReached: "not_reached"
        }
    }
}
