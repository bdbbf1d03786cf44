// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess
import SocleJSON

extension PolicyCommand {
    /// What a change of policies does, over every combination of facts.
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find every change between two versions.",
            discussion: """
                FROM and TO are each a folder, a version's number, `active` (in force) or `build` (of this program). \
                Answers are compared at every combination of facts, tables line by line. Exit status 0, whether or \
                not something changes.
                """)

        @OptionGroup var installation: OptionalInstallation
        @Option(help: ArgumentHelp("Tell facts in French (fr) or English (en).", valueName: "language"))
        var language: FactLanguage = .en
        @Flag(help: "Print one JSON object.") var json = false
        @Argument(help: ArgumentHelp("\(PolicySource.help).", valueName: "from")) var from: String
        @Argument(help: ArgumentHelp("\(PolicySource.help).", valueName: "to")) var to: String

        func run() async throws {
            let (before, after) = try await texts()
            let difference = try PolicyCommand.difference(from: before, to: after, language)
            if json {
                Console.print(json: difference.json)
            } else {
                for line in difference.lines { Console.print(line) }
            }
        }

        private func texts() async throws -> (PolicyText, PolicyText) {
            let (a, b) = (PolicySource(from), PolicySource(to))
            let both = try await installation.using { node in (try await a.text(node), try await b.text(node)) }
            if let both { return both }
            return (try await a.text(nil), try await b.text(nil))
        }
    }

    static func difference(
        from before: PolicyText, to after: PolicyText, _ language: FactLanguage
    ) throws(CommandFailure) -> PolicyDifference {
        do throws(PolicyFaults) {
            return try PolicyDifference(from: before, to: after, language: language)
        } catch {
            throw CommandFailure(error.description)
        }
    }
}

extension PolicyDifference {
    private var tables: [(name: String, lines: [Line])] {
        [
            ("policies", policies), ("invariants", invariants), ("matrix", matrix), ("parameters", parameters),
            ("reasons", reasons), ("facts", facts),
        ]
    }

    var lines: [String] {
        let grouped = PolicyGate.Report.grouped
        var lines = [
            "\(grouped(points)) combinations compared, \(grouped(changedPoints)) answered otherwise"
        ]
        for change in changes {
            lines.append("")
            lines.append(
                "\(change.direction.title) \(grouped(change.points)): \(change.before.title) -> \(change.after.title)")
            lines += change.after.details(since: change.before).map { "    \($0)" }
            for block in change.blocks {
                lines.append("  - \(block.words.joined(separator: "; ")) [\(grouped(block.points))]")
            }
        }
        for (name, table) in tables where !table.isEmpty {
            lines.append("")
            lines.append("\(name): \(table.count)")
            for line in table {
                switch (line.before, line.after) {
                case (let before?, let after?): lines.append("  ~ \(line.subject): \(before) -> \(after)")
                case (let before?, nil): lines.append("  - \(line.subject): \(before)")
                case (nil, let after): lines.append("  + \(line.subject): \(after ?? "")")
                }
            }
        }
        lines.append("")
        lines += notChecked.map { "NOT CHECKED \($0)" }
        return lines
    }

    var json: JSONValue {
        var object: JSONObject = [
            "points": .string("\(points)"), "changed_points": .string("\(changedPoints)"),
            "changes": .array(changes.map(\.json)), "not_checked": JSONValue(notChecked),
        ]
        for (name, table) in tables { object[name] = .array(table.map(\.json)) }
        return .object(object)
    }
}

extension PolicyDifference.Change {
    var json: JSONValue {
        [
            "direction": .string(direction.rawValue), "before": before.json, "after": after.json,
            "points": .string("\(points)"), "undetailed_points": .string("\(undetailed)"),
            "blocks": .array(
                blocks.map {
                    [
                        "points": .string("\($0.points)"), "words": JSONValue($0.words),
                        "facts": .array($0.facts.map(\.json)),
                    ]
                }),
        ]
    }
}

extension PolicyDifference.Change.Direction {
    var title: String {
        switch self {
        case .opens: "OPENS"
        case .closes: "CLOSES"
        case .explains: "EXPLAINS OTHERWISE"
        }
    }
}

extension PolicyDifference.Line {
    var json: JSONValue {
        [
            "subject": .string(subject), "before": before.map(JSONValue.string) ?? .null,
            "after": after.map(JSONValue.string) ?? .null,
        ]
    }
}

extension AnswerSummary {
    var title: String { "\(isPermit ? "permitted" : "refused") \(reason) (\(rule))" }

    /// What beside decision, reason and rule is not as it was.
    func details(since before: AnswerSummary) -> [String] {
        func said(_ words: [String]) -> String { words.isEmpty ? "none" : words.joined(separator: " ") }
        var lines: [String] = []
        if obligations != before.obligations {
            lines.append("obligations: \(said(before.obligations)) -> \(said(obligations))")
        }
        if advice != before.advice { lines.append("advice: \(said(before.advice)) -> \(said(advice))") }
        return lines
    }

    var json: JSONValue {
        [
            "decision": .string(isPermit ? "permit" : "deny"), "reason": .string(reason), "rule": .string(rule),
            "obligations": JSONValue(obligations), "advice": JSONValue(advice),
        ]
    }
}
