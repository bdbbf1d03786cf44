// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC

/// What a demonstration says once it listens: to a program with `--json`, to a person without.
struct DemoSummary: Sendable {
    struct Account: Sendable {
        var account: DemoAccount
        var secret: DemoSecrets.Account
        var situations: [ExerciseSituation]
    }

    var issuer: String
    var directory: DemoDirectory
    var accounts: [Account]
    /// By client.
    var secrets: [String: String]

    var json: JSONValue {
        [
            "issuer": .string(issuer), "accounts": .array(accounts.map(Self.json)),
            "clients": .array(DemoService.all.map { Self.json($0, secret: secrets[$0.id]) }),
            "questions": .array(
                DemoQuestion.all.map { ["request": $0.request, "expected": .bool($0.expected)] }),
        ]
    }

    private static func json(_ account: Account) -> JSONValue {
        [
            "login": .string(account.account.login), "password": .string(account.secret.password),
            "totp_secret": .string(Base32.encode(account.secret.totpSeed)),
            "roles": JSONValue(account.account.roles),
            "situations": .array(
                account.situations.map { ["id": .string($0.id), "label": .string($0.label)] }),
        ]
    }

    private static func json(_ service: DemoService, secret: String?) -> JSONValue {
        [
            "client_id": .string(service.id), "client_secret": secret.map(JSONValue.string) ?? .null,
            "grant_types": JSONValue(service.grantTypes.map(\.rawValue).sorted()),
            "scopes": JSONValue(service.scopes.sorted()), "redirect_uris": JSONValue(service.redirectURIs),
        ]
    }

    // MARK: - For a person

    var text: String {
        let width = accounts.map(\.account.login.count).max() ?? 0
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let people = accounts.map { entry in
            let what =
                entry.situations.isEmpty
                ? entry.account.roles.joined(separator: ", ") : entry.situations.map(\.label).joined(separator: " | ")
            return "  \(padded(entry.account.login, width))  \(entry.secret.password)  \(what)"
        }
        let first = accounts.first?.account.login ?? ""
        return """

            Socle is listening on \(issuer) (this machine only; stop with Ctrl-C).
            \(directory.isTemporary ? "Data, removed at exit" : "Data"): \(directory.path)

            Sign in: open \(issuer)/ and give a login, its password, then a code.
            \(people.joined(separator: "\n"))

            A code, from another terminal (works once, for 30 seconds):
              socle demo code \(first) --data \(directory.path)

            \(commands)

            """
    }

    private var commands: String {
        let service = DemoService.pointAccesPro
        let question = DemoQuestion.all.first { $0.expected }
        let refused = DemoQuestion.all.first { !$0.expected }
        func ask(_ question: DemoQuestion?) -> String {
            guard let question else { return "" }
            return """
                  curl -s \(issuer)/access/v1/evaluation -H "Authorization: Bearer $TOKEN" \\
                    -H 'Content-Type: application/json' -d '\(question.request.text)'
                """
        }
        return """
            A token for an application, then a permit and a refusal, each with its reason:
              TOKEN=$(curl -s -u '\(service.id):\(secrets[service.id] ?? "")' \(issuer)/oauth2/token \\
                -d grant_type=client_credentials -d 'scope=access:evaluate access:assert' \\
                | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
            \(ask(question))
            \(ask(refused))
            """
    }
}
