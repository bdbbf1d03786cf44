// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import Testing

@Suite("Published formatter samples", .enabled(if: Vectors.isReplayed, Comment(rawValue: Vectors.absence)))
struct FormatterTests {
    /// Laid out otherwise than the reference, each for the reason `docs/cedar.md` gives.
    static let different: Set<String> = ["extended_has.cedar", "is_policies.cedar"]

    @Test("the samples are laid out as the reference lays them out, and laying out twice changes nothing")
    func samples()
        throws
    {
        let root = try Vectors.unpacked("formatter.tar.gz")
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = root.appendingPathComponent("formatter-tests")
        let data = try Vectors.required().appendingPathComponent("cli-samples")
        var (count, different) = (0, Set<String>())
        for file in try CorpusReplay.files(below: folder, where: { $0.hasSuffix(".snap") }) {
            // The set of the samples was taken twice; the earlier one is of an older formatter.
            guard !file.lastPathComponent.contains("cli_sample_data_format@") else { continue }
            let snapshot = try CorpusCase.text(file)
            let parts = snapshot.components(separatedBy: "\n---\n")
            let input = try #require(parts[0].split(separator: "input_file: ").last)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let source =
                input.contains("sample-data/")
                ? data.appendingPathComponent(input.components(separatedBy: "sample-data/")[1])
                : folder.appendingPathComponent(input.components(separatedBy: "tests/")[1])
            guard FileManager.default.fileExists(atPath: source.path) else { continue }
            let expected = parts.dropFirst().joined(separator: "\n---\n")
            let formatted = try PolicyFormatter.format(CorpusCase.text(source))
            #expect(try PolicyFormatter.format(formatted) == formatted, "\(input) is not stable")
            count += 1
            guard
                formatted.trimmingCharacters(in: .whitespacesAndNewlines)
                    != expected.trimmingCharacters(in: .whitespacesAndNewlines)
            else { continue }
            different.insert(source.lastPathComponent)
            if ProcessInfo.processInfo.environment["SOCLE_SHOW"] != nil {
                print("--- \(input)\n\(formatted)\n+++ expected\n\(expected)")
            }
        }
        print("formatter: \(count) samples, \(different.count) laid out otherwise: \(different.sorted())")
        #expect(count > 30 && different == Self.different)
    }
}
