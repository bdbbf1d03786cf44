// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAudit
import SocleConsent
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

/// `socle user`: the accounts. A running server sees a change at its next request.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Create, list, disable and reset accounts.",
        subcommands: [Create.self, List.self, Disable.self, ResetPassword.self, ResetSecondFactor.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an account; prints the secret of its second factor, this once.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: "What the person will type.")
        var login: String
        @Flag(help: "Read the password from the first line of standard input.")
        var passwordStdin = false
        @Option(help: ArgumentHelp("The professional of the records the account is.", valueName: "id"))
        var professional: String?
        @Option(help: "What pages and applications show; the professional's name by default.")
        var name: String?
        @Flag(help: "An administrator of the platform.")
        var admin = false
        @Option(
            help: ArgumentHelp(
                "A role of an administrator, as policy_author or policy_approver; may be given several times.",
                valueName: "role"))
        var adminRole: [String] = []
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard passwordStdin else {
                throw ValidationError("give --password-stdin: a password on the command line would be seen by others")
            }
            guard Login(login) != nil else {
                throw ValidationError("--login must be 1 to 128 letters, digits, `.`, `_`, `-`, `+` or `@`")
            }
            let isRole = { (role: String) in role.allSatisfy { $0 == "_" || $0.isLetter && $0.isASCII } && !role.isEmpty
            }
            guard adminRole.allSatisfy(isRole) else {
                throw ValidationError("--admin-role is made of letters and `_`")
            }
            guard professional.map({ ProfessionalIdentifier($0) != nil }) ?? true else {
                throw ValidationError("--professional is not an identifier")
            }
            guard professional == nil || roles.isEmpty else {
                throw ValidationError(
                    "--professional and \(admin ? "--admin" : "--admin-role") are two accounts: one account is one person"
                )
            }
        }

        private var roles: [String] { (admin ? [AdministratorRole.platform.rawValue] : []) + adminRole }

        private var person: NewAccount.Person {
            professional.flatMap { ProfessionalIdentifier($0) }.map { .professional($0) }
                ?? (roles.isEmpty ? .nobody : .administrator(roles: roles))
        }

        func run() async throws {
            guard let login = Login(login) else { throw CommandFailure("the login is malformed") }
            let password = try Console.secretLine("password", limit: PasswordHash.longestPassword)
            if let fault = PasswordRules.fault(password, repeated: password, login: login.value) {
                throw CommandFailure("the password \(fault.reason)")
            }
            let (seed, label) = try await Installation.using(installation.configuration()) { node in
                let new = NewAccount(
                    subject: Base64URL.encode(node.random.bytes(16)), login: login, displayName: name,
                    password: password, seed: TOTP.newSeed(random: node.random),
                    person: person)
                try await new.create(in: node)
                return (new.seed, node.configuration.issuer.description)
            }
            let uri = TOTP.provisioningURI(seed: seed, issuer: "Socle", account: "\(login.value)@\(host(of: label))")
            if json {
                Console.print(
                    json: [
                        "login": .string(login.value), "totp_secret": .string(Base32.encode(seed)),
                        "otpauth": .string(uri),
                    ])
            } else {
                Console.print("account \(login.value) created")
                Console.print("totp_secret \(Base32.encode(seed))")
                Console.print("otpauth \(uri)")
            }
        }

        private func host(of issuer: String) -> String {
            String(issuer.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != ":" })
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show every account; never a secret.")

        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let accounts = try await Installation.using(installation.configuration()) { node in
                var all: [Account] = []
                while true {
                    let last = all.last.flatMap { Login($0.login) }
                    let page = try await StoredAccounts(node.database).accounts(after: last, limit: 500)
                    all += page
                    if page.count < 500 { return all }
                }
            }
            if json {
                Console.print(
                    json: [
                        "users": .array(
                            accounts.map {
                                [
                                    "login": .string($0.login), "sub": .string($0.subject),
                                    "name": .string($0.displayName), "admin_roles": JSONValue($0.adminRoles),
                                    "disabled": .bool($0.disabled),
                                ]
                            })
                    ])
            } else {
                for account in accounts {
                    let state = (account.adminRoles + (account.disabled ? ["disabled"] : [])).joined(separator: ", ")
                    Console.print("\(account.login)  \(account.displayName)" + (state.isEmpty ? "" : "  (\(state))"))
                }
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Let nobody in with an account; its sessions and tokens stop working at once on Socle's endpoints.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: "Its login.")
        var login: String
        @OptionGroup var outcome: OutcomeOptions

        func run() async throws {
            let details = try await Installation.using(installation.configuration()) { node in
                let account = try await node.account(login)
                let details: JSONObject = ["event": "account_disabled", "account": .string(account.subject)]
                try await node.commit(
                    [SignInChange.setDisabled(subject: account.subject, true)],
                    EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: details),
                    refusal: "there is no account `\(login)`")
                return details
            }
            outcome.tell(details, "account \(login) disabled")
        }
    }
}
