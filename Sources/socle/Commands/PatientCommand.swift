// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON

/// `socle patient`: what the identity server says of two identifiers.
struct PatientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patient", abstract: "Merge two identifiers of one person, or undo a merge.",
        subcommands: [Merge.self, Split.self])

    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer for both identifiers with both records, the strictest choice winning.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The identifier that stays.") var survivor: String
        @Argument(help: "The identifier merged into it.") var absorbed: String

        func validate() throws {
            guard PatientIdentifier(survivor) != nil, PatientIdentifier(absorbed) != nil else {
                throw ValidationError("both must be identifiers of patients")
            }
        }

        func run() async throws {
            guard let survivor = PatientIdentifier(survivor), let absorbed = PatientIdentifier(absorbed) else { return }
            try await Installation.using(installation.configuration()) { node in
                let now = node.clock()
                try await node.commit(
                    [IdentityChange.merge(survivor: survivor, absorbed: absorbed, at: now)],
                    EntryDraft(
                        kind: .administration, instant: now, actor: "operator", patients: [survivor, absorbed],
                        details: ["action": "patient_merge", "absorbed": .string(absorbed.value)]),
                    refusal: "`\(absorbed.value)` cannot be merged into `\(survivor.value)`: one is unknown, or they "
                        + "are one already")
            }
            Console.print("\(absorbed.value) merged into \(survivor.value)")
        }
    }

    struct Split: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Undo a merge; what was refused in between holds for both.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The identifier that had been merged into another.") var absorbed: String

        func validate() throws {
            guard PatientIdentifier(absorbed) != nil else { throw ValidationError("not an identifier of a patient") }
        }

        func run() async throws {
            guard let absorbed = PatientIdentifier(absorbed) else { return }
            try await Installation.using(installation.configuration()) { node in
                let now = node.clock()
                try await node.commit(
                    [IdentityChange.split(absorbed: absorbed, at: now)],
                    EntryDraft(
                        kind: .administration, instant: now, actor: "operator", patient: absorbed,
                        details: ["action": "patient_split"]),
                    refusal: "`\(absorbed.value)` was merged into nothing")
            }
            Console.print("\(absorbed.value) stands alone again")
        }
    }
}
