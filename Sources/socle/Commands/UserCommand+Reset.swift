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

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "Its login.")
        var login: String
        @Option(help: "For how many hours the temporary password works, 1 to 168.")
        var hours: Int = 24
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard (1...168).contains(hours) else { throw ValidationError("--hours must be 1 to 168") }
        }

        func run() async throws {
            let (password, expires) = try await Installation.using(installation.configuration()) { node in
                let account = try await node.account(login)
                let (password, now) = (TemporaryPassword.make(random: node.random), node.clock())
                let expires = now + .hours(Int64(hours))
                let reset = AccountReset(
                    passwordOf: account, hash: PasswordHash.make(password, random: node.random), until: expires,
                    actor: "operator", now: now)
                try await node.commit(reset.changes, reset.entry, refusal: "there is no account `\(login)`")
                return (password, expires)
            }
            if json {
                Console.print(
                    json: [
                        "login": .string(login), "password": .string(password),
                        "expires": .string(expires.description),
                    ])
            } else {
                Console.print("temporary_password \(password)")
                Console.print("expires \(expires)")
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

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "Its login.")
        var login: String
        @Option(help: "For how many hours the code works, 1 to 168.")
        var hours: Int = 24
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard (1...168).contains(hours) else { throw ValidationError("--hours must be 1 to 168") }
        }

        func run() async throws {
            let (code, expires) = try await Installation.using(installation.configuration()) { node in
                let account = try await node.account(login)
                let (code, now) = (TemporaryPassword.make(random: node.random), node.clock())
                let expires = now + .hours(Int64(hours))
                let reset = AccountReset(
                    secondFactorOf: account, code: code, until: expires, actor: "operator", now: now)
                try await node.commit(reset.changes, reset.entry, refusal: "there is no account `\(login)`")
                return (code, expires)
            }
            if json {
                Console.print(
                    json: [
                        "login": .string(login), "enrolment_code": .string(code),
                        "expires": .string(expires.description),
                    ])
            } else {
                Console.print("enrolment_code \(code)")
                Console.print("expires \(expires)")
            }
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
