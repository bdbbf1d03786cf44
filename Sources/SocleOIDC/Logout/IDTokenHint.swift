// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJOSE
import SocleJSON

/// An ID token that comes back as a hint: ours, whether or not it has expired (OpenID Connect Core §3.1.2.1).
package struct IDTokenHint: Hashable, Sendable {
    package let clientID: String
    package let subject: String
    package let sessionID: String?

    /// - Throws: `invalid_request` for a token that is not an ID token signed by a published key.
    package init(_ text: String, keys: any SigningKeyRing, issuer: String) async throws(ProtocolError) {
        let claims: JSONObject
        do throws(JOSEError) {
            let token = try UnverifiedToken(compact: text)
            guard let (algorithm, key) = await keys.verificationKey(token.header.keyID ?? "") else {
                throw .unusableKey
            }
            claims = try token.verified(by: key, algorithm: algorithm, type: "JWT").claims
        } catch {
            throw ProtocolError(.invalidRequest, "`id_token_hint` is not valid", detail: "\(error)")
        }
        guard claims["iss"]?.string == issuer, let clientID = claims["aud"]?.string,
            let subject = claims["sub"]?.string
        else { throw ProtocolError(.invalidRequest, "`id_token_hint` is not valid", detail: "not claims of ours") }
        self.clientID = clientID
        self.subject = subject
        sessionID = claims["sid"]?.string
    }
}
