// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import Testing

@Suite("Published decisions and verdicts", .enabled(if: Vectors.isReplayed, Comment(rawValue: Vectors.absence)))
struct DecisionCorpusTests {
    @Test("every hand-written case is answered as the reference answers it") func hand() throws {
        let root = try Vectors.required().appendingPathComponent("hand")
        let files = try CorpusReplay.files(below: root.appendingPathComponent("tests")) { $0.hasSuffix(".json") }
        let replay = try CorpusReplay(files, relativeTo: root)
        print("hand: \(replay.cases) cases, \(replay.requests) requests")
        #expect(replay.cases == 22 && replay.requests == 74)
    }

    @Test("every question of the health region is answered as the reference answers it") func health() throws {
        let root = try Vectors.required().appendingPathComponent("health")
        let replay = try CorpusReplay([root.appendingPathComponent("requests.json")], relativeTo: root)
        print("health: \(replay.requests) requests")
        #expect(replay.requests == 5000)
    }

    @Test("every generated case is answered as the reference answers it") func generated() throws {
        let root = try Vectors.unpacked("corpus-tests.tar.gz")
        defer { try? FileManager.default.removeItem(at: root) }
        let files = try CorpusReplay.files(below: root) { $0.hasSuffix(".json") && !$0.hasSuffix(".entities.json") }
        let replay = try CorpusReplay(files, relativeTo: root)
        print("corpus-tests: \(replay.cases) cases, \(replay.requests) requests, none out of the language covered")
        #expect(replay.cases == 6637 && replay.requests == 53_096)
    }
}
