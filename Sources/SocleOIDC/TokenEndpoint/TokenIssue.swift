// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleCrypto
package import SocleIdentity
import SocleJSON

/// What issuing needs beside the grant itself: the instant, the provider, the policy and unpredictable bytes.
package struct TokenIssue: Sendable {
    package var now: Instant
    package var endpoints: Endpoints
    package var policy: TokenPolicy
    package var random: SecureRandom

    package init(now: Instant, endpoints: Endpoints, policy: TokenPolicy, random: SecureRandom) {
        self.now = now
        self.endpoints = endpoints
        self.policy = policy
        self.random = random
    }

    /// - Parameters:
    ///   - audience: nil for Socle's access interface.
    ///   - expires: the end of the grant, which no token outlives; nil when there is none.
    package func accessToken(
        subject: String, client: Client, scopes: [String], audience: String? = nil, expires: Instant?,
        person: AccessTokenClaims.Person?
    ) -> AccessTokenClaims {
        let end = now + policy.accessToken
        return AccessTokenClaims(
            id: Base64URL.encode(random.bytes(16)), issuer: endpoints.issuer,
            audience: audience ?? endpoints.accessInterface, subject: subject, clientID: client.id, scopes: scopes,
            issuedAt: now,
            expires: expires.map { min($0, end) } ?? end, person: person)
    }

    /// The tokens of a person's grant, its records, and the entry.
    package func forPerson(
        _ grant: Grant, client: Client, scopes: [String], audience: String? = nil, nonce: String?,
        changes: [OAuthChange],
        grantType: Client.GrantType, refresh: Bool, stamp: Stamp, replayed: Replay?
    ) -> TokenGrant {
        let token = accessToken(
            subject: grant.issuedSubject, client: client, scopes: scopes, audience: audience, expires: grant.expires,
            person: AccessTokenClaims.Person(grant))
        let idToken =
            scopes.contains(Scope.openID)
            ? IDTokenClaims(
                issuer: endpoints.issuer, audience: client.id, grant: grant, nonce: nonce, issuedAt: now,
                expires: now + policy.idToken) : nil
        var changes = changes
        var refreshToken: String?
        if refresh {
            let text = random.token()
            changes.append(
                .storeRefreshToken(
                    RefreshToken(
                        digest: OpaqueToken.digest(text), grantID: grant.id, clientID: client.id, createdAt: now,
                        expires: idleEnd(of: grant))))
            refreshToken = text
        }
        return TokenGrant(
            accessToken: token, idToken: idToken, refreshToken: refreshToken,
            submission: Submission(
                changes: changes, entry: entry(grantType, token: token, actor: grant.subject),
                stamp: stamp),
            replayed: replayed)
    }

    /// For which protected resource the token is (RFC 8707 §2.2).
    func audience(asked: [String], granted: [String]?, client: Client) throws(GrantRefusal) -> String {
        do throws(ProtocolError) {
            return try Resources.audience(asked: asked, granted: granted, client: client, endpoints: endpoints)
        } catch {
            throw .refused(error)
        }
    }

    package func idleEnd(of grant: Grant) -> Instant { min(grant.expires, now + policy.refreshIdle) }

    /// - Parameter actor: the account, whatever `sub` the token names; the client when it acts for itself.
    package func entry(
        _ grantType: Client.GrantType, token: AccessTokenClaims, actor: String
    ) -> EntryDraft {
        var details: JSONObject = [
            "event": "token_issued", "grant_type": .string(grantType.rawValue), "client": .string(token.clientID),
            "scope": .string(token.scopes.joined(separator: " ")), "jti": .string(token.id),
        ]
        if token.audience != endpoints.accessInterface { details["resource"] = .string(token.audience) }
        if let person = token.person {
            details["grant"] = .string(person.grantID)
            details["session"] = .string(person.sessionID)
            if let situation = person.situation { details["situation"] = .string(situation) }
        }
        return EntryDraft(kind: .token, instant: now, actor: actor, details: details)
    }
}

/// Codes and refresh tokens: 256 random bits, of which only the digest is stored.
package enum OpaqueToken {
    package static func digest(_ text: String) -> String { Base64URL.encode(SHA256.digest(text.utf8)) }
}
