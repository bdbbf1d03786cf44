// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

extension UserCommand {
    struct ResetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-password",
            abstract: "Give an account a temporary password, printed this once; its sessions and tokens end at once.",
            discussion: """
                The person is asked for another at the next sign-in, after the second factor and before anything else. \
                A temporary password nobody used in time opens nothing.
                """)

        @OptionGroup var options: ResetOptions

        func run() async throws {
            try await options.reset(printing: "password", as: "temporary_password") { account, password, until, node in
                AccountReset(
                    passwordOf: account, hash: PasswordHash.make(password, random: node.random), until: until,
                    actor: "operator", now: node.clock())
            }
        }
    }

    struct ResetSecondFactor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-second-factor",
            abstract: "Take an account's second factor away; prints the code to enrol another, this once.",
            discussion: """
                Its sessions and tokens end at once. At the next sign-in the person gives their password, this code and \
                a code of the application they enrol. Tell it to them in person or by telephone, apart from a password.
                """)

        @OptionGroup var options: ResetOptions

        func run() async throws {
            try await options.reset(printing: "enrolment_code", as: "enrolment_code") { account, code, until, node in
                AccountReset(
                    secondFactorOf: account, code: code, until: until, actor: "operator", now: node.clock())
            }
        }
    }
}

/// Whose account, for how long, and how what was made for it is told: once.
struct ResetOptions: ParsableArguments {
    @OptionGroup var installation: InstallationOptions
    @Argument(help: "Its login.")
    var login: String
    @Option(help: "For how many hours what is printed works, 1 to 168.")
    var hours: Int = 24
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...168).contains(hours) else { throw ValidationError("--hours must be 1 to 168") }
    }

    /// - Parameters:
    ///   - member: its name in the JSON object.
    ///   - word: its name in the lines.
    func reset(
        printing member: String, as word: String,
        _ reset: @Sendable (Account, _ secret: String, _ until: Instant, Installation) -> AccountReset
    ) async throws {
        let (secret, expires) = try await Installation.using(installation.configuration()) { node in
            let account = try await node.account(login)
            let secret = TemporaryPassword.make(random: node.random)
            let expires = node.clock() + .hours(Int64(hours))
            let change = reset(account, secret, expires, node)
            try await node.commit(change.changes, change.entry, refusal: "there is no account `\(login)`")
            return (secret, expires)
        }
        if json {
            Console.print(
                json: ["login": .string(login), member: .string(secret), "expires": .string(expires.description)])
        } else {
            Console.print("\(word) \(secret)")
            Console.print("expires \(expires)")
        }
    }
}

extension Installation {
    /// - Throws: for a login nobody has.
    func account(_ login: String) async throws -> Account {
        guard let name = Login(login), let account = try await StoredAccounts(database).account(login: name) else {
            throw CommandFailure("there is no account `\(login)`")
        }
        return account
    }
}

extension PasswordRules.Fault {
    /// To follow "the password".
    var reason: String {
        switch self {
        case .tooShort: "is shorter than \(PasswordRules.shortest) characters"
        case .tooLong: "is longer than \(PasswordHash.longestPassword) bytes"
        case .holdsLogin: "contains the login"
        case .repetitive: "repeats the same few characters"
        case .unchanged: "is the present one"
        case .different: "was not given twice the same"
        }
    }
}
