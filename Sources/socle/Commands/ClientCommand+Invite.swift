// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC

extension ClientCommand {
    /// Leave for an editor to register its applications itself (RFC 7591 §3): they are third parties, and get no right
    /// that an administrator has to give.
    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an editor leave to register applications; prints the token, this once.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: "To whom it is given, for the journal.")
        var label: String
        @Option(help: "How many applications it may register.")
        var uses: Int64 = 1
        @Option(help: "How many days it is good for.")
        var days = 7
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard (1...1000).contains(uses), (1...366).contains(days), (1...200).contains(label.utf8.count) else {
                throw ValidationError("--uses is 1 to 1000, --days 1 to 366, --label 1 to 200 bytes")
            }
        }

        func run() async throws {
            let token = SecureRandom.system.token()
            try await Installation.using(installation.configuration()) { node in
                let given = InitialAccessToken(
                    digest: OpaqueToken.digest(token), label: label, expires: node.clock() + .days(Int64(days)),
                    uses: uses)
                try await node.commit(
                    [OAuthChange.addInitialAccessToken(given)],
                    EntryDraft(
                        kind: .administration, instant: node.clock(), actor: "operator",
                        details: [
                            "event": "registration_allowed", "label": .string(label), "uses": .integer(uses),
                        ]),
                    refusal: "the token could not be stored")
            }
            if json {
                Console.print(json: .object(["initial_access_token": .string(token), "uses": .integer(uses)]))
            } else {
                Console.print("token \(token)")
            }
        }
    }
}
