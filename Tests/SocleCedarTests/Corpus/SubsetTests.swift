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

    @Test("the order of policies changes no decision") func order() throws {
        for corpusCase in try Self.cases() {
            let twice = corpusCase.policies.description + "\nforbid(principal, action, resource) when { false };"
            let reversed = "forbid(principal, action, resource) when { false };\n" + corpusCase.policies.description
            let (one, other) = (
                CompiledPolicies(try PolicySet(parsing: twice)), CompiledPolicies(try PolicySet(parsing: reversed))
            )
            for expected in corpusCase.requests {
                let (a, b) = (
                    one.authorize(expected.request, corpusCase.entities),
                    other.authorize(expected.request, corpusCase.entities)
                )
                #expect(a.decision == b.decision && a.errors.count == b.errors.count, "\(corpusCase.name)")
            }
        }
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
