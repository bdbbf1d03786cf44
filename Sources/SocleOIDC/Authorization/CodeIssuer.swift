// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleCrypto
package import SocleIdentity
import SocleJSON

/// The last step of a login: a code for the client, bound to everything its redemption will be checked against.
package struct CodeIssuer: Sendable {
    private let applications: Applications
    private let lane: any CommitLane
    private let endpoints: Endpoints
    private let policy: TokenPolicy
    private let random: SecureRandom

    package init(
        applications: Applications, lane: any CommitLane, endpoints: Endpoints, policy: TokenPolicy,
        random: SecureRandom
    ) {
        self.applications = applications
        self.lane = lane
        self.endpoints = endpoints
        self.policy = policy
        self.random = random
    }

    /// - Returns: the redirect to the client, with a code, or with an error it is to be told.
    /// - Throws: what is for a page of ours: the client was disabled meanwhile, or nothing can be committed.
    package func issue(
        interaction: Interaction, session: Session, account: Account, now: Instant
    ) async throws(ProtocolError) -> AuthorizationResponse {
        let request = interaction.request
        let standing = try await checkClient(interaction, account)
        guard request.hintedSubject == nil || request.hintedSubject == standing.issuedSubject else {
            // The application expects someone else (OpenID Connect Core §3.1.2.1, `id_token_hint`).
            return AuthorizationResponse(
                refusing: ProtocolError(.loginRequired, "another person is signed in"), to: request,
                issuer: endpoints.issuer)
        }
        guard !account.disabled, session.endedAt == nil, session.subject == account.subject, now < session.expires
        else {
            return AuthorizationResponse(
                refusing: ProtocolError(.loginRequired, "the session has ended"), to: request,
                issuer: endpoints.issuer)
        }
        guard !standing.isConsentDue else {
            return AuthorizationResponse(
                refusing: ProtocolError(.consentRequired, "the person has not agreed"), to: request,
                issuer: endpoints.issuer)
        }
        let text = random.token()
        var grant = grant(request, session: session, account: account, now: now)
        if standing.issuedSubject != account.subject { grant.terms.pairwiseSubject = standing.issuedSubject }
        let code = AuthorizationCode(
            digest: OpaqueToken.digest(text), grant: grant, redirectURI: request.redirectURI,
            codeChallenge: request.codeChallenge, nonce: request.nonce, expires: now + policy.authorizationCode)
        try await commit(code, now: now)
        return response(request, code: text, session: session)
    }

    /// The interaction may have lasted minutes: a client disabled, or an URI withdrawn since, gets nothing.
    private func checkClient(
        _ interaction: Interaction, _ account: Account
    ) async throws(ProtocolError) -> ApplicationStanding {
        let request = interaction.request
        let standing: ApplicationStanding
        do throws(RecordsUnavailable) {
            standing = try await applications.standing(
                request, subject: account.subject, since: interaction.createdAt)
        } catch {
            throw .unavailable(error.detail)
        }
        guard let client = standing.client, !client.disabled, RedirectURI.matches(request.redirectURI, client: client)
        else {
            throw ProtocolError(.unauthorizedClient, "the application is disabled")
        }
        return standing
    }

    private func grant(
        _ request: AuthorizationRequest, session: Session, account: Account, now: Instant
    ) -> Grant {
        let offline = request.scopes.contains(Scope.offlineAccess)
        var terms = GrantTerms()
        terms.claims = request.claims
        terms.resources = request.resources
        return Grant(
            id: Base64URL.encode(random.bytes(16)), clientID: request.clientID, subject: account.subject,
            sessionID: session.id, scopes: request.scopes, authenticatedAt: session.authenticatedAt,
            acr: session.acr, methods: session.methods, situation: session.situation, terms: terms, createdAt: now,
            expires: offline ? now + policy.offlineGrant : session.expires)
    }

    private func commit(_ code: AuthorizationCode, now: Instant) async throws(ProtocolError) {
        let grant = code.grant
        var details: JSONObject = [
            "event": "code_issued", "client": .string(grant.clientID), "grant": .string(grant.id),
            "scope": .string(grant.scopes.joined(separator: " ")), "session": .string(grant.sessionID),
        ]
        if let situation = grant.situation { details["situation"] = .string(situation) }
        let submission = Submission(
            changes: [OAuthChange.storeCode(code)],
            entry: EntryDraft(kind: .token, instant: now, actor: grant.subject, details: details))
        do throws(LaneUnavailable) {
            guard case .committed = try await lane.commit(submission) else {
                throw LaneUnavailable(detail: "the code was not stored")
            }
        } catch {
            throw .unavailable(error.detail)
        }
    }

    private func response(
        _ request: AuthorizationRequest, code: String, session: Session
    ) -> AuthorizationResponse {
        var parameters = [(name: "code", value: code)]
        if let state = request.state { parameters.append((name: "state", value: state)) }
        parameters.append((name: "iss", value: endpoints.issuer))
        if request.scopes.contains(Scope.openID), let origin = RedirectURI.origin(of: request.redirectURI) {
            let state = SessionState.value(
                client: request.clientID, origin: origin, browserState: SessionState.browserState(of: session),
                salt: Base64URL.encode(random.bytes(9)))
            parameters.append((name: "session_state", value: state))
        }
        return AuthorizationResponse(
            redirectURI: request.redirectURI, parameters: parameters, mode: request.responseMode)
    }
}
