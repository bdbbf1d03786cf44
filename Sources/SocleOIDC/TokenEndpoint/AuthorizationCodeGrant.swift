// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit

/// Redeeming a code (RFC 6749 §4.1.3; RFC 7636 §4.6; OpenID Connect Core §3.1.3).
///
/// A refresh token comes with it when the client is registered for `refresh_token`. Without `offline_access` it ends
/// with the browser's session, as the grant does; with it, after its idle time or the grant's own end.
package enum AuthorizationCodeGrant {
    /// The checks, in order. A code that is unknown, of another client, expired or wrongly bound gets one answer:
    /// which of these it was is for the log.
    package static func grant(
        _ code: AuthorizationCode, standing: Standing, redirectURI: String, verifier: String?, resources: [String] = [],
        client: Client, issuing: TokenIssue
    ) throws(GrantRefusal) -> TokenGrant {
        guard code.grant.clientID == client.id else { throw refusal("the code is of another client") }
        guard code.redeemedAt == nil else {
            throw .replayed(Replay(.authorizationCode, grantID: code.grant.id, clientID: client.id))
        }
        guard issuing.now < code.expires else { throw refusal("the code has expired") }
        guard code.redirectURI == redirectURI else { throw refusal("the redirect URI is not the code's") }
        try checkVerifier(verifier, code: code)
        guard standing.stands(at: issuing.now) else { throw refusal("the session, account or client has ended") }
        let audience = try issuing.audience(asked: resources, granted: code.grant.terms.resources, client: client)
        return issuing.forPerson(
            code.grant, client: client, scopes: code.grant.scopes, audience: audience, nonce: code.nonce,
            changes: [.redeemCode(digest: code.digest, at: issuing.now), .startGrant(code.grant)],
            grantType: .authorizationCode, refresh: client.grantTypes.contains(.refreshToken), stamp: standing.stamp,
            replayed: Replay(.authorizationCode, grantID: code.grant.id, clientID: client.id))
    }

    /// A challenge needs its verifier, and a verifier needs a challenge: otherwise an attacker could strip PKCE from
    /// the authorization request and keep it in the token request (RFC 9700 §4.8.2).
    private static func checkVerifier(_ verifier: String?, code: AuthorizationCode) throws(GrantRefusal) {
        switch (code.codeChallenge, verifier) {
        case (nil, nil): break
        case (let challenge?, let verifier?):
            guard CodeChallenge(stored: challenge).isMet(by: verifier) else {
                throw refusal("the verifier does not match")
            }
        case (.some, nil): throw refusal("the verifier is missing")
        case (nil, .some): throw refusal("the code has no challenge")
        }
    }

    private static func refusal(_ detail: String) -> GrantRefusal {
        .refused(ProtocolError(.invalidGrant, "the code is not valid", detail: detail))
    }
}
