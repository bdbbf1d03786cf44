// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

/// One expected decision: a situation as a policy author writes it, and the answer it must get.
///
/// - Shape: one line of a scenarios file; a variant is a JSON Merge Patch (RFC 7396) on its scenario.
package struct Scenario: Sendable {
    package struct Expected: Hashable, Sendable {
        package var outcome: Decision.Outcome
        package var reason: String
        package var rule: String
        /// Order is not significant.
        package var obligations: Set<String>
        package var advice: [String]
    }

    package let id: String
    /// The scenario this is a variant of, or itself.
    package let group: String
    package let title: String
    package let expected: Expected
    let json: JSONValue

    /// The scenario of one line and its variants, in their order.
    /// - Throws: what is missing, named.
    package static func reading(line: some Collection<UInt8>) throws(ScenarioFault) -> [Scenario] {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: line)
        } catch {
            throw ScenarioFault("not JSON: \(error)")
        }
        let group = json["id"]
        var scenarios = [
            try Scenario(json, expected: json["expected"], id: group, group: group, title: json["title"])
        ]
        for variant in json["variants"]?.array ?? [] {
            scenarios.append(
                try Scenario(
                    json.merging(variant["patch"] ?? .object(JSONObject())), expected: variant["expected"],
                    id: variant["id"], group: group, title: variant["title"]))
        }
        return scenarios
    }

    private init(
        _ json: JSONValue, expected: JSONValue?, id: JSONValue?, group: JSONValue?, title: JSONValue?
    ) throws(ScenarioFault) {
        guard let id = id?.string else { throw ScenarioFault("no `id`") }
        guard let expected, let outcome = expected["decision"]?.string.flatMap(Decision.Outcome.init(rawValue:)),
            let reason = expected["reason"]?.string, let rule = expected["rule"]?.string
        else { throw ScenarioFault("\(id): `expected` needs decision, reason and rule") }
        self.id = id
        self.group = group?.string ?? id
        self.title = title?.string ?? ""
        self.json = json
        self.expected = Expected(
            outcome: outcome, reason: reason, rule: rule,
            obligations: Set(expected["obligations"]?.strings ?? []), advice: expected["advice"]?.strings ?? [])
    }

    /// How a decision differs from the expected one; empty when it does not.
    package func differences(from decision: Decision) -> [String] {
        var lines: [String] = []
        func compare(_ name: String, _ expected: String, _ found: String) {
            if expected != found { lines.append("\(name): expected \(expected), found \(found)") }
        }
        compare("decision", expected.outcome.rawValue, decision.outcome.rawValue)
        compare("reason", expected.reason, decision.reason)
        compare("rule", expected.rule, decision.rule)
        compare("obligations", "\(expected.obligations.sorted())", "\(decision.obligations.sorted())")
        compare("advice", "\(expected.advice)", "\(decision.advice)")
        return lines
    }
}

/// Why a line is not a scenario.
package struct ScenarioFault: Error, Equatable {
    package var message: String
    init(_ message: String) { self.message = message }
}

extension JSONValue {
    /// This value patched as RFC 7396 has it: objects are merged, null removes, anything else replaces.
    func merging(_ patch: JSONValue) -> JSONValue {
        guard let patch = patch.object else { return patch }
        var result = object ?? JSONObject()
        for member in patch.members {
            result[member.name] =
                member.value.isNull ? nil : (result[member.name] ?? .null).merging(member.value)
        }
        return .object(result)
    }
}
