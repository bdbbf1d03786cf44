// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess
import SocleJSON
import SocleStore

extension PolicyCommand {
    /// Runs the publication gate: no store is needed, nothing is written.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prove what every version must keep, at every combination of facts.",
            discussion: """
                Each policy may read finite facts only. The invariants of the folder `invariants`, and those of the \
                version in force when an installation is given, are proved over every combination, or refused with a \
                counter-example. Exit status 1 when one does not hold.
                """)

        @Option(help: ArgumentHelp("Policies in place of those of the binary.", valueName: "dir"))
        var policies: String?
        @OptionGroup var installation: OptionalInstallation
        @Option(help: ArgumentHelp("Tell facts in French (fr) or English (en).", valueName: "language"))
        var language: FactLanguage = .en
        @Flag(help: "Print one JSON object.") var json = false

        func run() async throws {
            let text = try PolicyFolder.read(policies)
            let inForce = try await installation.using { node in
                try await node.warnOfStrangers(in: text)
                return try await node.policyInForce()?.text
            }
            let report = try GateRun.report(text, inForce: inForce, language)
            if json {
                Console.print(json: report.json)
            } else {
                for line in report.lines(in: language) { Console.print(line) }
            }
            if !report.passes { throw ExitCode(1) }
        }
    }
}

/// `--data DIR` or `--config FILE`, or neither.
struct OptionalInstallation: ParsableArguments {
    @Option(help: ArgumentHelp("Directory of a `socle demo`.", valueName: "dir"))
    var data: String?
    @Option(help: ArgumentHelp("Configuration file of a `socle serve`.", valueName: "file"))
    var config: String?

    func validate() throws {
        guard data == nil || config == nil else { throw ValidationError("give --data or --config, not both") }
    }

    /// - Returns: nil when no installation is named.
    func using<Value>(_ body: (Installation) async throws -> Value?) async throws -> Value? {
        guard data != nil || config != nil else { return nil }
        var options = InstallationOptions()
        options.data = data
        options.config = config
        return try await Installation.using(options.configuration(), body)
    }
}

extension Installation {
    /// Tells of parameters that no application reads: a service nobody registered, or one mistyped.
    func warnOfStrangers(in text: PolicyText) async throws {
        let services = try await StoredAccessRecords(database: database).services()
        for stranger in text.services.subtracting(services).sorted() {
            Console.warn("parameters.csv: no application belongs to the service `\(stranger)`")
        }
    }

    func policyInForce() async throws -> PolicyVersion? {
        let records = StoredAccessRecords(database: database)
        guard let number = try await records.activePolicy() else { return nil }
        return try await records.policy(number: number)
    }
}

extension FactLanguage: ExpressibleByArgument {}

/// The gate as the command line runs it: faults become the failure of the command.
enum GateRun {
    static func report(
        _ text: PolicyText, inForce: PolicyText?, _ language: FactLanguage
    ) throws(CommandFailure) -> PolicyGate.Report {
        do throws(PolicyFaults) {
            return try PolicyGate.check(text, inForce: inForce, language: language)
        } catch {
            throw CommandFailure(error.description)
        }
    }
}

extension PolicyGate.Report {
    /// Invariants are told in the words of their version.
    func lines(in language: FactLanguage) -> [String] {
        let all = language.grouped(points)
        var lines = [
            language.say(
                en: "\(policies) policies, \(facts) facts, \(all) combinations",
                fr: "\(policies) politiques, \(facts) faits, \(all) combinaisons")
        ]
        for check in checks {
            let law = check.law.isEmpty ? "" : " (\(check.law))"
            let verdict = check.holds ? "ok  " : language.say(en: "FAIL", fr: "ÉCHEC")
            lines.append("\(verdict) \(check.id)\(language.say(en: ":", fr: " :")) \(check.statement)\(law)")
            if let example = check.counterExample { lines += example.lines(in: language) }
        }
        lines += neverDeciding.map { policy in
            language.say(
                en: "note \(policy) never decides: another policy always comes before it",
                fr: "note \(policy) ne décide jamais : une autre politique passe toujours avant")
        }
        let failed = checks.count { !$0.holds }
        let proved = checks.count - failed
        lines.append(
            language.say(en: "\(proved) proved, \(failed) failed", fr: "\(proved) prouvés, \(failed) en échec"))
        return lines
    }

    /// What does not hold, with its counter-examples.
    func failures(in language: FactLanguage) -> String {
        lines(in: language).filter { !$0.hasPrefix("ok ") }.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "passes": .bool(passes), "policies": .integer(Int64(policies)), "facts": .integer(Int64(facts)),
            "points": .string("\(points)"), "never_deciding": JSONValue(neverDeciding),
            "checks": .array(
                checks.map { check in
                    var object: JSONObject = [
                        "id": .string(check.id), "statement": .string(check.statement), "law": .string(check.law),
                        "holds": .bool(check.holds),
                    ]
                    if let example = check.counterExample { object["counter_example"] = example.json }
                    return .object(object)
                }),
        ]
    }
}

extension FactLanguage {
    /// `2,018,047` or `2 018 047`: too many digits to read otherwise.
    func grouped(_ number: UInt128) -> String {
        let separator: Character = self == .fr ? "\u{202F}" : ","
        var text = ""
        for (place, digit) in "\(number)".reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3) { text.append(separator) }
            text.append(digit)
        }
        return String(text.reversed())
    }
}

extension CounterExample {
    func lines(in language: FactLanguage) -> [String] {
        let count = language.grouped(points)
        let there =
            policies.isEmpty ? language.say(en: "no policy", fr: "aucune politique") : policies.joined(separator: ", ")
        return [
            language.say(
                en: "     broken at \(count) combinations, for instance:",
                fr: "     en défaut à \(count) combinaisons, par exemple :")
        ] + words.map { "       - \($0)" } + [
            language.say(en: "     there: \(there)", fr: "     là : \(there)")
        ]
    }

    var json: JSONValue {
        [
            "points": .string("\(points)"), "words": JSONValue(words), "policies": JSONValue(policies),
            "facts": .array(facts.map(\.json)),
        ]
    }
}

extension DescribedFact {
    var json: JSONValue {
        ["fact": .string(name), isNegated ? "not" : "is": JSONValue(values)]
    }
}
