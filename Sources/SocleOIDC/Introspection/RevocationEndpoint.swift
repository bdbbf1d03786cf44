// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
import SocleJSON

/// `/oauth2/revoke`: a client ends what it was issued (RFC 7009).
///
/// - Revoking any token of a person's grant ends the whole grant (§2.1 allows it): access tokens and refresh token die
///   together. A token the client got for itself ends alone.
/// - Fails closed: an answer of 200 means that the end is durable (§2.2.1 names 503 for anything else).
package struct RevocationEndpoint: Sendable {
    private let authenticator: ClientAuthenticator
    private let grants: any GrantRecords
    private let verifier: AccessTokenVerifier
    private let lane: any CommitLane

    package init(
        authenticator: ClientAuthenticator, grants: any GrantRecords, verifier: AccessTokenVerifier,
        lane: any CommitLane
    ) {
        self.authenticator = authenticator
        self.grants = grants
        self.verifier = verifier
        self.lane = lane
    }

    /// Returns when the token is dead, or never was alive: an unknown token is no error (§2.2).
    /// - Throws: `invalid_grant` for a token of another client.
    package func answer(
        authorization: [String], parameters: Parameters, address: String, now: Instant
    ) async throws(ProtocolError) {
        let credentials = try PresentedCredentials(authorization: authorization, parameters: parameters)
        try parameters.refuseRepeated()
        let token = try parameters.required("token", limit: Parameters.Limit.token)
        let client = try await authenticator.authenticate(credentials, address: address, now: now)
        guard
            let revocation = token.contains(".")
                ? try await accessToken(token, now: now) : try await refreshToken(token, now: now)
        else { return }
        guard revocation.clientID == client.id else {
            throw ProtocolError(.invalidGrant, "the token was issued to another client")
        }
        try await commit(revocation, now: now)
    }

    private struct Revocation {
        var clientID: String
        var grantID: String
        var change: OAuthChange
    }

    private func accessToken(_ text: String, now: Instant) async throws(ProtocolError) -> Revocation? {
        let claims: AccessTokenClaims
        do throws(ProtocolError) {
            claims = try await verifier.claims(of: text, now: now)
        } catch {
            guard error.code == .invalidToken else { throw error }
            return nil
        }
        if let person = claims.person {
            return Revocation(
                clientID: claims.clientID, grantID: person.grantID, change: .revokeGrant(id: person.grantID, at: now))
        }
        return Revocation(
            clientID: claims.clientID, grantID: claims.id,
            change: .revokeClientToken(
                grantID: claims.id, clientID: claims.clientID, at: now, expires: claims.expires))
    }

    private func refreshToken(_ text: String, now: Instant) async throws(ProtocolError) -> Revocation? {
        do throws(RecordsUnavailable) {
            guard let (token, _) = try await grants.refreshToken(OpaqueToken.digest(text)) else { return nil }
            return Revocation(
                clientID: token.clientID, grantID: token.grantID, change: .revokeGrant(id: token.grantID, at: now))
        } catch {
            throw .unavailable(error.detail)
        }
    }

    private func commit(_ revocation: Revocation, now: Instant) async throws(ProtocolError) {
        let entry = EntryDraft(
            kind: .token, instant: now, actor: revocation.clientID,
            details: [
                "event": "grant_revoked", "client": .string(revocation.clientID),
                "grant": .string(revocation.grantID),
            ])
        do throws(LaneUnavailable) {
            let outcome = try await lane.commit(Submission(changes: [revocation.change], entry: entry))
            guard case .committed = outcome else { throw LaneUnavailable(detail: "the revocation was not stored") }
        } catch {
            throw .unavailable(error.detail)
        }
    }
}
