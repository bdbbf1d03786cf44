// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

// From a folder to the rules in force, in the hands of two people.
extension PolicyCommand {
    struct Draft: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deposit policies as the next version, for somebody else to publish.",
            discussion: """
                The gate is run first, with the invariants of the version in force: a version that breaks one is not \
                deposited. A version never changes once it is there.
                """)

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("Policies in place of those of the binary.", valueName: "dir"))
        var policies: String?
        @Option(help: ArgumentHelp("Who wrote them: the login of an administrator's account.", valueName: "login"))
        var author: String
        @Flag(help: "Print one JSON object.") var json = false

        func run() async throws {
            let text = try PolicyFolder.read(policies)
            let number = try await Installation.using(installation.configuration()) { node in
                let desk = try await PublicationDesk(node, login: author)
                let number = (try await desk.records.policyVersions().last?.number ?? 0) + 1
                try await desk.commit { publication, person throws(PolicyPublication.Refusal) in
                    try publication.draft(text, number: number, by: person, at: node.clock()).submission
                }
                try await node.warnOfStrangers(in: text)
                return number
            }
            if json {
                Console.print(json: ["version": .integer(number), "author": .string(author)])
            } else {
                Console.print("version \(number) deposited by \(author)")
                Console.print("to put it in force, somebody else: socle policy publish \(number) --approver LOGIN")
            }
        }
    }

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a deposited version in force: another person than its author.",
            discussion: """
                Every change since the version in force is printed, then the gate is run, then the pointer is moved by \
                one transaction with its journal entry. A running server answers by the new version from the next \
                question on.
                """)

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("Who approves: the login of an administrator's account.", valueName: "login"))
        var approver: String
        @Option(help: ArgumentHelp("Tell facts in French (fr) or English (en).", valueName: "language"))
        var language: FactLanguage = .en
        @Flag(help: "Print one JSON object.") var json = false
        @Argument(help: ArgumentHelp("The version's number.", valueName: "version")) var version: Int64

        func run() async throws {
            let difference = try await Installation.using(installation.configuration()) { node in
                let desk = try await PublicationDesk(node, login: approver)
                let version = try await desk.version(version)
                let difference = try PolicyCommand.difference(
                    from: desk.inForce.text, to: version.text, language)
                try await desk.commit { publication, person throws(PolicyPublication.Refusal) in
                    try publication.publication(of: version, by: person, at: node.clock()).submission
                }
                try await node.warnOfStrangers(in: version.text)
                return difference
            }
            if json {
                Console.print(
                    json: [
                        "version": .integer(version), "approver": .string(approver), "difference": difference.json,
                    ])
            } else {
                for line in difference.lines(in: language) { Console.print(line) }
                Console.print(
                    language.say(
                        en: "version \(version) is in force, approved by \(approver)",
                        fr: "la version \(version) est en vigueur, approuvée par \(approver)"))
            }
        }
    }

    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a version that was in force before back in force.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("Who decides it: not the author of that version.", valueName: "login"))
        var approver: String
        @Flag(help: "Print one JSON object.") var json = false
        @Argument(help: ArgumentHelp("The version's number.", valueName: "version")) var version: Int64

        func run() async throws {
            try await Installation.using(installation.configuration()) { node in
                let desk = try await PublicationDesk(node, login: approver)
                let version = try await desk.version(version)
                try await desk.commit { publication, person throws(PolicyPublication.Refusal) in
                    try publication.rollback(to: version, by: person, at: node.clock())
                }
            }
            if json {
                Console.print(json: ["version": .integer(version), "approver": .string(approver)])
            } else {
                Console.print("version \(version) is back in force, by \(approver)")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show every version, its author and its approver.")

        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Print one JSON object.") var json = false

        func run() async throws {
            let (versions, names) = try await Installation.using(installation.configuration()) { node in
                let versions = try await StoredAccessRecords(database: node.database).policyVersions()
                var names: [String: String] = [:]
                for subject in Set(versions.flatMap { [$0.author, $0.approver].compactMap(\.self) }) {
                    names[subject] = try await StoredAccounts(node.database).account(subject: subject)?.login
                }
                return (versions, names)
            }
            func named(_ subject: String?) -> String? { subject.map { names[$0] ?? $0 } }
            if json {
                Console.print(
                    json: [
                        "versions": .array(
                            versions.map {
                                [
                                    "version": .integer($0.number), "author": .string(named($0.author) ?? ""),
                                    "created": .string($0.createdAt.description),
                                    "approver": named($0.approver).map(JSONValue.string) ?? .null,
                                    "in_force": .bool($0.isInForce),
                                ]
                            })
                    ])
                return
            }
            for version in versions {
                let approval = named(version.approver).map { "approved by \($0)" } ?? "waits for approval"
                Console.print(
                    "\(version.isInForce ? "*" : " ") \(version.number)  \(version.createdAt.description)  "
                        + "by \(named(version.author) ?? "")  \(approval)")
            }
        }
    }
}

/// Where an administrator's account meets the version in force, for one command.
private struct PublicationDesk {
    let node: Installation
    let records: StoredAccessRecords
    let inForce: PolicyVersion
    private let person: PolicyPublication.Administrator
    private let publication: PolicyPublication

    init(_ node: Installation, login: String) async throws {
        self.node = node
        records = StoredAccessRecords(database: node.database)
        guard let name = Login(login), let account = try await StoredAccounts(node.database).account(login: name) else {
            throw CommandFailure("there is no account `\(login)`: `socle user list` shows those there are")
        }
        // The person, their roles and the pointer, with the revisions that the commit checks.
        let file = try await records.asker(client: "socle", subject: .account(account.subject))
        guard case .administrator(let roles) = file.link?.person else {
            throw CommandFailure(
                "`\(login)` is no administrator: `socle user create --admin-role policy_approver` makes one")
        }
        guard let number = file.policyNumber, let version = try await records.policy(number: number) else {
            throw CommandFailure("no version is in force yet: `socle serve` publishes the first")
        }
        inForce = version
        person = .init(subject: account.subject, roles: roles)
        publication = try PolicyPublication(inForce: version, stamp: file.stamp)
    }

    func version(_ number: Int64) async throws -> PolicyVersion {
        guard number != inForce.number else { throw CommandFailure("version \(number) is in force already") }
        guard let version = try await records.policy(number: number) else {
            throw CommandFailure("there is no version \(number): `socle policy list` shows those there are")
        }
        return version
    }

    func commit(
        _ make: (PolicyPublication, PolicyPublication.Administrator) throws(PolicyPublication.Refusal) -> Submission
    ) async throws(CommandFailure) {
        let submission: Submission
        do throws(PolicyPublication.Refusal) {
            submission = try make(publication, person)
        } catch {
            throw CommandFailure(error.explanation)
        }
        let outcome: CommitOutcome
        do throws(LaneUnavailable) {
            outcome = try await node.lane.commit(submission)
        } catch {
            throw CommandFailure("nothing was written: \(error.detail)")
        }
        switch outcome {
        case .committed: return
        case .conflict:
            throw CommandFailure("another version came into force meanwhile: look at the difference again, then retry")
        case .refused:
            throw CommandFailure(
                "refused: the version is its author's own, was never in force, or another was deposited meanwhile")
        }
    }
}

extension PolicyPublication.Refusal {
    fileprivate var explanation: String {
        switch self {
        case .notAllowed(let decision):
            "\(decision.reason) (\(decision.rule)): \(decision.text?.userEnglish ?? "the rules in force refuse it")"
        case .gate(let report): report.failures(in: .en)
        case .faults(let faults): faults.description
        }
    }
}
