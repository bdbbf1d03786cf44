// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleIdentity
package import SocleJSON

/// What an ID token says (OpenID Connect Core §2). Claims about the person are at userinfo (§5.4), unless the request
/// asked to find them here (§5.5).
package struct IDTokenClaims: Hashable, Sendable {
    package var issuer: String
    package var audience: String
    package var grant: Grant
    /// Of the authorization request; never in a token got by refresh (OpenID Connect Core §12.2).
    package var nonce: String?
    package var issuedAt: Instant
    package var expires: Instant
    /// Claims about the person that the request asked to find here.
    package var requested = JSONObject()

    package init(
        issuer: String, audience: String, grant: Grant, nonce: String?, issuedAt: Instant, expires: Instant
    ) {
        self.issuer = issuer
        self.audience = audience
        self.grant = grant
        self.nonce = nonce
        self.issuedAt = issuedAt
        self.expires = expires
    }

    package func payload(accessToken: String, algorithm: SignatureAlgorithm) -> [UInt8] {
        var writer = ClaimsWriter()
        writer.write("iss", issuer)
        writer.write("sub", grant.issuedSubject)
        writer.write("aud", audience)
        writer.write("exp", expires)
        writer.write("iat", issuedAt)
        writer.write("auth_time", grant.authenticatedAt)
        writer.write("nonce", nonce)
        writer.write("acr", grant.acr)
        writer.write("amr", grant.methods)
        writer.write("sid", grant.sessionID)
        writer.write("at_hash", Self.hash(accessToken, algorithm: algorithm))
        writer.write("socle_situation", grant.situation)
        writer.write(requested)
        return writer.finish()
    }

    /// The left half of the digest of the algorithm's own hash: SHA-512 for Ed25519 (OpenID Connect Core §3.1.3.6).
    static func hash(_ accessToken: String, algorithm: SignatureAlgorithm) -> String {
        let digest = algorithm.digest(accessToken.utf8)
        return Base64URL.encode(digest.prefix(digest.count / 2))
    }
}
