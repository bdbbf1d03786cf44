// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import Testing

@Suite("Published decisions", .enabled(if: Vectors.isReplayed, Comment(rawValue: Vectors.absence)))
struct DecisionCorpusTests {
    @Test("every question of the health region is answered as the reference answers it") func health() throws {
        let root = try Vectors.required().appendingPathComponent("health")
        let (_, requests) = try replay([root.appendingPathComponent("requests.json")], root)
        print("health: \(requests) requests")
        #expect(requests == 5000)
    }

    @Test("every generated case is answered as the reference answers it") func generated() throws {
        let root = try Vectors.unpacked("corpus-tests.tar.gz")
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = root.appendingPathComponent("corpus-tests")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" && !$0.lastPathComponent.contains(".entities.") }
        let (cases, requests) = try replay(files, root)
        print("corpus-tests: \(cases) cases, \(requests) requests")
        #expect(cases == files.count)
    }

    /// Counts what was replayed; each difference is an issue of its own.
    private func replay(_ files: [URL], _ root: URL) throws -> (cases: Int, requests: Int) {
        var (cases, requests) = (0, 0)
        for file in files {
            do {
                let corpusCase = try CorpusCase(file, relativeTo: root)
                for mismatch in try corpusCase.mismatches() { Issue.record(Comment(rawValue: mismatch)) }
                cases += 1
                requests += corpusCase.requests.count
            } catch {
                Issue.record("\(file.lastPathComponent): \(error)")
            }
        }
        return (cases, requests)
    }
}
