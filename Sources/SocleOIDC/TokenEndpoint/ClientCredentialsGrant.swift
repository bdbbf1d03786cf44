// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit

/// A client acting for itself (RFC 6749 §4.4). No refresh token and no stored grant: its registration is its grant.
package enum ClientCredentialsGrant {
    package static func grant(
        scopes asked: [String]?, audience: String? = nil, client: Client, issuing: TokenIssue
    ) throws(GrantRefusal) -> TokenGrant {
        let allowed = client.scopes.subtracting(Scope.ofPeople)
        let scopes = asked ?? allowed.sorted()
        guard scopes.allSatisfy(allowed.contains) else {
            throw .refused(ProtocolError(.invalidScope, "a scope is not one this client may ask for itself"))
        }
        let token = issuing.accessToken(
            subject: client.id, client: client, scopes: scopes, audience: audience, expires: nil, person: nil)
        return TokenGrant(
            accessToken: token,
            submission: Submission(
                entry: issuing.entry(.clientCredentials, token: token, actor: client.id),
                // A client disabled while this token was made gets none.
                stamp: Stamp([RecordKey(.client, client.id): client.revision])))
    }
}
