// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import SocleJSON
import SocleOIDC

/// What a demonstration prints and nobody could guess: random at first creation, kept in `demo.json`.
struct DemoSecrets: Equatable, Sendable {
    struct Account: Equatable, Sendable {
        /// The `sub`: opaque, random, stable.
        var subject: String
        var password: String
        var totpSeed: [UInt8]
    }

    /// By login.
    var accounts: [String: Account]
    /// By client identifier; public clients have none.
    var clients: [String: String]

    init(random: SecureRandom) {
        accounts = [:]
        clients = [:]
        complete(random: random)
    }

    /// Draws what is missing: all of it at first, or what a newer version of the demonstration added.
    mutating func complete(random: SecureRandom) {
        for account in DemoAccount.all where accounts[account.login] == nil {
            accounts[account.login] = Account(
                subject: Base64URL.encode(random.bytes(16)), password: TemporaryPassword.make(random: random),
                totpSeed: TOTP.newSeed(random: random))
        }
        for service in DemoService.all where service.authentication != .none && clients[service.id] == nil {
            clients[service.id] = random.token()
        }
    }

    // MARK: - demo.json

    /// The secrets of the folder; new ones, written there first, when it has none.
    static func loadOrCreate(_ directory: DemoDirectory, random: SecureRandom) throws -> DemoSecrets {
        var secrets: DemoSecrets
        if FileManager.default.fileExists(atPath: directory.secrets) {
            secrets = try load(directory)
            let before = secrets
            secrets.complete(random: random)
            if secrets == before { return secrets }
        } else {
            secrets = DemoSecrets(random: random)
        }
        try PrivateFile.write(secrets.json.bytes + [0x0A], to: directory.secrets)
        return secrets
    }

    static func load(_ directory: DemoDirectory) throws(CommandFailure) -> DemoSecrets {
        guard let data = FileManager.default.contents(atPath: directory.secrets) else {
            throw CommandFailure("\(directory.secrets): cannot be read: start `socle demo --data` there first")
        }
        guard let json = try? JSONValue(parsing: data), let secrets = DemoSecrets(json: json) else {
            throw CommandFailure("\(directory.secrets): is not a demonstration's: remove the folder and start again")
        }
        return secrets
    }

    private init?(json: JSONValue) {
        guard let accounts = json["accounts"]?.array, let clients = json["clients"]?.object else { return nil }
        self.accounts = [:]
        self.clients = [:]
        for account in accounts {
            guard let login = account["login"]?.string, let subject = account["sub"]?.string,
                let password = account["password"]?.string,
                let seed = account["totp_secret"]?.string.flatMap({ Base32.decode($0) }), TOTP(seed: seed) != nil
            else { return nil }
            self.accounts[login] = Account(subject: subject, password: password, totpSeed: seed)
        }
        for (id, secret) in clients.members {
            guard let secret = secret.string else { return nil }
            self.clients[id] = secret
        }
    }

    private var json: JSONValue {
        var secrets = JSONObject()
        for (id, secret) in clients.sorted(by: { $0.key < $1.key }) { secrets[id] = .string(secret) }
        return [
            "accounts": .array(
                accounts.sorted { $0.key < $1.key }.map { login, account in
                    [
                        "login": .string(login), "sub": .string(account.subject),
                        "password": .string(account.password),
                        "totp_secret": .string(Base32.encode(account.totpSeed)),
                    ]
                }),
            "clients": .object(secrets),
        ]
    }
}
