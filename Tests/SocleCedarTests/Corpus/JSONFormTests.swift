// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import SocleJSON
import Testing

@Suite("Published JSON form of policies", .enabled(if: Vectors.isReplayed, Comment(rawValue: Vectors.absence)))
struct JSONFormTests {
    @Test("every generated policy has the reference's JSON form, comes back from it and from print") func corpus()
        throws
    {
        let policies = try Vectors.unpacked("corpus-json-policies.tar.gz")
        defer { try? FileManager.default.removeItem(at: policies) }
        let texts = try Vectors.unpacked("corpus-tests.tar.gz")
        defer { try? FileManager.default.removeItem(at: texts) }
        let files = try CorpusReplay.files(below: policies) { $0.hasSuffix(".policies.json") }
        for file in files {
            let name = file.lastPathComponent.replacing(".policies.json", with: ".cedar")
            let text = try CorpusCase.text(texts.appendingPathComponent("corpus-tests/\(name)"))
            try compare(text, CorpusCase.json(CorpusCase.text(file)), name)
        }
        print("corpus-json-policies: \(files.count) policy sets")
        #expect(files.count == 6637)
    }

    @Test("every mutated text that parses has the reference's JSON form, and comes back from it and from print")
    func mutated() throws {
        for line in try Vectors.lines(gzipped: "parse-policies.jsonl.gz") {
            let json = try CorpusCase.json(line)
            guard json["parses"]?.bool == true, let text = json["text"]?.string, let est = json["est"] else { continue }
            try compare(text, est, text)
        }
    }

    private func compare(_ text: String, _ expected: JSONValue, _ name: String) throws {
        let written = try PolicySet(parsing: text).json()
        let found = try CorpusCase.json(written)
        try comparePrinted(text, name)
        if found != expected { Issue.record("\(name): \(written)\nexpected \(expected.text)") }
        if try CorpusCase.json(PolicySet(json: written).json()) != expected {
            Issue.record("\(name) does not come back")
        }
    }

    /// What is printed reads as the same policies, and prints as itself.
    private func comparePrinted(_ text: String, _ name: String) throws {
        let original = try PolicySet(parsing: text)
        let printed = original.description
        let again = try PolicySet(parsing: printed)
        let (before, after) = (original.policies + original.templates, again.policies + again.templates)
        let isSame =
            before.count == after.count
            && zip(before, after).allSatisfy { a, b in
                a.scope == b.scope && a.annotations == b.annotations && a.effect == b.effect
                    && a.conditions.map(\.keyword) == b.conditions.map(\.keyword)
                    && a.conditions.map(\.body) == b.conditions.map(\.body)
            }
        if !isSame || again.description != printed { Issue.record("\(name) is printed as\n\(printed)") }
    }
}
