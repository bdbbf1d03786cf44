// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleJSON
import SocleStore

/// `socle migrate`: brings the schema to what this binary knows, before it serves. Safe to run twice, and at once.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database's schema up to date.")

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let applied: [String]
        do {
            let database = try Installation.openDatabase(
                installation.configuration().database, checkpoints: .left)
            try database.assertDurable()
            applied = try database.migrate()
        } catch let error as StoreError {
            throw CommandFailure("the database: \(error.detail)")
        }
        if json {
            Console.print(json: ["applied": JSONValue(applied)])
        } else if applied.isEmpty {
            Console.print("nothing to do")
        } else {
            for migration in applied { Console.print("applied \(migration)") }
        }
    }
}
