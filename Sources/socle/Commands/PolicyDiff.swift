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
                for line in difference.lines(in: language) { Console.print(line) }
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
    private var tables: [(name: String, french: String, lines: [Line])] {
        [
            ("policies", "politiques", policies), ("invariants", "invariants", invariants),
            ("matrix", "matrice", matrix), ("parameters", "paramètres", parameters),
            ("reasons", "motifs", reasons), ("facts", "faits", facts),
        ]
    }

    /// A cell and a parameter are facts to the policies: what they change is in no count of combinations.
    private func heading(in language: FactLanguage) -> [String] {
        let (all, changed) = (language.grouped(points), language.grouped(changedPoints))
        var lines = [
            language.say(
                en: "\(all) combinations of facts compared: the policies answer \(changed) of them otherwise",
                fr: "\(all) combinaisons de faits comparées : les politiques répondent autrement à \(changed)")
        ]
        let (cells, settings) = (matrix.count, parameters.count)
        let beside = [
            (cells, language.say(en: "cells of the matrix: \(cells)", fr: "cases de la matrice : \(cells)")),
            (settings, language.say(en: "parameters: \(settings)", fr: "paramètres : \(settings)")),
        ].filter { $0.0 > 0 }.map(\.1).joined(separator: ", ")
        if !beside.isEmpty {
            lines.append(
                language.say(
                    en: "and answers change by what is not in that count: \(beside)",
                    fr: "et des réponses changent hors de ce compte : \(beside)"))
        }
        return lines
    }

    func lines(in language: FactLanguage) -> [String] {
        let colon = language.say(en: ":", fr: " :")
        var lines = heading(in: language)
        for change in changes {
            lines.append("")
            let title = "\(change.direction.title(in: language)) \(language.grouped(change.points))"
            let (before, after) = (change.before.title(in: language), change.after.title(in: language))
            lines.append("\(title)\(colon) \(before) -> \(after)")
            lines += change.after.details(since: change.before, in: language).map { "    \($0)" }
            for block in change.blocks {
                lines.append("  - \(block.words.joined(separator: "; ")) [\(language.grouped(block.points))]")
            }
        }
        for (name, french, table) in tables where !table.isEmpty {
            lines.append("")
            lines.append("\(language.say(en: name, fr: french))\(colon) \(table.count)")
            for line in table {
                switch (line.before, line.after) {
                case (let before?, let after?): lines.append("  ~ \(line.subject): \(before) -> \(after)")
                case (let before?, nil): lines.append("  - \(line.subject): \(before)")
                case (nil, let after): lines.append("  + \(line.subject): \(after ?? "")")
                }
            }
        }
        lines.append("")
        lines += notChecked.map { "\(language.say(en: "NOT CHECKED", fr: "NON VÉRIFIÉ")) \($0)" }
        return lines
    }

    var json: JSONValue {
        var object: JSONObject = [
            "points": .string("\(points)"), "changed_points": .string("\(changedPoints)"),
            "changes": .array(changes.map(\.json)), "not_checked": JSONValue(notChecked),
        ]
        for (name, _, table) in tables { object[name] = .array(table.map(\.json)) }
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
    func title(in language: FactLanguage) -> String {
        switch self {
        case .opens: language.say(en: "OPENS", fr: "OUVRE")
        case .closes: language.say(en: "CLOSES", fr: "FERME")
        case .explains: language.say(en: "EXPLAINS OTHERWISE", fr: "EXPLIQUE AUTREMENT")
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
    func title(in language: FactLanguage) -> String {
        let said = isPermit ? ("permitted", "permis") : ("refused", "refusé")
        return "\(language.say(en: said.0, fr: said.1)) \(reason) (\(rule))"
    }

    /// What beside decision, reason and rule is not as it was.
    func details(since before: AnswerSummary, in language: FactLanguage) -> [String] {
        func said(_ words: [String]) -> String { words.isEmpty ? "-" : words.joined(separator: " ") }
        var lines: [String] = []
        if obligations != before.obligations {
            let name = language.say(en: "obligations:", fr: "obligations :")
            lines.append("\(name) \(said(before.obligations)) -> \(said(obligations))")
        }
        if advice != before.advice {
            let name = language.say(en: "advice:", fr: "conseils :")
            lines.append("\(name) \(said(before.advice)) -> \(said(advice))")
        }
        return lines
    }

    var json: JSONValue {
        [
            "decision": .string(isPermit ? "permit" : "deny"), "reason": .string(reason), "rule": .string(rule),
            "obligations": JSONValue(obligations), "advice": JSONValue(advice),
        ]
    }
}
