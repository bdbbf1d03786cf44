// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleCrypto
package import SocleIdentity
import SocleJOSE
import SocleJSON

/// `/oauth2/token`: authenticate the client, read the request, let its grant say what it comes to, sign, commit, answer.
package struct TokenEndpoint: Sendable {
    private let authenticator: ClientAuthenticator
    private let grants: any GrantRecords
    private let lane: any CommitLane
    private let signer: TokenSigner
    private let source: ClaimsSource
    private let endpoints: Endpoints
    private let policy: TokenPolicy
    private let random: SecureRandom

    package init(
        authenticator: ClientAuthenticator, grants: any GrantRecords, lane: any CommitLane, answers: ProtectedAnswers,
        source: ClaimsSource, endpoints: Endpoints, policy: TokenPolicy, random: SecureRandom
    ) {
        self.authenticator = authenticator
        self.grants = grants
        self.lane = lane
        signer = TokenSigner(answers: answers)
        self.source = source
        self.endpoints = endpoints
        self.policy = policy
        self.random = random
    }

    /// - Parameter authorization: every `Authorization` field, as sent.
    package func answer(
        authorization: [String], parameters: Parameters, address: String, now: Instant
    ) async throws(ProtocolError) -> TokenResponse {
        let credentials = try PresentedCredentials(authorization: authorization, parameters: parameters)
        // Before authenticating: a malformed request says nothing of a secret.
        let request = try TokenRequest(parameters)
        let resources = try parameters.values("resource", limit: Parameters.Limit.uri)
        // A client or grant changed while the answer was made: look again, three times at most (DESIGN 4.4).
        var client = try await authenticator.authenticate(credentials, address: address, now: now)
        for turn in 0..<3 {
            if turn > 0 { client = try await authenticator.again(client) }
            guard client.grantTypes.contains(request.grantType) else {
                throw ProtocolError(.unauthorizedClient, "this client may not use this grant type")
            }
            if let response = try await attempt(request, resources, client: client, now: now) { return response }
        }
        throw .unavailable("the records kept changing")
    }

    /// nil when a record it rests on changed before the commit.
    private func attempt(
        _ request: TokenRequest, _ resources: [String], client: Client, now: Instant
    ) async throws(ProtocolError) -> TokenResponse? {
        let issuing = TokenIssue(now: now, endpoints: endpoints, policy: policy, random: random)
        var grant: TokenGrant
        do throws(GrantRefusal) {
            grant = try await self.grant(request, resources, client: client, issuing: issuing)
        } catch {
            throw await refuse(error, now: now)
        }
        if let token = grant.idToken { grant.idToken?.requested = try await requestedClaims(of: token.grant) }
        // Signed before it is committed, so that a key that cannot sign leaves no record of a token never issued.
        let response = try await signer.sign(grant, for: client)
        switch try await commit(grant.submission) {
        case .committed: return response
        case .conflict: return nil
        case .refused:
            guard let replay = grant.replayed else { throw ProtocolError(.invalidGrant, "the grant is not valid") }
            throw await refuse(.replayed(replay), now: now)
        }
    }

    private func grant(
        _ request: TokenRequest, _ resources: [String], client: Client, issuing: TokenIssue
    ) async throws(GrantRefusal) -> TokenGrant {
        switch request {
        case .clientCredentials(let scopes):
            return try ClientCredentialsGrant.grant(
                scopes: scopes, audience: try issuing.audience(asked: resources, granted: nil, client: client),
                client: client, issuing: issuing)
        case .authorizationCode(let text, let redirectURI, let verifier):
            guard
                let (code, standing) = try await read({ () async throws(RecordsUnavailable) in
                    try await grants.code(OpaqueToken.digest(text))
                })
            else {
                throw .refused(ProtocolError(.invalidGrant, "the code is not valid", detail: "unknown code"))
            }
            return try AuthorizationCodeGrant.grant(
                code, standing: standing, redirectURI: redirectURI, verifier: verifier, resources: resources,
                client: client, issuing: issuing)
        case .refreshToken(let text, let scopes):
            guard
                let (token, standing) = try await read({ () async throws(RecordsUnavailable) in
                    try await grants.refreshToken(OpaqueToken.digest(text))
                })
            else {
                throw .refused(
                    ProtocolError(.invalidGrant, "the refresh token is not valid", detail: "unknown token"))
            }
            return try RefreshTokenGrant.grant(
                token, standing: standing, scopes: scopes, resources: resources, client: client, issuing: issuing)
        }
    }

    /// What the authorization request asked to find in the ID token beyond what is always there (OpenID Connect
    /// Core §5.5).
    private func requestedClaims(of grant: Grant) async throws(ProtocolError) -> JSONObject {
        let wanted = grant.terms.claims.idToken
        guard wanted.contains(where: { Scope.releasing($0.key) != nil }) else { return JSONObject() }
        let person: PersonClaims?
        do throws(RecordsUnavailable) {
            person = try await source.claims(grant.subject, grant.situation)
        } catch {
            throw .unavailable(error.detail)
        }
        var claims = JSONObject()
        for name in wanted.keys.sorted() where Scope.releasing(name) != nil { claims[name] = person?[name] }
        return claims
    }

    private func read<Value>(
        _ body: () async throws(RecordsUnavailable) -> Value
    ) async throws(GrantRefusal) -> Value {
        do throws(RecordsUnavailable) {
            return try await body()
        } catch {
            throw .refused(.unavailable(error.detail))
        }
    }

    /// A replay is refused once what the first use issued is revoked: if that cannot be made durable, nobody is told
    /// that it was.
    private func refuse(_ refusal: GrantRefusal, now: Instant) async -> ProtocolError {
        switch refusal {
        case .refused(let error): return error
        case .replayed(let replay):
            do throws(ProtocolError) {
                _ = try await commit(replay.submission(at: now))
                return ProtocolError(
                    .invalidGrant, "the \(replay.use.label) is not valid", detail: "replayed: grant revoked")
            } catch {
                return error
            }
        }
    }

    private func commit(_ submission: Submission) async throws(ProtocolError) -> CommitOutcome {
        do throws(LaneUnavailable) {
            return try await lane.commit(submission)
        } catch {
            throw .unavailable(error.detail)
        }
    }
}

extension Replay.Use {
    fileprivate var label: String {
        switch self {
        case .authorizationCode: "code"
        case .refreshToken: "refresh token"
        }
    }
}
