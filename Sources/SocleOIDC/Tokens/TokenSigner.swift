// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJOSE

/// Turns a grant's claims into signed tokens.
struct TokenSigner: Sendable {
    let keys: any SigningKeyRing

    /// Access tokens are ES256: Socle verifies most of them itself, and an ES256 signature costs a tenth of an RS256 one.
    static let accessTokenAlgorithm = SignatureAlgorithm.es256

    func sign(_ grant: TokenGrant, idTokenAlgorithm: SignatureAlgorithm) async throws(ProtocolError) -> TokenResponse {
        let accessToken = try await sign(
            grant.accessToken.payload, algorithm: Self.accessTokenAlgorithm, type: "at+jwt")
        var idToken: String?
        if let claims = grant.idToken {
            idToken = try await sign(
                claims.payload(accessToken: accessToken, algorithm: idTokenAlgorithm), algorithm: idTokenAlgorithm,
                type: "JWT")
        }
        return TokenResponse(
            accessToken: accessToken, lifetime: grant.accessToken.expires - grant.accessToken.issuedAt,
            scopes: grant.accessToken.scopes, refreshToken: grant.refreshToken, idToken: idToken)
    }

    private func sign(
        _ payload: [UInt8], algorithm: SignatureAlgorithm, type: String
    ) async throws(ProtocolError) -> String {
        do {
            let (id, key) = try await keys.current(algorithm)
            return try JWS.sign(payload: payload, with: key, keyID: id, type: type)
        } catch {
            throw ProtocolError(.serverError, "the server could not sign a token", detail: "\(error)")
        }
    }
}
