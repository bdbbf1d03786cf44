// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import Testing

/// What the tests of this module read: the shipped policies and the expected decisions beside the project.
enum Shipped {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func policies() throws -> PolicyText {
        let folder = root.appending(path: "Policies")
        var text = PolicyText(files: [:])
        for place in ["", "invariants/"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: place).path)
            where name.contains(".") {
                text.files[place + name] = try String(contentsOf: folder.appending(path: place + name), encoding: .utf8)
            }
        }
        return text
    }

    static func program() throws -> PolicyProgram { try PolicyProgram(number: 1, text: policies()) }

    /// Nil when the shared data is not there: a skip, and a failure where CI says so.
    static func scenarios() throws -> [Scenario]? {
        let environment = ProcessInfo.processInfo.environment
        let folder = environment["SOCLE_VECTORS"].map { URL(filePath: $0) } ?? root.appending(path: "../shared")
        let file = folder.appending(path: "domain/scenarios.jsonl")
        guard let data = try? Data(contentsOf: file) else {
            if environment["CI"] == "true" { Issue.record("no shared data at \(file.path)") }
            print("skipped: no shared data at \(file.path); set SOCLE_VECTORS")
            return nil
        }
        return try data.split(separator: UInt8(ascii: "\n")).flatMap { try Scenario.reading(line: $0) }
    }
}

@Suite("Expected decisions · scenarios, decided without a store")
struct ScenarioTests {
    @Test("every scenario and variant gets its decision, reason, rule, obligations and advice") func all() throws {
        guard let scenarios = try Shipped.scenarios() else { return }
        let text = try Shipped.policies()
        #expect(scenarios.count >= 51)
        for scenario in scenarios {
            let decision = try scenario.records().decision(under: text).decision
            let differences = scenario.differences(from: decision)
            #expect(differences.isEmpty, "\(scenario.id): \(differences) \(decision.policies) \(decision.errors)")
        }
    }
}
