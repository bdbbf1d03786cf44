// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleCedar
import SocleJSON

/// `socle cedar validate`: strict validation; exit status 1 when a policy is not valid.
struct CedarValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Validate policies against a schema, strictly.")

    @Option(help: ArgumentHelp("Schema, text or JSON.", valueName: "file")) var schema: String
    @Option(help: ArgumentHelp("Policies, text or JSON.", valueName: "file")) var policies: String
    @Option(help: ArgumentHelp("Template links, JSON.", valueName: "file")) var links: String?
    @Option(help: ArgumentHelp("How many entities one after the other a policy may look into.", valueName: "n"))
    var level: Int?
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        if let level, level < 0 { throw ValidationError("the level is a number from 0") }
    }

    func run() throws {
        let found: [String]
        do throws(CommandFailure) {
            let schema = try CedarFile.schema(schema)
            found = schema.validate(try CedarFile.policies(policies, links: links), level: level)
                .map(\.description)
        } catch {
            // A text that cannot be read is not valid either, and a program that asked for JSON must be told so in it.
            guard json else { throw error }
            return try report([error.description])
        }
        try report(found)
    }

    private func report(_ errors: [String]) throws {
        if json {
            Console.print(json: ["valid": .bool(errors.isEmpty), "errors": .array(errors.map(JSONValue.string))])
        } else {
            for error in errors { Console.print(error) }
            if errors.isEmpty { Console.print("valid") }
        }
        if !errors.isEmpty { throw ExitCode(1) }
    }
}
