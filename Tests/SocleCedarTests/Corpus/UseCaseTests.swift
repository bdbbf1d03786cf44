// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleJSON
import Testing

@testable import SocleCedar

@Suite("Published example applications", .enabled(if: Vectors.isReplayed, Comment(rawValue: Vectors.absence)))
struct UseCaseTests {
    @Test("each request is allowed or denied as its folder says, templates linked") func replay() throws {
        let root = try Vectors.required().appendingPathComponent("use-cases")
        let folders = try CorpusReplay.files(below: root) { $0.hasSuffix("policies.cedar") }
            .map { $0.deletingLastPathComponent() }
        var (applications, requests) = (0, 0)
        for folder in folders {
            applications += 1
            let schema = try Schema(
                parsing: CorpusCase.text(folder.appendingPathComponent("policies.cedarschema")))
            let policies = try policies(in: folder)
            #expect(schema.validate(policies) == [], "\(folder.lastPathComponent)")
            let compiled = CompiledPolicies(policies)
            let entities = try Entities(
                json: CorpusCase.text(folder.appendingPathComponent("entities.json")), schema: schema)
            for outcome in ["ALLOW", "DENY"] {
                let files = try CorpusReplay.files(below: folder.appendingPathComponent(outcome)) {
                    $0.hasSuffix(".json")
                }
                for file in files {
                    requests += 1
                    let request = try request(CorpusCase.json(CorpusCase.text(file)), schema)
                    let answer = compiled.authorize(request, entities)
                    #expect(answer.decision.rawValue == outcome.lowercased(), "\(file.path): \(answer.errors)")
                    #expect(answer.errors.isEmpty)
                }
            }
        }
        print("use-cases: \(applications) applications, \(requests) requests")
        #expect(applications == 9 && requests > 0)
    }

    /// With the links of the folder, which name templates by their `@id`.
    private func policies(in folder: URL) throws -> PolicySet {
        var set = try PolicySet(parsing: CorpusCase.text(folder.appendingPathComponent("policies.cedar")))
        let file = folder.appendingPathComponent("linked")
        guard FileManager.default.fileExists(atPath: file.path) else { return set }
        for link in try CorpusCase.json(CorpusCase.text(file)).array ?? [] {
            let template = try #require(
                set.templates.first { $0.annotations["id"] == link["template_id"]?.string })
            var values: [Slot: EntityUID] = [:]
            for slot in [Slot.principal, .resource] {
                if let text = link["args"]?["?\(slot.rawValue)"]?.string { values[slot] = try uid(text) }
            }
            try set.link(
                templateID: template.id, id: try #require(link["link_id"]?.string), values: values)
        }
        return set
    }

    /// The requests of these folders write entities as policies do.
    private func request(_ json: JSONValue, _ schema: Schema) throws -> Request {
        var request: JSONObject = ["context": json["context"] ?? [:]]
        for part in ["principal", "action", "resource"] {
            let uid = try uid(try #require(json[part]?.string))
            request[part] = ["type": .string(uid.type), "id": .string(uid.id)]
        }
        return try Request(json: JSONValue.object(request).text, schema: schema)
    }

    private func uid(_ text: String) throws -> EntityUID {
        var parser = PolicyParser(text, ParsingLimits())
        return try parser.entity()
    }
}
