// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJSON

/// `/oauth2/userinfo`: claims about the person of the token (OpenID Connect Core §5.3).
package struct UserInfoEndpoint: Sendable {
    private let verifier: AccessTokenVerifier
    private let source: ClaimsSource
    private let endpoints: Endpoints

    package init(verifier: AccessTokenVerifier, source: ClaimsSource, endpoints: Endpoints) {
        self.verifier = verifier
        self.source = source
        self.endpoints = endpoints
    }

    /// - Throws: `invalid_token`; `insufficient_scope` for a token without `openid`, or of a client acting for itself.
    package func answer(bearer: String, now: Instant) async throws(ProtocolError) -> JSONObject {
        let token = try await verifier.verify(
            bearer: bearer, requiredAudience: endpoints.accessInterface, now: now)
        guard token.isUserToken, token.has(Scope.openID) else {
            throw ProtocolError(.insufficientScope, "the token does not hold `openid`")
        }
        let person: PersonClaims?
        do throws(RecordsUnavailable) {
            person = try await source.claims(token.subject, token.situation)
        } catch {
            throw .unavailable(error.detail)
        }
        guard let person else {
            throw ProtocolError(.invalidToken, "the access token is not valid", detail: "no person")
        }
        return Self.claims(of: person, for: token)
    }

    /// Each scope releases its own claims and no more, and the parameter `claims` what it named (OpenID Connect Core §5.4,
    /// §5.5).
    static func claims(of person: PersonClaims, for token: AccessToken) -> JSONObject {
        var claims: JSONObject = ["sub": .string(token.claims.subject)]
        for scope in token.scopes {
            // `sub` and the rest are Socle's to say, whatever the source holds.
            for member in person.claims(of: scope).members where claims[member.name] == nil {
                claims[member.name] = member.value
            }
        }
        // Asked for one by one, and found then to be this client's to know.
        for name in token.terms.claims.userInfo.keys.sorted() where Scope.releasing(name) != nil {
            claims[name] = claims[name] ?? person[name]
        }
        claims["socle_situation"] = token.situation.map(JSONValue.string)
        return claims
    }
}
