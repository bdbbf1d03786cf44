// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleAccess
import SocleAudit
import SocleConsent
import SocleJSON
import SocleStore

/// `socle events`: which applications are told of changes.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Subscribe applications to change events.",
        subcommands: [Subscribe.self, Unsubscribe.self, List.self])

    static func isEndpoint(_ text: String) -> Bool {
        guard let url = URL(string: text) else { return false }
        return url.scheme == "https" && url.host() != nil && text.utf8.count <= 2000
    }

    struct Subscribe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell an application of what changes from now on; replaces its subscription.",
            discussion: "Each event is posted as a signed Security Event Token (RFC 8417, RFC 8935).")

        @OptionGroup var installation: InstallationOptions
        @Option(help: "The client's identifier.") var client: String
        @Option(help: ArgumentHelp("Where tokens are posted.", valueName: "https url")) var endpoint: String
        @Option(help: "The `aud` of its tokens; the endpoint by default.") var audience: String?
        @Option(
            help: ArgumentHelp(
                "What it is told of, several times: membership, choice, emergency, identity; all by default.",
                valueName: "kind"))
        var kind: [String] = []
        @OptionGroup var outcome: OutcomeOptions

        func validate() throws {
            guard EventsCommand.isEndpoint(endpoint) else { throw ValidationError("--endpoint must be an https URL") }
            guard kind.allSatisfy({ ChangeEvent.Kind(rawValue: $0) != nil }) else {
                throw ValidationError("--kind must be membership, choice, emergency or identity")
            }
        }

        func run() async throws {
            let kinds = kind.compactMap(ChangeEvent.Kind.init(rawValue:))
            let subscription = EventSubscription(
                client: client, endpoint: endpoint, audience: audience ?? endpoint,
                kinds: Set(kinds.isEmpty ? ChangeEvent.Kind.allCases : kinds))
            let details: JSONObject = [
                "action": "events_subscribe", "client": .string(client), "endpoint": .string(endpoint),
                "kinds": JSONValue(subscription.kinds.map(\.rawValue).sorted()),
            ]
            try await Installation.using(installation.configuration()) { node in
                try await node.commit(
                    [EventChange.subscribe(subscription)],
                    EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: details),
                    refusal: "`\(client)` is not a client in use")
            }
            outcome.tell(details, "\(client) is told at \(endpoint)")
        }
    }

    struct Unsubscribe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell an application nothing more.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: "The client's identifier.") var client: String
        @OptionGroup var outcome: OutcomeOptions

        func run() async throws {
            let details: JSONObject = ["action": "events_unsubscribe", "client": .string(client)]
            try await Installation.using(installation.configuration()) { node in
                try await node.commit(
                    [EventChange.unsubscribe(client: client)],
                    EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: details),
                    refusal: "`\(client)` has no subscription")
            }
            outcome.tell(details, "\(client) is told nothing more")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the subscriptions.")

        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Print one JSON object.") var json = false

        func run() async throws {
            let subscriptions = try await Installation.using(installation.configuration()) { node in
                do throws(RecordsUnavailable) {
                    return try await StoredEvents(node.database).subscriptions()
                } catch {
                    throw CommandFailure("the subscriptions cannot be read: \(error.detail)")
                }
            }
            if json {
                Console.print(json: [
                    "subscriptions": .array(
                        subscriptions.map {
                            [
                                "client": .string($0.client), "endpoint": .string($0.endpoint),
                                "audience": .string($0.audience),
                                "kinds": JSONValue($0.kinds.map(\.rawValue).sorted()),
                            ]
                        })
                ])
            } else {
                for subscription in subscriptions {
                    let kinds = subscription.kinds.map(\.rawValue).sorted().joined(separator: ",")
                    Console.print("\(subscription.client) \(subscription.endpoint) \(kinds)")
                }
            }
        }
    }
}
