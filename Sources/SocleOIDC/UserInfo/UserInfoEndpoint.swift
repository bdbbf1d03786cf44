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

    /// Each scope releases its own claims and no more (OpenID Connect Core §5.4).
    static func claims(of person: PersonClaims, for token: AccessToken) -> JSONObject {
        var claims: JSONObject = ["sub": .string(token.subject)]
        if token.has(Scope.profile) {
            claims["name"] = person.name.map(JSONValue.string)
            claims["given_name"] = person.givenName.map(JSONValue.string)
            claims["family_name"] = person.familyName.map(JSONValue.string)
        }
        if token.has(Scope.nationalIdentifiers) {
            // `sub` and the rest are Socle's to say, whatever the source holds.
            for member in person.national.members where claims[member.name] == nil {
                claims[member.name] = member.value
            }
        }
        claims["socle_situation"] = token.situation.map(JSONValue.string)
        return claims
    }
}
