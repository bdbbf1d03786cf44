// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// Using a refresh token (RFC 6749 §6).
///
/// - A public client's token is exchanged for its successor at each use, and a second use ends the family: it is not
///   sender-constrained, so nobody can tell the thief from the owner (RFC 9700 §4.14.2).
/// - A confidential client proves itself at each use, and keeps one token that expires by idle time: rotating would
///   only lose tokens in lost answers (FAPI 2.0 §5.3.2.1).
package enum RefreshTokenGrant {
    package static func grant(
        _ token: RefreshToken, standing: Standing, scopes: [String]?, resources: [String] = [], client: Client,
        issuing: TokenIssue
    ) throws(GrantRefusal) -> TokenGrant {
        guard token.clientID == client.id else { throw refusal("the token is of another client") }
        let replay = Replay(.refreshToken, grantID: token.grantID, clientID: client.id)
        guard token.usedAt == nil else { throw .replayed(replay) }
        guard issuing.now < token.expires else { throw refusal("the token has expired") }
        guard let grant = standing.grant, standing.stands(at: issuing.now) else {
            throw refusal("the grant, session, account or client has ended")
        }
        let narrowed = try narrow(scopes, of: grant)
        let audience = try issuing.audience(asked: resources, granted: grant.terms.resources, client: client)
        let use: OAuthChange =
            client.isPublic
            ? .useUpRefreshToken(digest: token.digest, at: issuing.now)
            : .keepRefreshToken(digest: token.digest, at: issuing.now, until: issuing.idleEnd(of: grant))
        return issuing.forPerson(
            grant, client: client, scopes: narrowed, audience: audience, nonce: nil, changes: [use],
            grantType: .refreshToken, refresh: client.isPublic, stamp: standing.stamp,
            replayed: client.isPublic ? replay : nil)
    }

    /// Fewer scopes for this access token; the grant keeps its own (RFC 6749 §6).
    private static func narrow(_ scopes: [String]?, of grant: Grant) throws(GrantRefusal) -> [String] {
        guard let scopes else { return grant.scopes }
        guard scopes.allSatisfy(grant.scopes.contains) else {
            throw .refused(ProtocolError(.invalidScope, "a scope exceeds what was granted"))
        }
        return scopes
    }

    private static func refusal(_ detail: String) -> GrantRefusal {
        .refused(ProtocolError(.invalidGrant, "the refresh token is not valid", detail: detail))
    }
}
