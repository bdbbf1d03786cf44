// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

/// An account about to exist, in the clear: its password and seed go no further than the changes made of it.
struct NewAccount: Sendable {
    var subject: String
    var login: Login
    /// nil: the professional's name, or the login.
    var displayName: String?
    var password: String
    var seed: [UInt8]
    var professional: ProfessionalIdentifier?
    var adminRoles: [String]

    /// Blocks for one password hash (about 40 ms).
    func changes(vault: Vault, random: SecureRandom, displayName: String, now: Instant) -> [any RecordChange] {
        let account = Account(
            subject: subject, login: login.value, displayName: displayName,
            passwordHash: PasswordHash.make(password, random: random),
            sealedTOTPSeed: vault.seal(seed, context: Account.seedContext(subject), random: random),
            professional: professional, adminRoles: adminRoles, passwordSince: now, secondFactorSince: now)
        var changes: [any RecordChange] = [SignInChange.addAccount(account)]
        if let professional {
            changes.append(PersonChange.link(AccountLink(subject: subject, person: .professional(professional))))
        } else if !adminRoles.isEmpty {
            changes.append(
                PersonChange.link(AccountLink(subject: subject, person: .administrator(roles: Set(adminRoles)))))
        }
        return changes
    }

    var entry: JSONObject {
        var details: JSONObject = ["event": "account_created", "account": .string(subject)]
        if !adminRoles.isEmpty { details["roles"] = JSONValue(adminRoles) }
        return details
    }

    /// Writes it, for a command.
    func create(in node: Installation) async throws {
        var name = displayName
        if let professional {
            guard let person = try await StoredAccessRecords(database: node.database).professional(professional) else {
                throw CommandFailure("the records hold no professional \(professional.value)")
            }
            name = name ?? person.name
        }
        let changes = changes(
            vault: node.vault, random: node.random, displayName: name ?? login.value, now: node.clock())
        try await node.commit(
            changes,
            EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: entry),
            refusal: "there is an account `\(login.value)` already")
    }
}
