// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Testing

@testable import SocleCedar

@Suite("Published JSON form of schemas", .enabled(if: Vectors.isReplayed, Comment(rawValue: Vectors.absence)))
struct SchemaFormTests {
    @Test("every schema means the same in JSON and in text, and after each translation") func corpus() throws {
        let schemas = try Vectors.unpacked("corpus-json-schemas.tar.gz")
        defer { try? FileManager.default.removeItem(at: schemas) }
        let texts = try Vectors.unpacked("corpus-tests.tar.gz")
        defer { try? FileManager.default.removeItem(at: texts) }
        var count = 0
        for file in try CorpusReplay.files(below: schemas, where: { $0.hasSuffix(".cedarschema.json") }) {
            let name = file.lastPathComponent.replacing(".cedarschema.json", with: "")
            let text = texts.appendingPathComponent("corpus-tests/\(name).cedarschema")
            try check(name, json: CorpusCase.text(file), text: CorpusCase.text(text))
            count += 1
        }
        print("corpus-json-schemas: \(count) schemas")
        #expect(count == 6591)
    }

    @Test("the schemas of the samples mean the same in both forms") func samples() throws {
        let root = try Vectors.required().appendingPathComponent("cli-samples")
        var count = 0
        for file in try CorpusReplay.files(below: root, where: { $0.hasSuffix(".cedarschema.json") }) {
            let text = file.deletingPathExtension()
            guard FileManager.default.fileExists(atPath: text.path) else { continue }
            try check(file.path, json: CorpusCase.text(file), text: CorpusCase.text(text))
            count += 1
        }
        print("cli-samples: \(count) schemas in both forms")
        #expect(count > 10)
    }

    private func check(_ name: String, json: String, text: String) throws {
        do {
            let (fromJSON, fromText) = (try SchemaSource(json: json), try SchemaSource(parsing: text))
            let meant = try fromText.resolved().effective
            if try fromJSON.resolved().effective != meant { Issue.record("\(name): the two forms differ") }
            if try SchemaSource(json: fromText.json).resolved().effective != meant {
                Issue.record("\(name): text to JSON differs")
            }
            if try SchemaSource(parsing: fromJSON.text()).resolved().effective != meant {
                Issue.record("\(name): JSON to text differs")
            }
            let printed = try fromText.text()
            if try SchemaSource(parsing: printed).text() != printed { Issue.record("\(name): not stable") }
        } catch { Issue.record("\(name): \(error)") }
    }
}

extension Schema {
    /// What the schema lets be asked: an action without principals or without resources applies to nothing, however
    /// its form says so.
    fileprivate var effective: Schema {
        var schema = self
        for (uid, action) in actions where action.principals.isEmpty || action.resources.isEmpty {
            schema.actions[uid] = .init(
                principals: [], resources: [], context: RecordType(), ancestors: action.ancestors)
        }
        return schema
    }
}
