// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleStore

/// `socle review`: the after-the-fact control of emergencies.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "List the emergencies to review, and close a review.",
        subcommands: [List.self, Close.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the episodes nobody has reviewed, the oldest first.",
            discussion: """
                Without --all, only those with an access that no membership and no referral explains. At most 1,000.
                """)

        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Those that a membership or a referral explains too.") var all = false
        @Flag(help: "Print one JSON object.") var json = false

        func run() async throws {
            let reviews = try await Installation.using(installation.configuration()) { node in
                let reviews = try await awaiting(node)
                try await node.journal(reading: "reviews_listed", of: Set(reviews.map(\.episode.address.patient)))
                return reviews
            }
            if json {
                Console.print(json: ["reviews": .array(reviews.map(\.json))])
            } else {
                for review in reviews { Console.print(review.line) }
                Console.print("\(reviews.count) to review")
            }
        }

        private func awaiting(_ node: Installation) async throws(CommandFailure) -> [AwaitedReview] {
            do throws(RecordsUnavailable) {
                return try await StoredEmergencies(node.database).awaitingReview(unresolvedOnly: !all, limit: 1000)
            } catch {
                throw CommandFailure("the reviews cannot be read: \(error.detail)")
            }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End the review of an episode, with its conclusion.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The episode, as `list` prints it.") var episode: String
        @Option(help: ArgumentHelp("Who reviewed it.", valueName: "name")) var by: String
        @Option(help: ArgumentHelp("What was found, in one sentence.", valueName: "text")) var conclusion: String
        @OptionGroup var outcome: OutcomeOptions

        func validate() throws {
            guard !by.isEmpty, by.utf8.count <= 128 else { throw ValidationError("--by must be 1 to 128 bytes") }
            guard !conclusion.isEmpty, conclusion.utf8.count <= 2000 else {
                throw ValidationError("--conclusion must be 1 to 2000 bytes")
            }
        }

        func run() async throws {
            let details: JSONObject = [
                "action": "review_closed", "episode": .string(episode), "reviewer": .string(by),
                "conclusion": .string(conclusion),
            ]
            try await Installation.using(installation.configuration()) { node in
                let now = node.clock()
                // Who was told that the access would be reviewed finds that it was.
                let patient = try await patient(node)
                try await node.commit(
                    [EmergencyChange.review(episode: episode, by: by, conclusion: conclusion, at: now)],
                    EntryDraft(
                        kind: .administration, instant: now, actor: "operator", patient: patient, details: details),
                    refusal: "`\(episode)` is not an episode awaiting its review")
            }
            outcome.tell(details, "review of \(episode) closed")
        }

        private func patient(_ node: Installation) async throws(CommandFailure) -> PatientIdentifier? {
            do throws(RecordsUnavailable) {
                return try await StoredEmergencies(node.database).patient(of: episode)
            } catch {
                throw CommandFailure("the episode cannot be read: \(error.detail)")
            }
        }
    }
}

extension AwaitedReview {
    fileprivate var line: String {
        let address = episode.address
        return "\(episode.id) \(episode.opened) \(address.kind.rawValue) \(address.patient.value) "
            + "\(address.professional.value) \(address.service): \(accesses) accesses, \(unresolved) unexplained: "
            + (episode.justification ?? "no justification").replacing("\n", with: " ")
    }

    fileprivate var json: JSONValue {
        let address = episode.address
        var json: JSONObject = [
            "episode": .string(episode.id), "kind": .string(address.kind.rawValue),
            "patient": .string(address.patient.value), "professional": .string(address.professional.value),
            "service": .string(address.service), "opened": .string(episode.opened.description),
            "until": .string(episode.until.description), "immediate_risk": .bool(episode.immediateRisk),
            "accesses": .integer(Int64(accesses)), "unresolved": .integer(Int64(unresolved)),
        ]
        json["justification"] = episode.justification.map(JSONValue.string)
        json["patient_capacity"] = episode.declaredCapacity.map(JSONValue.string)
        json["call_id"] = episode.callID.map(JSONValue.string)
        return .object(json)
    }
}
