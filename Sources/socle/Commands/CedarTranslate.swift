// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleCedar
import SocleJSON

/// `socle cedar translate-policy`: text to JSON or JSON to text.
struct CedarTranslatePolicy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate-policy", abstract: "Translate policies between the text and the JSON form.")

    @Option(help: "The form to translate from.") var from: CedarForm
    @Option(help: ArgumentHelp("Policies in that form.", valueName: "file")) var policies: String
    @Flag(help: "Print one JSON object: what is text, as `policies`.") var json = false

    func run() throws {
        let text = try CedarFile.text(policies)
        let set: PolicySet
        do { set = try from == .json ? PolicySet(json: text) : PolicySet(parsing: text) } catch {
            throw CedarFile.failure(policies, error)
        }
        switch from {
        case .text:
            do { Console.print(try set.json()) } catch { throw CedarFile.failure(policies, error) }
        case .json:
            guard set.links.isEmpty else {
                throw CommandFailure(
                    "\(policies): template links have no text form: take them out, and give them with --links")
            }
            if json {
                Console.print(json: ["policies": .string(set.description)])
            } else {
                FileHandle.standardOutput.write(Data(set.description.utf8))
            }
        }
    }
}

/// `socle cedar translate-schema`: text to JSON or JSON to text.
struct CedarTranslateSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate-schema", abstract: "Translate a schema between the text and the JSON form.",
        discussion: """
            The schema is resolved first: one whose names mean nothing is refused. An action without principals or \
            without resources applies to nothing, whatever its context: the text form only says that.
            """)

    @Option(help: "The form to translate from.") var from: CedarForm
    @Option(help: ArgumentHelp("A schema in that form.", valueName: "file")) var schema: String
    @Flag(help: "Print one JSON object: what is text, as `schema`.") var json = false

    func run() throws {
        let text = try CedarFile.text(schema)
        do {
            switch from {
            case .text:
                let source = try SchemaSource(parsing: text)
                _ = try source.resolved()
                Console.print(source.json)
            case .json:
                let source = try SchemaSource(json: text)
                _ = try source.resolved()
                let text = try source.text()
                if json {
                    Console.print(json: ["schema": .string(text)])
                } else {
                    FileHandle.standardOutput.write(Data(text.utf8))
                }
            }
        } catch { throw CedarFile.failure(schema, error) }
    }
}
