// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import SocleJSON
import Testing

@Suite("Published validation results", .enabled(if: Vectors.isReplayed, Comment(rawValue: Vectors.absence)))
struct ValidationCorpusTests {
    @Test("each policy is strictly valid exactly when the reference finds it so, and so is the whole set") func strict()
        throws
    {
        let results = try Vectors.unpacked("corpus-validation.tar.gz")
        defer { try? FileManager.default.removeItem(at: results) }
        let texts = try Vectors.unpacked("corpus-tests.tar.gz")
        defer { try? FileManager.default.removeItem(at: texts) }
        var (policies, invalid, absent, entities, requests) = (0, 0, 0, 0, 0)
        for file in try CorpusReplay.files(below: results, where: { $0.hasSuffix(".validation.json") }) {
            let name = file.lastPathComponent.replacing(".validation.json", with: "")
            let source = texts.appendingPathComponent("corpus-tests/\(name)")
            guard FileManager.default.fileExists(atPath: source.appendingPathExtension("cedar").path) else {
                absent += 1
                continue
            }
            let schema = try Schema(parsing: CorpusCase.text(source.appendingPathExtension("cedarschema")))
            let set = try PolicySet(parsing: CorpusCase.text(source.appendingPathExtension("cedar")))
            let faulty = Set(schema.validate(set).map(\.policyID))
            let verdicts = try CorpusCase.json(CorpusCase.text(file))
            // Every entity and every request was found valid; `CorpusCase.mismatches` asks the same of ours.
            for (name, verdict) in verdicts["entityValidation"]?["perEntity"]?.object?.members ?? [] {
                entities += 1
                if verdict["errors"] != nil { Issue.record("\(name) is not valid for the reference") }
            }
            for verdict in verdicts["requestValidation"]?.array ?? [] {
                requests += 1
                if verdict["strict"]?.bool != true { Issue.record("a request is not valid for the reference") }
            }
            let expected = verdicts["policyValidation"]
            if expected?["strict"]?.bool != faulty.isEmpty { Issue.record("\(name): strict is not \(faulty.isEmpty)") }
            for (id, verdict) in expected?["perPolicy"]?.object?.members ?? [] {
                policies += 1
                if faulty.contains(id) { invalid += 1 }
                if verdict["strict"]?.bool == faulty.contains(id) { Issue.record("\(name), \(id)") }
            }
        }
        print(
            "corpus-validation: \(policies) policies, \(invalid) of them invalid, \(entities) entities, \(requests) requests, "
                + "\(absent) cases without their text")
        #expect(policies > 6000 && invalid > 1000 && entities > 40_000 && requests > 50_000)
    }
}
