// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar

/// The health region: its policies, its people and documents, and the questions with the answers expected.
struct Region {
    struct Name {
        var type: String
        var id: String
    }

    /// A question whose entities are still texts.
    final class Question {
        let principal: Name
        let action: Name
        let resource: Name
        let request: Request
        let decision: Decision
        let determining: [String]

        init(_ request: Request, _ decision: Decision, _ determining: [String]) {
            principal = Name(type: request.principal.type, id: request.principal.id)
            action = Name(type: request.action.type, id: request.action.id)
            resource = Name(type: request.resource.type, id: request.resource.id)
            self.request = request
            self.decision = decision
            self.determining = determining
        }
    }

    let text: String
    let schemaText: String
    let schema: Schema
    let entities: Entities
    let questions: [Question]

    init(folder: URL) throws {
        func file(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }
        text = String(decoding: try file("policies.cedar"), as: UTF8.self)
        schemaText = String(decoding: try file("schema.cedarschema"), as: UTF8.self)
        let schema = try Schema(parsing: schemaText)
        self.schema = schema
        entities = try Entities(json: String(decoding: try file("entities.json"), as: UTF8.self), schema: schema)
        let root = try JSONSerialization.jsonObject(with: file("requests.json")) as? [String: Any]
        questions = try (root?["requests"] as? [[String: Any]] ?? []).map { question in
            let json = try JSONSerialization.data(
                withJSONObject: question.filter { ["principal", "action", "resource", "context"].contains($0.key) })
            let request = try Request(json: String(decoding: json, as: UTF8.self), schema: schema)
            let number = { (id: String) in Int(id.dropFirst("policy".count)) ?? 0 }
            return Question(
                request, question["decision"] as? String == "allow" ? .allow : .deny,
                (question["reason"] as? [String] ?? []).sorted { number($0) < number($1) })
        }
    }

    /// The region's policies, and as many copies of them as asked about roles and document classes nobody has.
    func source(copies: Int) -> String {
        guard copies > 0 else { return text }
        return
            ([text]
            + (1...copies).map { copy in
                (0..<25).map { number in
                    """
                    @id("copy.\(copy).\(number)")
                    permit(principal in Sesan::Role::"role-\(copy)-\(number)", action == Sesan::Action::"read", \
                    resource is Sesan::Document)
                    when { (principal in resource.patient.careTeams || resource.patient.grantedPros.contains(principal)
                      || principal in resource.patient.grantedOrgs)
                      && [Sesan::DocType::"A\(copy)", Sesan::DocType::"B\(number)"].contains(resource.docType) };
                    """
                }.joined(separator: "\n")
            }).joined(separator: "\n")
    }

    func compiled(copies: Int) throws -> CompiledPolicies {
        CompiledPolicies(try PolicySet(parsing: source(copies: copies)))
    }

    /// Microseconds per policy to parse, to validate and to compile.
    func preparation(rounds: Int) throws -> [String: Double] {
        var set = try PolicySet(parsing: text)
        let parse = try Lap.best(rounds) { set = try PolicySet(parsing: text) }.wall
        let validate = Lap.best(rounds) { precondition(schema.validate(set).isEmpty) }.wall
        let compile = Lap.best(rounds) { precondition(CompiledPolicies(set).policies.count == 25) }.wall
        return [
            "parse_us_per_policy": parse / 25e3, "validate_us_per_policy": validate / 25e3,
            "compile_us_per_policy": compile / 25e3,
        ]
    }

    /// What a decision takes, from the typed request to the decision and its determining policies.
    ///
    /// - Parameter isResolved: takes the entity names already made, instead of making them of their texts.
    @discardableResult
    func replay(_ policies: CompiledPolicies, isResolved: Bool = false) -> Lap {
        var wrong = 0
        let lap = Lap {
            for question in questions {
                let request =
                    isResolved
                    ? question.request
                    : Request(
                        principal: EntityUID(type: question.principal.type, id: question.principal.id),
                        action: EntityUID(type: question.action.type, id: question.action.id),
                        resource: EntityUID(type: question.resource.type, id: question.resource.id),
                        context: question.request.context)
                let answer = policies.authorize(request, entities)
                if answer.decision != question.decision || answer.determining != question.determining
                    || !answer.errors.isEmpty
                {
                    wrong += 1
                }
            }
        }
        guard wrong == 0 else {
            FileHandle.standardError.write(Data("\(wrong) answers are not the expected ones\n".utf8))
            exit(1)
        }
        return lap / questions.count
    }
}
