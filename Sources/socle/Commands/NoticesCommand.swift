// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleStore

/// `socle notices`: what patients and their *médecins traitants* are told, and by which application.
struct NoticesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "Follow the notices to people, and register who delivers them.",
        subcommands: [List.self, Register.self, Unregister.self])

    static let subjects = Notice.Subject.allCases.map(\.rawValue).joined(separator: ", ")

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print notices, those that wait first; at most 1,000.",
            discussion: """
                pending: not tried yet, or no application is registered for its subject. failing: refused or \
                unreachable, tried again within the hour, never given up. delivered: the application has it.
                """)

        @OptionGroup var installation: InstallationOptions
        @Option(help: "Of one patient, under every identifier that is theirs.") var patient: String?
        @Flag(help: "Only those not delivered.") var waiting = false
        @Flag(help: "Print one JSON object.") var json = false

        func validate() throws {
            if let patient, PatientIdentifier(patient) == nil {
                throw ValidationError("--patient must be a regional identifier")
            }
        }

        func run() async throws {
            let (notices, notifiers) = try await Installation.using(installation.configuration()) { node in
                let (notices, notifiers) = try await followed(StoredNotices(node.database))
                try await node.journal(reading: "notices_listed", of: Set(notices.map(\.notice.patient)))
                return (notices, notifiers)
            }
            if json {
                Console.print(json: [
                    "notices": .array(notices.map(\.json)),
                    "notifiers": .array(
                        notifiers.map {
                            [
                                "subject": .string($0.subject.rawValue), "client": .string($0.client),
                                "endpoint": .string($0.endpoint), "audience": .string($0.audience),
                            ]
                        }),
                ])
                return
            }
            for notice in notices { Console.print(notice.line) }
            let counts = FollowedNotice.State.allCases.map { state in
                "\(notices.count { $0.state == state }) \(state.rawValue)"
            }
            Console.print(counts.joined(separator: ", "))
            for subject in Notice.Subject.allCases where !notifiers.contains(where: { $0.subject == subject }) {
                Console.print("no application delivers \(subject.rawValue): such notices wait")
            }
        }

        private func followed(
            _ records: StoredNotices
        ) async throws(CommandFailure) -> ([FollowedNotice], [Notifier]) {
            do throws(RecordsUnavailable) {
                let notices: [FollowedNotice]
                if let id = patient.flatMap({ PatientIdentifier($0) }) {
                    notices = try await records.followed(of: id, limit: 1000)
                        .filter { !waiting || $0.state != .delivered }
                } else {
                    notices = try await records.followed(waitingOnly: waiting, limit: 1000)
                }
                return (notices, try await records.notifiers())
            } catch {
                throw CommandFailure("the notices cannot be read: \(error.detail)")
            }
        }
    }

    struct Register: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an application the notices to deliver, those that wait included.",
            discussion: """
                Socle sends no message itself: each notice is posted, with its text in French and English, as a signed \
                Security Event Token (RFC 8417, RFC 8935) until the application answers 202. A subject has one \
                application: registering another replaces it.
                """)

        @OptionGroup var installation: InstallationOptions
        @Option(help: "The client's identifier.") var client: String
        @Option(help: ArgumentHelp("Where tokens are posted.", valueName: "https url")) var endpoint: String
        @Option(help: "The `aud` of its tokens; the endpoint by default.") var audience: String?
        @Option(
            help: ArgumentHelp(
                "What it delivers, several times: \(NoticesCommand.subjects); all by default.", valueName: "subject"))
        var subject: [Notice.Subject] = []
        @OptionGroup var outcome: OutcomeOptions

        func validate() throws {
            guard EventsCommand.isEndpoint(endpoint) else { throw ValidationError("--endpoint must be an https URL") }
        }

        func run() async throws {
            let subjects = Set(subject.isEmpty ? Notice.Subject.allCases : subject)
                .sorted { $0.rawValue < $1.rawValue }
            let details: JSONObject = [
                "action": "notifier_register", "client": .string(client), "endpoint": .string(endpoint),
                "subjects": JSONValue(subjects.map(\.rawValue)),
            ]
            try await Installation.using(installation.configuration()) { node in
                try await node.commit(
                    subjects.map { subject in
                        EventChange.register(
                            Notifier(
                                subject: subject, client: client, endpoint: endpoint, audience: audience ?? endpoint))
                    },
                    EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: details),
                    refusal: "`\(client)` is not a client in use")
            }
            outcome.tell(
                details, "\(client) delivers \(subjects.map(\.rawValue).joined(separator: ", ")) at \(endpoint)")
        }
    }

    struct Unregister: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the notices of a subject wait until another application is registered.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("One of \(NoticesCommand.subjects).", valueName: "subject"))
        var subject: Notice.Subject
        @OptionGroup var outcome: OutcomeOptions

        func run() async throws {
            let details: JSONObject = ["action": "notifier_unregister", "subject": .string(subject.rawValue)]
            try await Installation.using(installation.configuration()) { node in
                try await node.commit(
                    [EventChange.unregister(subject)],
                    EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: details),
                    refusal: "no application is registered for `\(subject.rawValue)`")
            }
            outcome.tell(details, "notices of \(subject.rawValue) wait")
        }
    }
}

extension Notice.Subject: ExpressibleByArgument {}

extension FollowedNotice {
    fileprivate var line: String {
        let to = deliveredTo ?? notifier ?? "nobody"
        let why = failure.map { state == .failing ? ": \($0), \(attempts) times" : "" } ?? ""
        return "\(notice.createdAt) \(notice.subject.rawValue) \(notice.patient.value) -> \(notice.recipient.text): "
            + "\(state.rawValue) (\(to))\(why)"
    }

    fileprivate var json: JSONValue {
        var json: JSONObject = [
            "notice": .string(notice.id), "patient": .string(notice.patient.value),
            "recipient": .string(notice.recipient.text), "subject": .string(notice.subject.rawValue),
            "about": .string(notice.about), "created": .string(notice.createdAt.description),
            "state": .string(state.rawValue), "attempts": .integer(Int64(attempts)),
            "text": ["fr": .string(text.french), "en": .string(text.english)],
        ]
        json["notifier"] = notifier.map(JSONValue.string)
        json["failure"] = state == .failing ? failure.map(JSONValue.string) : nil
        json["delivered"] = deliveredAt.map { .string($0.description) }
        json["delivered_to"] = deliveredTo.map(JSONValue.string)
        return .object(json)
    }
}
