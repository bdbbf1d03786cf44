// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity

/// Turns a grant's claims into signed tokens.
struct TokenSigner: Sendable {
    let answers: ProtectedAnswers

    /// Access tokens are ES256 unless the client's are for a resource that reads another algorithm: Socle verifies most
    /// of them itself, and an ES256 signature costs a tenth of an RS256 one.
    func sign(_ grant: TokenGrant, for client: Client) async throws(ProtocolError) -> TokenResponse {
        let accessToken = try await answers.signed(
            grant.accessToken.payload, algorithm: client.metadata.accessTokenAlgorithm ?? .es256, type: "at+jwt")
        var idToken: String?
        if let claims = grant.idToken {
            let algorithm = client.idTokenAlgorithm
            let signed = try await answers.signed(
                claims.payload(accessToken: accessToken, algorithm: algorithm), algorithm: algorithm, type: "JWT")
            idToken = try await answers.encrypted(
                signed: signed, by: client.metadata.idTokenEncryption, for: client, now: claims.issuedAt)
        }
        return TokenResponse(
            accessToken: accessToken, lifetime: grant.accessToken.expires - grant.accessToken.issuedAt,
            scopes: grant.accessToken.scopes, refreshToken: grant.refreshToken, idToken: idToken)
    }
}
