// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import SocleJSON
import Testing

@Suite("Published cases kept with the sources")
struct SubsetTests {
    private static func cases() throws -> [CorpusCase] {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try CorpusCase.text(package.appendingPathComponent("Tests/Corpora/cedar/cases.jsonl"))
        return try text.split(separator: "\n").map { try CorpusCase(line: String($0)) }
    }

    @Test("each is validated and answered as the reference does") func replay() throws {
        let cases = try Self.cases()
        for mismatch in try cases.flatMap({ try $0.mismatches() }) { Issue.record(Comment(rawValue: mismatch)) }
        #expect(cases.count > 200)
    }

    @Test("printing, laying out and the JSON form keep the meaning; laying out twice changes nothing") func forms()
        throws
    {
        for corpusCase in try Self.cases() {
            let printed = corpusCase.policies.description
            let formatted = try PolicyFormatter.format(printed)
            #expect(try PolicyFormatter.format(formatted) == formatted, "\(corpusCase.name)")
            #expect(try PolicySet(parsing: formatted).description == printed, "\(corpusCase.name)")
            // The JSON form does not tell `(a && b) && c` from `a && b && c`: it is compared with itself.
            let json = try corpusCase.policies.json()
            #expect(try PolicySet(json: json).json() == json, "\(corpusCase.name)")
        }
    }

    @Test("the order of policies changes no decision, no determining policy and no error") func order() throws {
        let cases = try Self.cases()
        for (number, corpusCase) in cases.enumerated() {
            // The policies of a dozen cases, asked about the entities and the requests of one of them.
            let policies = (0..<12).flatMap { cases[(number + $0) % cases.count].policies.policies }
            let orders = [policies, policies.reversed(), policies.sorted { "\($0)" < "\($1)" }]
            for expected in corpusCase.requests {
                let answers = try orders.map { order in
                    try compiled(order).authorize(expected.request, corpusCase.entities)
                }
                for answer in answers.dropFirst() {
                    #expect(answer.decision == answers[0].decision, "\(corpusCase.name)")
                    #expect(Set(answer.determining) == Set(answers[0].determining), "\(corpusCase.name)")
                    #expect(Set(answer.errors.map(\.policyID)) == Set(answers[0].errors.map(\.policyID)))
                }
            }
        }
    }

    /// The policies in this order, each named by what it says.
    private func compiled(_ policies: [Policy]) throws -> CompiledPolicies {
        var set = PolicySet()
        var known: Set<String> = []
        for policy in policies where known.insert(policy.description).inserted {
            try set.add(
                Policy(
                    id: policy.description, effect: policy.effect, annotations: policy.annotations, scope: policy.scope,
                    conditions: policy.conditions, position: policy.position))
        }
        return CompiledPolicies(set)
    }

    @Test("an explanation says what the decision did") func explanations() throws {
        for corpusCase in try Self.cases() {
            let compiled = CompiledPolicies(corpusCase.policies)
            for expected in corpusCase.requests {
                let answer = compiled.authorize(expected.request, corpusCase.entities)
                for explanation in compiled.explain(expected.request, corpusCase.entities) {
                    let isSatisfied = answer.satisfied.contains { $0.id == explanation.policy.id }
                    let isErring = answer.errors.contains { $0.policyID == explanation.policy.id }
                    switch explanation.outcome {
                    case .holds: #expect(isSatisfied, "\(corpusCase.name)")
                    case .fails: #expect(!isSatisfied && !isErring, "\(corpusCase.name)")
                    case .error: #expect(isErring, "\(corpusCase.name)")
                    case .notReached: Issue.record("\(corpusCase.name): a policy is always looked at")
                    }
                }
            }
        }
    }
}

extension CorpusCase {
    /// One line of the kept cases, which holds everything.
    fileprivate init(line: String) throws {
        let json = try CorpusCase.json(line)
        name = json["name"]?.string ?? ""
        policies = try PolicySet(parsing: json["policies"]?.string ?? "")
        let schema = try Schema(parsing: json["schema"]?.string ?? "")
        self.schema = schema
        entities = try Entities(json: (json["entities"] ?? []).text, schema: schema)
        shouldValidate = json["shouldValidate"]?.bool ?? true
        requests = try CorpusCase.expectations(json, schema)
    }
}
