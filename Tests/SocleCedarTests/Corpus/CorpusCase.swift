// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import SocleJSON

/// One file of the corpus: policies, entities, a schema, and requests with their expected answers.
struct CorpusCase {
    var name: String
    var policies: PolicySet
    var entities: Entities
    var schema: Schema
    var shouldValidate: Bool
    var requests: [Expectation]

    struct Expectation {
        var request: Request
        var decision: Decision
        var reason: Set<String>
        var errors: Set<String>
    }

    init(_ file: URL, relativeTo root: URL) throws {
        name = file.lastPathComponent
        let json = try CorpusCase.json(CorpusCase.text(file))
        func sibling(_ member: String) throws -> String {
            try CorpusCase.text(root.appendingPathComponent(json[member]?.string ?? ""))
        }
        policies = try PolicySet(parsing: try sibling("policies"))
        schema = try Schema(parsing: try sibling("schema"))
        entities = try Entities(json: try sibling("entities"), schema: schema)
        shouldValidate = json["shouldValidate"]?.bool ?? true
        requests = try CorpusCase.expectations(json, schema)
    }

    static func expectations(_ json: JSONValue, _ schema: Schema) throws -> [Expectation] {
        try (json["requests"]?.array ?? []).map { request in
            Expectation(
                request: try Request(json: request.text, schema: schema),
                decision: request["decision"]?.string == "allow" ? .allow : .deny,
                reason: Set(request["reason"]?.strings ?? []), errors: Set(request["errors"]?.strings ?? []))
        }
    }

    /// Our own data: larger than what a request may be.
    static func json(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: text, limits: JSONLimits(bytes: 1 << 26, depth: 128, values: 10_000_000))
    }

    static func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }

    /// What came out otherwise than expected, each described: the verdict of validation, then every request.
    func mismatches() throws -> [String] {
        var mismatches: [String] = []
        let findings = schema.validate(policies)
        if findings.isEmpty != shouldValidate {
            mismatches.append("\(name): should validate: \(shouldValidate), found \(findings)")
        }
        let compiled = CompiledPolicies(policies)
        for entity in entities {
            if let fault = schema.fault(of: entity) { mismatches.append("\(name): \(fault)") }
        }
        for (number, expected) in requests.enumerated() {
            let answer = compiled.authorize(expected.request, entities)
            if let fault = schema.fault(of: expected.request) {
                mismatches.append("\(name) request \(number): \(fault)")
            }
            let strict = compiled.authorizeStrictly(expected.request, entities)
            let isRight =
                answer.decision == expected.decision && Set(answer.determining) == expected.reason
                && Set(answer.errors.map(\.policyID)) == expected.errors
                && strict.decision == (expected.errors.isEmpty ? expected.decision : .deny)
            guard !isRight else { continue }
            mismatches.append(
                "\(name) request \(number): \(answer.decision) \(answer.determining) \(answer.errors), "
                    + "expected \(expected.decision) \(expected.reason) \(expected.errors)")
        }
        return mismatches
    }
}
