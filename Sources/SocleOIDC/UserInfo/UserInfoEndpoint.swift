// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJSON

/// `/oauth2/userinfo`: claims about the person of the token (OpenID Connect Core §5.3).
package struct UserInfoEndpoint: Sendable {
    private let verifier: AccessTokenVerifier
    private let source: ClaimsSource
    private let clients: any ClientRecords
    private let answers: ProtectedAnswers
    private let endpoints: Endpoints

    package init(
        verifier: AccessTokenVerifier, source: ClaimsSource, clients: any ClientRecords, answers: ProtectedAnswers,
        endpoints: Endpoints
    ) {
        self.verifier = verifier
        self.source = source
        self.clients = clients
        self.answers = answers
        self.endpoints = endpoints
    }

    package enum Answer: Hashable, Sendable {
        case claims(JSONObject)
        /// A JWT: signed, encrypted, or both.
        case token(String)
    }

    /// - Throws: `invalid_token`; `insufficient_scope` for a token without `openid`, or of a client acting for itself.
    package func answer(bearer: String, now: Instant) async throws(ProtocolError) -> Answer {
        let token = try await verifier.verify(
            bearer: bearer, requiredAudience: endpoints.accessInterface, now: now)
        guard token.isUserToken, token.has(Scope.openID) else {
            throw ProtocolError(.insufficientScope, "the token does not hold `openid`")
        }
        let person: PersonClaims?
        let client: Client?
        do throws(RecordsUnavailable) {
            person = try await source.claims(token.subject, token.situation)
            client = try await clients.client(token.clientID)
        } catch {
            throw .unavailable(error.detail)
        }
        guard let person, let client else {
            throw ProtocolError(.invalidToken, "the access token is not valid", detail: "no person")
        }
        return try await protected(Self.claims(of: person, for: token), for: client, now: now)
    }

    /// Plain, or as the client registered to receive it: signed, it says by whom and for whom (§5.3.2).
    private func protected(
        _ claims: JSONObject, for client: Client, now: Instant
    ) async throws(ProtocolError) -> Answer {
        let encryption = client.metadata.userInfoEncryption
        if let algorithm = client.metadata.userInfoAlgorithm {
            var claims = claims
            claims["iss"] = .string(endpoints.issuer)
            claims["aud"] = .string(client.id)
            let token = try await answers.signed(
                JSONValue.object(claims).bytes, algorithm: algorithm, type: "userinfo+jwt")
            return .token(try await answers.encrypted(signed: token, by: encryption, for: client, now: now))
        }
        guard let encryption else { return .claims(claims) }
        return .token(
            try await answers.encrypted(
                claims: JSONValue.object(claims).bytes, by: encryption, for: client, now: now))
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
