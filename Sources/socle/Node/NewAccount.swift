// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

/// An account about to exist, in the clear: its password and seed go no further than the changes made of it.
struct NewAccount: Sendable {
    /// One or the other: an account answers as one person (rule R-ADM-1).
    enum Person: Sendable {
        case professional(ProfessionalIdentifier)
        case administrator(roles: [String])
        case nobody
    }

    var subject: String
    var login: Login
    /// nil: the professional's name, or the login.
    var displayName: String?
    var password: String
    var seed: [UInt8]
    var person: Person

    /// Blocks for one password hash (about 40 ms).
    func changes(vault: Vault, random: SecureRandom, displayName: String, now: Instant) -> [any RecordChange] {
        let (professional, roles): (ProfessionalIdentifier?, [String]) =
            switch person {
            case .professional(let id): (id, [])
            case .administrator(let roles): (nil, roles)
            case .nobody: (nil, [])
            }
        let account = Account(
            subject: subject, login: login.value, displayName: displayName,
            passwordHash: PasswordHash.make(password, random: random),
            sealedTOTPSeed: vault.seal(seed, context: Account.seedContext(subject), random: random),
            professional: professional, adminRoles: roles, passwordSince: now, secondFactorSince: now)
        var changes: [any RecordChange] = [SignInChange.addAccount(account)]
        if let link { changes.append(PersonChange.link(AccountLink(subject: subject, person: link))) }
        return changes
    }

    private var link: AccountLink.Person? {
        switch person {
        case .professional(let id): .professional(id)
        case .administrator(let roles): .administrator(roles: Set(roles))
        case .nobody: nil
        }
    }

    var entry: JSONObject {
        var details: JSONObject = ["event": "account_created", "account": .string(subject)]
        if case .administrator(let roles) = person { details["roles"] = JSONValue(roles) }
        return details
    }

    /// Writes it, for a command.
    func create(in node: Installation) async throws {
        var name = displayName
        switch person {
        case .professional(let professional):
            guard let person = try await StoredAccessRecords(database: node.database).professional(professional) else {
                throw CommandFailure("the records hold no professional \(professional.value)")
            }
            name = name ?? person.name
        case .administrator(let roles):
            let known = try AdministratorRole.all(and: try await node.policyInForce()?.text)
            if let stranger = roles.first(where: { !known.contains($0) }) {
                throw CommandFailure(
                    "there is no role `\(stranger)`: there are \(known.sorted().joined(separator: ", "))")
            }
        case .nobody: break
        }
        let changes = changes(
            vault: node.vault, random: node.random, displayName: name ?? login.value, now: node.clock())
        try await node.commit(
            changes,
            EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: entry),
            refusal: "there is an account `\(login.value)` already")
    }
}
