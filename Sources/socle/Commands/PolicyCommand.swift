// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleAccess
import SocleJSON

/// `socle policy`: what a policy author does.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Try, compare and publish policies.",
        subcommands: [
            Check.self, Test.self, Diff.self, Draft.self, Publish.self, Rollback.self, List.self,
        ])

    /// Replays expected decisions against policies: no store, no clock, no journal.
    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Replay expected decisions and show every difference.",
            discussion: """
                Each line of FILE is a scenario with its variants: its facts are the only facts, its matrix replaces \
                the shipped one, and its application counts as registered for what it asks. The last line counts \
                decisions. Exit status 1 when one differs, or a file holds none.
                """)

        @Option(help: ArgumentHelp("Only these scenarios, variants included, separated by commas.", valueName: "ids"))
        var only: String?
        @Option(help: ArgumentHelp("Policies in place of those of the binary.", valueName: "dir"))
        var policies: String?
        @Flag(help: "Print one JSON object.") var json = false
        @Argument(help: ArgumentHelp("Scenarios, one JSON object a line.", valueName: "file"))
        var files: [String]

        func validate() throws {
            guard !files.isEmpty else { throw ValidationError("give at least one file of scenarios") }
        }

        func run() throws {
            let text = try PolicyFolder.read(policies)
            var report = Report()
            for (place, scenario) in try scenarios() {
                report.add(scenario, try differences(of: scenario, at: place, under: text))
            }
            if json {
                Console.print(json: report.json)
            } else {
                for line in report.lines { Console.print(line) }
                Console.print("\(report.passed) passed, \(report.failed) failed")
            }
            if report.failed > 0 { throw ExitCode(1) }
        }

        /// The scenarios asked for, with the file and line of each.
        private func scenarios() throws(CommandFailure) -> [(String, Scenario)] {
            var wanted = only.map { Set($0.split(separator: ",").map(String.init)) }
            let asked = wanted
            var scenarios: [(String, Scenario)] = []
            for file in files {
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw CommandFailure("\(file): cannot be read")
                }
                let lines = data.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
                    .filter { _, line in line.contains { $0 > 0x20 } }
                guard !lines.isEmpty else { throw CommandFailure("\(file): holds no scenario: nothing was tried") }
                for (index, line) in lines {
                    let place = "\(file):\(index + 1)"
                    do throws(ScenarioFault) {
                        for scenario in try Scenario.reading(line: line) {
                            guard let asked else {
                                scenarios.append((place, scenario))
                                continue
                            }
                            guard asked.contains(scenario.id) || asked.contains(scenario.group) else { continue }
                            wanted?.subtract([scenario.id, scenario.group])
                            scenarios.append((place, scenario))
                        }
                    } catch {
                        throw CommandFailure("\(place): \(error.message)")
                    }
                }
            }
            if let missing = wanted?.min() { throw CommandFailure("no scenario `\(missing)` in the files given") }
            return scenarios
        }

        private func differences(
            of scenario: Scenario, at place: String, under text: PolicyText
        ) throws(CommandFailure) -> [String] {
            do {
                let answer = try scenario.records().decision(under: text)
                return scenario.differences(from: answer.decision)
                    + answer.decision.errors.map { "could not be evaluated: \($0)" }
            } catch let fault as ScenarioFault {
                throw CommandFailure("\(place): \(fault.message)")
            } catch let faults as PolicyFaults {
                // The policies are at fault, not the scenario: nothing else can be tried.
                throw CommandFailure(faults.description)
            } catch {
                throw CommandFailure("\(place): \(error)")
            }
        }

        private struct Report {
            var passed = 0
            var failed = 0
            var lines: [String] = []
            private var items: [JSONValue] = []

            mutating func add(_ scenario: Scenario, _ differences: [String]) {
                guard !differences.isEmpty else {
                    passed += 1
                    return
                }
                failed += 1
                lines.append("\(scenario.id) \(scenario.title)")
                lines += differences.map { "    \($0)" }
                items.append(["id": .string(scenario.id), "differences": JSONValue(differences)])
            }

            var json: JSONValue {
                [
                    "passed": .integer(Int64(passed)), "failed": .integer(Int64(failed)),
                    "differences": .array(items),
                ]
            }
        }
    }
}
