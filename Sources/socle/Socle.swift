// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation

/// The one executable. It owns the commands, the configuration and the wiring, and no rule of any kind.
@main struct Socle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "socle",
        abstract: "Identity, access decisions and consent for regional health services.",
        discussion: "Exit status: 0 done, 1 failed or a negative verdict, 2 wrong usage.",
        // One line a command; each lives in its own file of Commands/.
        subcommands: [
            DemoCommand.self, ServeCommand.self, MigrateCommand.self, ClientCommand.self, UserCommand.self,
            KeysCommand.self, PolicyCommand.self, DecideCommand.self, JournalCommand.self, CedarCommand.self,
            ReviewCommand.self, EventsCommand.self, NoticesCommand.self, PatientCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            if let failure = Console.failure { throw failure }
        } catch {
            exit(reporting: error)
        }
    }

    /// The parser's own status for wrong usage is 64 (`EX_USAGE`); ours is 2, as the other commands of a Debian
    /// machine have it.
    private static func exit(reporting error: any Error) -> Never {
        let code = exitCode(for: error)
        guard code == .validationFailure else { exit(withError: error) }
        FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
        Foundation.exit(2)
    }
}
