// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// `/oauth2/introspect`: what a token is worth now (RFC 7662).
///
/// - A client learns about its own tokens; one that holds the scope `introspect` learns about all. Anyone else's token
///   is simply not active for it (§2.2, §4).
/// - A token is active only while its grant stands: revoked is inactive at the next request.
package struct IntrospectionEndpoint: Sendable {
    private let authenticator: ClientAuthenticator
    private let grants: any GrantRecords
    private let verifier: AccessTokenVerifier
    private let endpoints: Endpoints

    package init(
        authenticator: ClientAuthenticator, grants: any GrantRecords, verifier: AccessTokenVerifier,
        endpoints: Endpoints
    ) {
        self.authenticator = authenticator
        self.grants = grants
        self.verifier = verifier
        self.endpoints = endpoints
    }

    /// - Returns: the JSON to answer.
    /// - Throws: `invalid_client` for a public client too: it cannot prove itself (RFC 7662 §2.1).
    package func answer(
        authorization: [String], parameters: Parameters, address: String, now: Instant
    ) async throws(ProtocolError) -> [UInt8] {
        let credentials = try PresentedCredentials(authorization: authorization, parameters: parameters)
        try parameters.refuseRepeated()
        let token = try parameters.required("token", limit: Parameters.Limit.token)
        let client = try await authenticator.authenticate(credentials, address: address, now: now)
        guard !client.isPublic else { throw ProtocolError(.invalidClient, "a public client may not introspect") }
        // The form tells them apart, so that `token_type_hint` is not needed: an access token has two dots.
        return token.contains(".")
            ? try await accessToken(token, asked: client, now: now)
            : try await refreshToken(token, asked: client, now: now)
    }

    private static let inactive = Array(#"{"active":false}"#.utf8)

    private func mayLearn(_ client: Client, of owner: String) -> Bool {
        client.id == owner || client.scopes.contains(Scope.introspect)
    }

    private func accessToken(_ text: String, asked: Client, now: Instant) async throws(ProtocolError) -> [UInt8] {
        let claims: AccessTokenClaims
        do throws(ProtocolError) {
            claims = try await verifier.claims(of: text, now: now)
        } catch {
            guard error.code == .invalidToken else { throw error }
            return Self.inactive
        }
        guard mayLearn(asked, of: claims.clientID), try await verifier.token(behind: claims, now: now) != nil else {
            return Self.inactive
        }
        var writer = ClaimsWriter()
        writer.write("active", true)
        writer.write("token_type", "Bearer")
        write(
            claims.subject, client: claims.clientID, scopes: claims.scopes, issuedAt: claims.issuedAt,
            expires: claims.expires, to: &writer)
        writer.write("aud", claims.audience)
        writer.write("jti", claims.id)
        if let person = claims.person {
            writer.write("sid", person.sessionID)
            writer.write("auth_time", person.authenticatedAt)
            writer.write("acr", person.acr)
            writer.write("amr", person.methods)
            writer.write("socle_situation", person.situation)
        }
        return writer.finish()
    }

    private func refreshToken(_ text: String, asked: Client, now: Instant) async throws(ProtocolError) -> [UInt8] {
        let found: (token: RefreshToken, standing: Standing)?
        do throws(RecordsUnavailable) {
            found = try await grants.refreshToken(OpaqueToken.digest(text))
        } catch {
            throw .unavailable(error.detail)
        }
        guard let (token, standing) = found, mayLearn(asked, of: token.clientID), token.usedAt == nil,
            now < token.expires, let grant = standing.grant, standing.stands(at: now)
        else { return Self.inactive }
        var writer = ClaimsWriter()
        writer.write("active", true)
        write(
            grant.issuedSubject, client: token.clientID, scopes: grant.scopes, issuedAt: token.createdAt,
            expires: token.expires, to: &writer)
        return writer.finish()
    }

    private func write(
        _ subject: String, client: String, scopes: [String], issuedAt: Instant, expires: Instant,
        to writer: inout ClaimsWriter
    ) {
        writer.write("iss", endpoints.issuer)
        writer.write("sub", subject)
        writer.write("client_id", client)
        writer.write("scope", scopes.joined(separator: " "))
        writer.write("iat", issuedAt)
        writer.write("exp", expires)
    }
}
