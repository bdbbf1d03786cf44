// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleCedar
import SocleJSON

/// `socle cedar authorize`: Cedar's standard semantics; a deny is an answer, so the exit status is 0.
struct CedarAuthorize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorize", abstract: "Answer requests by policies and entities.",
        discussion: """
            Requests are a JSON array of {"principal", "action", "resource", "context"}, the first three as \
            {"type", "id"}. Prints a JSON array of answers in the same order. The schema only gives entities their \
            types and adds its actions: nothing is validated. An erring policy is left out and reported, as Cedar \
            does; Socle itself refuses instead.
            """)

    @Option(help: ArgumentHelp("Policies, text or JSON.", valueName: "file")) var policies: String
    @Option(help: ArgumentHelp("Entities, JSON.", valueName: "file")) var entities: String
    @Option(help: ArgumentHelp("Schema, text or JSON.", valueName: "file")) var schema: String?
    @Option(help: ArgumentHelp("Template links, JSON.", valueName: "file")) var links: String?
    @Option(help: ArgumentHelp("Requests, JSON.", valueName: "file")) var requests: String
    @Flag(help: "Add why each policy applied or did not.") var explain = false
    @OptionGroup var form: AlwaysJSON

    func run() throws {
        let schema = try schema.map { path throws(CommandFailure) in try CedarFile.schema(path) }
        let compiled = CompiledPolicies(try CedarFile.policies(policies, links: links))
        let store = try store(schema)
        guard let questions = try CedarFile.json(requests).array else {
            throw CommandFailure("\(requests): an array of requests is expected")
        }
        var answers: [JSONValue] = []
        for (place, question) in questions.enumerated() {
            let request: Request
            do { request = try Request(json: question.text, schema: schema) } catch {
                throw CommandFailure("\(requests): [\(place)]: \(error)")
            }
            answers.append(answer(request, compiled, store))
        }
        Console.print(json: .array(answers))
    }

    private func store(_ schema: Schema?) throws(CommandFailure) -> Entities {
        let text = try CedarFile.text(entities)
        do { return try Entities(json: text, schema: schema) } catch { throw CommandFailure("\(entities): \(error)") }
    }

    private func answer(_ request: Request, _ policies: CompiledPolicies, _ entities: Entities) -> JSONValue {
        let answer = policies.authorize(request, entities)
        var members: JSONObject = [
            "decision": .string(answer.decision.rawValue),
            "reason": .array(answer.determining.map(JSONValue.string)),
            "errors": .array(answer.errors.map { .string($0.policyID) }),
            "messages": .array(
                answer.errors.map { ["policy": .string($0.policyID), "text": .string($0.message)] }),
        ]
        if explain {
            members["policies"] = .array(policies.explain(request, entities).map(CedarAuthorize.json))
        }
        return .object(members)
    }

    private static func json(_ explanation: Explanation) -> JSONValue {
        [
            "policy": .string(explanation.policy.id), "outcome": json(explanation.outcome),
            "clauses": .array(explanation.clauses.map(json)),
        ]
    }

    private static func json(_ finding: Explanation.Finding) -> JSONValue {
        [
            "text": .string(finding.text), "position": .string(finding.position.description),
            "outcome": json(finding.outcome), "parts": .array(finding.parts.map(json)),
            "values": .array(finding.values.map { ["text": .string($0.text), "value": .string($0.value)] }),
        ]
    }

    private static func json(_ outcome: Explanation.Outcome) -> JSONValue {
        switch outcome {
        case .holds: "true"
        case .fails: "false"
        case .error(let message): .string("error: \(message)")
        case .notReached: "not reached"
        }
    }
}
