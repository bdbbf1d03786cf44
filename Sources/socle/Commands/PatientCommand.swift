// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess
import SocleAudit
import SocleConsent
import SocleCrypto
import SocleIdentity
import SocleJSON

/// `socle patient`: what the identity server says of two identifiers, and who sent a patient to whom.
struct PatientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patient", abstract: "Merge two identifiers of one person, undo a merge, or record a referral.",
        subcommands: [Merge.self, Split.self, Refer.self])

    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer for both identifiers with both records, the strictest choice winning.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The identifier that stays.") var survivor: String
        @Argument(help: "The identifier merged into it.") var absorbed: String
        @OptionGroup var outcome: OutcomeOptions

        func validate() throws {
            guard PatientIdentifier(survivor) != nil, PatientIdentifier(absorbed) != nil else {
                throw ValidationError("both must be identifiers of patients")
            }
        }

        func run() async throws {
            guard let survivor = PatientIdentifier(survivor), let absorbed = PatientIdentifier(absorbed) else { return }
            let details: JSONObject = [
                "action": "patient_merge", "survivor": .string(survivor.value), "absorbed": .string(absorbed.value),
            ]
            try await Installation.using(installation.configuration()) { node in
                let now = node.clock()
                try await node.commit(
                    [IdentityChange.merge(survivor: survivor, absorbed: absorbed, at: now)],
                    EntryDraft(
                        kind: .administration, instant: now, actor: "operator", patients: [survivor, absorbed],
                        details: details),
                    refusal: "`\(absorbed.value)` cannot be merged into `\(survivor.value)`: one is unknown, or they "
                        + "are one already")
            }
            outcome.tell(details, "\(absorbed.value) merged into \(survivor.value)")
        }
    }

    struct Split: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Undo a merge; what was refused in between holds for both.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The identifier that had been merged into another.") var absorbed: String
        @OptionGroup var outcome: OutcomeOptions

        func validate() throws {
            guard PatientIdentifier(absorbed) != nil else { throw ValidationError("not an identifier of a patient") }
        }

        func run() async throws {
            guard let absorbed = PatientIdentifier(absorbed) else { return }
            let details: JSONObject = ["action": "patient_split", "absorbed": .string(absorbed.value)]
            try await Installation.using(installation.configuration()) { node in
                let now = node.clock()
                // Both records have what was refused in between.
                let survivor = try await node.known(absorbed)
                try await node.commit(
                    [IdentityChange.split(absorbed: absorbed, at: now)],
                    EntryDraft(
                        kind: .administration, instant: now, actor: "operator",
                        patients: Set([absorbed, survivor].compactMap(\.self)),
                        details: details),
                    refusal: "`\(absorbed.value)` was merged into nothing")
            }
            outcome.tell(details, "\(absorbed.value) stands alone again")
        }
    }

    struct Refer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that a professional sent the patient to another, or to a structure.",
            discussion: """
                It opens no access: it explains the emergency accesses that fall in its period, which then need no \
                review. Who sent them explains none of their own.
                """)

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The patient.") var patient: String
        @Option(help: ArgumentHelp("Who sent them.", valueName: "rpps")) var from: String
        @Option(help: ArgumentHelp("The professional they were sent to.", valueName: "rpps")) var to: String?
        @Option(help: ArgumentHelp("The structure they were sent to.", valueName: "id")) var toStructure: String?
        @Option(help: ArgumentHelp("Since when, as 2026-11-02T10:15:00+01:00; now by default.", valueName: "instant"))
        var since: String?
        @Option(help: ArgumentHelp("Until when; without an end by default.", valueName: "instant")) var until: String?
        @OptionGroup var outcome: OutcomeOptions

        func validate() throws {
            guard PatientIdentifier(patient) != nil else { throw ValidationError("not an identifier of a patient") }
            guard ProfessionalIdentifier(from) != nil else { throw ValidationError("--from must be an RPPS number") }
            guard (to == nil) != (toStructure == nil) else {
                throw ValidationError("one of --to and --to-structure must be given")
            }
            guard target != nil else {
                throw ValidationError(
                    to == nil ? "--to-structure must be an identifier of a structure" : "--to must be an RPPS number")
            }
            guard target != ProfessionalIdentifier(from).map(Party.professional) else {
                throw ValidationError("--to must be somebody else than --from")
            }
            for (name, text) in [("--since", since), ("--until", until)] {
                if let text, Instant(iso8601: text) == nil {
                    throw ValidationError("\(name) is not an instant with its offset")
                }
            }
            if let start = since.flatMap({ Instant(iso8601: $0) }), let end = until.flatMap({ Instant(iso8601: $0) }) {
                guard start < end else { throw ValidationError("--until must be after --since") }
            }
        }

        private var target: Party? {
            to.flatMap { ProfessionalIdentifier($0) }.map(Party.professional)
                ?? toStructure.flatMap { StructureIdentifier($0) }.map(Party.structure)
        }

        func run() async throws {
            guard let patient = PatientIdentifier(patient), let from = ProfessionalIdentifier(from), let target else {
                return
            }
            let details = try await Installation.using(installation.configuration()) { node in
                let now = node.clock()
                let start = since.flatMap { Instant(iso8601: $0) } ?? now
                let end = until.flatMap { Instant(iso8601: $0) }
                guard end.map({ start < $0 }) ?? true else { throw CommandFailure("--until is past already") }
                guard try await node.known(patient) != nil else {
                    throw CommandFailure("`\(patient.value)` is not a patient on record")
                }
                // A number mistyped would explain nothing, or another's accesses.
                for (party, name) in [(.professional(from), from.value), (target, to ?? toStructure ?? "")] {
                    guard try await node.knows(party) else { throw CommandFailure("`\(name)` is not on record") }
                }
                let referral = Referral(
                    id: Base64URL.encode(node.random.bytes(16)), patient: patient, from: from, to: target,
                    period: Period(start: start, end: end), recordedAt: now)
                let details: JSONObject = [
                    "action": "patient_refer", "referral": .string(referral.id), "from": .string(from.value),
                    "to": .string(to ?? toStructure ?? ""), "since": .string(start.description),
                    "until": end.map { .string($0.description) } ?? .null,
                ]
                try await node.commit(
                    [ConsentChange.refer(referral)],
                    EntryDraft(
                        kind: .administration, instant: now, actor: "operator", patient: patient, details: details),
                    refusal: "the referral is recorded already")
                return details
            }
            outcome.tell(details, "\(patient.value) referred by \(from.value) to \(to ?? toStructure ?? "")")
        }
    }
}
