// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess
import SocleAudit
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

extension ClientCommand {
    /// Change what a client may ask (rule R-APP-1), and nothing else of it: its secret, scopes and grants stay.
    struct Entitle: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change what a client may ask, from the next question on.",
            discussion: """
                The options say all that it may ask, as at `client create`: what is not said is what it would be \
                there. `client list --json` shows what it may ask now.
                """)

        @OptionGroup var installation: InstallationOptions
        @Option(help: "Its identifier.")
        var id: String
        @OptionGroup var entitlement: EntitlementOptions
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let (access, stranger) = try await Installation.using(installation.configuration()) { node in
                guard let client = try await client(in: node) else {
                    throw CommandFailure("there is no client `\(id)`")
                }
                let faults = entitlement.faults(of: client)
                guard faults.isEmpty else {
                    throw CommandFailure("the client cannot be entitled:\n" + faults.joined(separator: "\n"))
                }
                guard let access = entitlement.registration(of: client) else {
                    throw CommandFailure("client `\(id)` asks nothing: it has not the scope \(Scope.evaluate)")
                }
                try await node.commit(
                    [AccessChange.register(access)],
                    EntryDraft(
                        kind: .administration, instant: node.clock(), actor: "operator",
                        details: ["event": "client_entitled", "client": .string(id), "access": access.json]),
                    refusal: "what client `\(id)` may ask could not be stored")
                entitlement.warn(of: id, in: node)
                return (access, try await access.unknownStructure(in: node))
            }
            if let stranger {
                Console.warn("no structure `\(stranger)` is on record: nothing is permitted to \(id) before there is")
            }
            if json {
                Console.print(json: ["client_id": .string(id), "access": access.json])
            } else {
                Console.print("client \(id) entitled")
            }
        }

        private func client(in node: Installation) async throws(CommandFailure) -> Client? {
            do throws(SocleOIDC.RecordsUnavailable) {
                return try await StoredClients(node.database).client(id)
            } catch {
                throw CommandFailure("the client cannot be read: \(error.detail)")
            }
        }
    }
}
