// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
package import SocleOIDC

extension OAuthChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .createClient(let client):
            return try Self.create(client, on: connection)
        case .disableClient(let id):
            guard try connection.execute(Self.disable, [.text(id)]) == 1 else { return false }
            try connection.forgetSubscriber(id)
            try connection.bump(.client, id)
        case .replaceClient(let client):
            return try Self.replace(client, on: connection)
        case .removeClient(let id):
            guard try connection.execute(Self.removeClient, [.text(id)]) == 1 else { return false }
            try connection.execute(Self.removeOrigins, [.text(id)])
            try connection.forgetSubscriber(id)
            try connection.bump(.client, id)
        case .addInitialAccessToken(let token):
            try connection.execute(
                Self.insertInitialToken,
                [.text(token.digest), .text(token.label), .instant(token.expires), .integer(token.uses)])
        case .useInitialAccessToken(let digest, let now):
            return try connection.execute(Self.useInitialToken, [.text(digest), .instant(now)]) == 1
        case .useAssertion(let client, let digest, let expires):
            return try connection.execute(
                Self.useAssertion, [.text(client), .text(digest), .instant(expires)]) == 1
        case .storeCode(let code):
            try connection.execute(
                Self.insertCode,
                code.grant.values + [
                    .text(code.digest), .text(code.redirectURI), .optional(code.codeChallenge),
                    .optional(code.nonce), .instant(code.expires),
                ])
        case .redeemCode(let digest, let now):
            return try connection.execute(Self.redeem, [.text(digest), .instant(now)]) == 1
        case .startGrant(let grant):
            try connection.execute(Self.insertGrant, grant.values)
            try connection.bump(.grant, grant.id)
        case .revokeGrant(let id, let now):
            // Bumped in any case: an answer that rests on this grant looks again.
            try connection.execute(Self.revoke, [.text(id), .instant(now)])
            try connection.bump(.grant, id)
        case .revokeGrants(let subject, let kept, let now):
            try Self.revokeAll(subject, except: kept, now, on: connection)
        case .revokeClientToken(let id, let client, let now, let expires):
            try connection.execute(
                Self.revokeClientToken, [.text(id), .text(client), .instant(now), .instant(expires)])
            try connection.bump(.grant, id)
        case .giveConsent(let consent):
            try connection.execute(
                Self.giveConsent,
                [
                    .text(consent.subject), .text(consent.clientID),
                    .text(consent.scopes.sorted().joined(separator: " ")),
                    .text(consent.claims.sorted().joined(separator: " ")), .instant(consent.givenAt),
                ])
        case .withdrawConsent(let subject, let client, let now):
            return try Self.withdraw(subject, client, now, on: connection)
        case .storeRefreshToken(let token):
            try connection.execute(
                Self.insertRefreshToken,
                [
                    .text(token.digest), .text(token.grantID), .text(token.clientID), .instant(token.createdAt),
                    .instant(token.expires),
                ])
        case .useUpRefreshToken(let digest, let now):
            return try connection.execute(Self.useUp, [.text(digest), .instant(now)]) == 1
        case .keepRefreshToken(let digest, let now, let end):
            return try connection.execute(Self.keep, [.text(digest), .instant(now), .instant(end)]) == 1
        case .deleteExpired(let before, let limit):
            let expiries = Self.deletions.map { Expiry(statement: $0, before: .instant(before)) }
            return try connection.delete(expiries, limit: limit) > 0
        }
        return true
    }

    private static func create(_ client: Client, on connection: any Connection) throws(StoreError) -> Bool {
        guard try connection.execute(insertClient, client.values + [.bool(client.disabled)]) == 1 else { return false }
        try insertOrigins(of: client, on: connection)
        try connection.bump(.client, client.id)
        return true
    }

    private static func replace(_ client: Client, on connection: any Connection) throws(StoreError) -> Bool {
        guard try connection.execute(replaceClient, client.values) == 1 else { return false }
        try connection.execute(removeOrigins, [.text(client.id)])
        try insertOrigins(of: client, on: connection)
        try connection.bump(.client, client.id)
        return true
    }

    private static func insertOrigins(of client: Client, on connection: any Connection) throws(StoreError) {
        for origin in client.origins.sorted() {
            try connection.execute(insertOrigin, [.text(origin), .text(client.id)])
        }
    }

    private static func withdraw(
        _ subject: String, _ client: String, _ now: Instant, on connection: any Connection
    ) throws(StoreError) -> Bool {
        let withdrawn = try connection.execute(withdrawConsent, [.text(subject), .text(client)])
        // A code not redeemed yet would start a grant after this.
        try connection.execute(dropCodes, [.text(subject), .text(client), .instant(now)])
        let ended = try connection.rows(endGrants, [.text(subject), .text(client), .instant(now)])
        for row in ended { try connection.bump(.grant, try row.text(0)) }
        return withdrawn == 1 || !ended.isEmpty
    }

    private static func revokeAll(
        _ subject: String, except session: String?, _ now: Instant, on connection: any Connection
    ) throws(StoreError) {
        // No session has an empty identifier.
        let parameters: [DatabaseValue] = [.text(subject), .text(session ?? ""), .instant(now)]
        try connection.execute(dropAllCodes, parameters)
        for row in try connection.rows(endAllGrants, parameters) { try connection.bump(.grant, try row.text(0)) }
    }

    private static let giveConsent: Statement = """
        INSERT INTO application_consents (subject, client_id, scopes, claims, given_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (subject, client_id) DO UPDATE
        SET scopes = excluded.scopes, claims = excluded.claims, given_at = excluded.given_at
        """
    private static let withdrawConsent: Statement =
        "DELETE FROM application_consents WHERE subject = $1 AND client_id = $2"
    /// By the index of their expiry: those still to be redeemed are a minute's.
    static let dropCodes: Statement = """
        DELETE FROM authorization_codes WHERE code_expires > $3 AND redeemed_at IS NULL AND subject = $1 AND client_id = $2
        """
    private static let dropAllCodes: Statement = """
        DELETE FROM authorization_codes WHERE code_expires > $3 AND redeemed_at IS NULL AND subject = $1 AND session_id <> $2
        """
    private static let endAllGrants: Statement = """
        UPDATE grants SET revoked_at = $3 WHERE subject = $1 AND session_id <> $2 AND revoked_at IS NULL
        RETURNING grant_id
        """
    private static let endGrants: Statement = """
        UPDATE grants SET revoked_at = $3 WHERE subject = $1 AND client_id = $2 AND revoked_at IS NULL
        RETURNING grant_id
        """

    private static let insertClient: Statement = """
        INSERT INTO clients (id, name, authentication, sealed_secret, redirect_uris, post_logout_redirect_uris,
            grant_types, scopes, id_token_algorithm, metadata, disabled)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING
        """
    private static let replaceClient: Statement = """
        UPDATE clients SET name = $2, authentication = $3, sealed_secret = $4, redirect_uris = $5,
            post_logout_redirect_uris = $6, grant_types = $7, scopes = $8, id_token_algorithm = $9, metadata = $10
        WHERE id = $1
        """
    private static let removeClient: Statement = "DELETE FROM clients WHERE id = $1"
    private static let removeOrigins: Statement = "DELETE FROM client_origins WHERE client_id = $1"
    private static let insertInitialToken: Statement =
        "INSERT INTO initial_access_tokens (digest, label, expires, uses) VALUES ($1, $2, $3, $4)"
    private static let useInitialToken: Statement = """
        UPDATE initial_access_tokens SET uses = uses - 1 WHERE digest = $1 AND uses > 0 AND expires > $2
        """
    private static let useAssertion: Statement = """
        INSERT INTO used_assertions (client_id, digest, expires) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        """
    private static let insertOrigin: Statement = "INSERT INTO client_origins (origin, client_id) VALUES ($1, $2)"
    private static let disable: Statement = "UPDATE clients SET disabled = 1 WHERE id = $1"

    private static let grantColumns = OAuthTables.grantColumns.joined(separator: ", ")
    private static let insertCode = Statement(
        """
        INSERT INTO authorization_codes (\(grantColumns), digest, redirect_uri, code_challenge, nonce, code_expires)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """)
    private static let redeem: Statement = """
        UPDATE authorization_codes SET redeemed_at = $2
        WHERE digest = $1 AND redeemed_at IS NULL AND code_expires > $2
        """
    private static let insertGrant = Statement(
        "INSERT INTO grants (\(grantColumns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
    private static let revoke: Statement = """
        UPDATE grants SET revoked_at = $2 WHERE grant_id = $1 AND revoked_at IS NULL
        """
    private static let revokeClientToken: Statement = """
        INSERT INTO revoked_client_tokens (id, client_id, revoked_at, expires) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO NOTHING
        """
    private static let insertRefreshToken: Statement = """
        INSERT INTO refresh_tokens (digest, grant_id, client_id, created_at, expires) VALUES ($1, $2, $3, $4, $5)
        """
    private static let useUp: Statement = """
        UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires > $2
        """
    private static let keep: Statement = """
        UPDATE refresh_tokens SET expires = $3 WHERE digest = $1 AND used_at IS NULL AND expires > $2
        """

    /// Refresh tokens before the grants they belong to.
    private static let deletions = [
        deletion("authorization_codes", key: "digest", expiry: "code_expires"),
        deletion("refresh_tokens", key: "digest", expiry: "expires"),
        deletion("revoked_client_tokens", key: "id", expiry: "expires"),
        deletion("grants", key: "grant_id", expiry: "expires"),
        deletion("initial_access_tokens", key: "digest", expiry: "expires"),
        Statement(
            """
            DELETE FROM used_assertions WHERE (client_id, digest) IN (
                SELECT client_id, digest FROM used_assertions WHERE expires < $1 LIMIT $2)
            """),
    ]

    private static func deletion(_ table: String, key: String, expiry: String) -> Statement {
        Statement(
            "DELETE FROM \(table) WHERE \(key) IN (SELECT \(key) FROM \(table) WHERE \(expiry) < $1 LIMIT $2)")
    }
}

extension Client {
    /// Every column but `disabled`, in the order of the statements.
    fileprivate var values: [DatabaseValue] {
        [
            .text(id), .text(name), .text(authentication.rawValue), .optional(sealedSecret),
            .text(redirectURIs.joined(separator: "\n")), .text(postLogoutRedirectURIs.joined(separator: "\n")),
            .text(grantTypes.map(\.rawValue).sorted().joined(separator: " ")),
            .text(scopes.sorted().joined(separator: " ")), .text(idTokenAlgorithm.rawValue),
            .optional(metadata == ClientMetadata() ? nil : JSONValue.object(metadata.json).text),
        ]
    }
}
