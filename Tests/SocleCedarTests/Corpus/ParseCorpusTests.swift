// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleJSON
import Testing

@Suite("Published parse verdicts", .enabled(if: Vectors.isReplayed, Comment(rawValue: Vectors.absence)))
struct ParseCorpusTests {
    @Test("a mutated policy text parses exactly when the reference parses it") func policies() throws {
        let count = try replay("parse-policies.jsonl.gz") { _ = try PolicySet(parsing: $0) }
        #expect(count.texts == 1040 && count.parsed == 203)
    }

    @Test("a mutated schema text parses exactly when the reference parses it") func schemas() throws {
        let count = try replay("parse-schemas.jsonl.gz") { _ = try Schema(parsing: $0) }
        #expect(count.texts == 521 && count.parsed == 108)
    }

    private func replay(_ path: String, _ parse: (String) throws -> Void) throws -> (texts: Int, parsed: Int) {
        var parsed = 0
        let lines = try Vectors.lines(gzipped: path)
        for line in lines {
            let json = try CorpusCase.json(line)
            guard let text = json["text"]?.string, let expected = json["parses"]?.bool else {
                Issue.record("a line of \(path) is not what its description says")
                continue
            }
            do {
                try parse(text)
                parsed += 1
                if !expected { Issue.record("parsed, should not: \(json["error"]?.string ?? "") in\n\(text)") }
            } catch {
                if expected { Issue.record("refused, should parse: \(error) in\n\(text)") }
            }
        }
        print("\(path): \(lines.count) texts, \(parsed) parsed")
        return (lines.count, parsed)
    }
}
