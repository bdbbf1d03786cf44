// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleOIDC
import Testing

@Suite("Authorization code · RFC 6749 §4.1.3, RFC 7636 §4.6")
struct AuthorizationCodeGrantTests {
    private func redeem(
        _ code: AuthorizationCode = Sample.code(), standing: Standing? = nil,
        redirectURI: String = Sample.confidentialClient.redirectURIs[0], verifier: String? = Sample.verifier,
        client: Client = Sample.confidentialClient, issuing: TokenIssue = Sample.issuing
    ) throws(GrantRefusal) -> TokenGrant {
        try AuthorizationCodeGrant.grant(
            code, standing: standing ?? Sample.standing(code.grant), redirectURI: redirectURI, verifier: verifier,
            client: client, issuing: issuing)
    }

    private func refused(_ body: () throws(GrantRefusal) -> TokenGrant) -> ProtocolError.Code? {
        do throws(GrantRefusal) {
            _ = try body()
            return nil
        } catch {
            guard case .refused(let error) = error else { return nil }
            return error.code
        }
    }

    @Test("a sound redemption gives an access token, an ID token and a refresh token, in one submission")
    func sound() throws {
        let grant = try redeem()
        #expect(grant.accessToken.audience == "https://socle.example/access")
        #expect(grant.accessToken.subject == "sub-1" && grant.accessToken.person?.grantID == "grant-1")
        #expect(grant.accessToken.expires == Sample.now + .minutes(5))
        #expect(grant.idToken?.nonce == "n-1" && grant.idToken?.audience == "dossier")
        #expect(grant.refreshToken?.utf8.count == 43)
        #expect(grant.submission.changes.count == 3 && grant.submission.entry?.kind == .token)
    }

    @Test("nothing of a secret is in the journal's entry") func journal() throws {
        let grant = try redeem()
        let text = "\(try #require(grant.submission.entry).details)"
        #expect(!text.contains(try #require(grant.refreshToken)))
    }

    @Test("a code of another client, expired or for another redirect URI is refused") func bound() {
        #expect(refused { () throws(GrantRefusal) in try redeem(client: Sample.publicClient) } == .invalidGrant)
        #expect(
            refused { () throws(GrantRefusal) in try redeem(redirectURI: "https://dossier.example/cb") }
                == .invalidGrant)
        var late = Sample.issuing
        late.now = Sample.now + .seconds(60)
        #expect(refused { () throws(GrantRefusal) in try redeem(issuing: late) } == .invalidGrant)
    }

    @Test("PKCE cannot be downgraded: a challenge needs its verifier, a verifier needs a challenge") func pkce() {
        #expect(refused { () throws(GrantRefusal) in try redeem(verifier: nil) } == .invalidGrant)
        #expect(refused { () throws(GrantRefusal) in try redeem(verifier: Sample.challenge) } == .invalidGrant)
        #expect(refused { () throws(GrantRefusal) in try redeem(Sample.code(challenge: nil)) } == .invalidGrant)
        #expect(
            refused { () throws(GrantRefusal) in try redeem(Sample.code(challenge: nil), verifier: nil) } == nil)
    }

    @Test("a redeemed code is a replay, whatever the verifier") func replay() {
        let code = Sample.code(redeemedAt: Sample.now)
        #expect(throws: GrantRefusal.replayed(Replay(.authorizationCode, grantID: "grant-1", clientID: "dossier"))) {
            try redeem(code, verifier: nil)
        }
    }

    @Test("a session ended, an account or client disabled: nothing is issued") func ended() {
        for change in [\Standing.clientDisabled, \.subjectDisabled, \.sessionEnded] {
            var standing = Sample.standing(Sample.grant())
            standing[keyPath: change] = true
            #expect(refused { () throws(GrantRefusal) in try redeem(standing: standing) } == .invalidGrant)
        }
    }

    @Test("with offline_access the grant does not rest on its session") func offline() throws {
        var code = Sample.code()
        code.grant = Sample.grant(scopes: ["openid", "offline_access"])
        var standing = Sample.standing(code.grant)
        standing.sessionEnded = true
        _ = try redeem(code, standing: standing)
    }

    @Test("no token outlives its grant") func noLonger() throws {
        var code = Sample.code()
        code.grant.expires = Sample.now + .minutes(2)
        #expect(try redeem(code).accessToken.expires == Sample.now + .minutes(2))
    }

    @Test("without openid there is no ID token, without the grant type no refresh token") func less() throws {
        var code = Sample.code()
        code.grant.scopes = ["access:evaluate"]
        var client = Sample.confidentialClient
        client.grantTypes = [.authorizationCode]
        let grant = try redeem(code, client: client)
        #expect(grant.idToken == nil && grant.refreshToken == nil)
    }
}

@Suite("Refresh · RFC 6749 §6, RFC 9700 §4.14.2, FAPI 2.0 §5.3.2.1")
struct RefreshTokenGrantTests {
    private func token(_ client: Client) -> RefreshToken {
        RefreshToken(
            digest: OpaqueToken.digest("the token"), grantID: "grant-1", clientID: client.id, createdAt: Sample.now,
            expires: Sample.now + .days(14))
    }

    private func refresh(
        _ token: RefreshToken, scopes: [String]? = nil, client: Client, grant: Grant? = nil
    ) throws(GrantRefusal) -> TokenGrant {
        try RefreshTokenGrant.grant(
            token, standing: Sample.standing(grant ?? Sample.grant(client)), scopes: scopes, client: client,
            issuing: Sample.issuing)
    }

    @Test("a public client's token is used up and replaced") func rotates() throws {
        let grant = try refresh(token(Sample.publicClient), client: Sample.publicClient)
        #expect(grant.refreshToken != nil && grant.replayed != nil)
        guard case .useUpRefreshToken = grant.submission.changes.first as? OAuthChange else {
            Issue.record("the token is not used up")
            return
        }
    }

    @Test("a confidential client keeps its token, whose idle time starts again") func kept() throws {
        let grant = try refresh(token(Sample.confidentialClient), client: Sample.confidentialClient)
        #expect(grant.refreshToken == nil && grant.replayed == nil)
        guard case .keepRefreshToken(_, _, let end) = grant.submission.changes.first as? OAuthChange else {
            Issue.record("the token is not kept")
            return
        }
        // The grant's own end comes first here.
        #expect(end == Sample.now + .hours(8))
    }

    @Test("a used token ends its family") func reuse() {
        var used = token(Sample.publicClient)
        used.usedAt = Sample.now
        #expect(throws: GrantRefusal.replayed(Replay(.refreshToken, grantID: "grant-1", clientID: "mobile"))) {
            try refresh(used, client: Sample.publicClient)
        }
    }

    @Test("another client's token, an expired one and a revoked grant are refused") func refused() {
        #expect(throws: GrantRefusal.self) {
            try refresh(token(Sample.publicClient), client: Sample.confidentialClient)
        }
        var late = token(Sample.publicClient)
        late.expires = Sample.now
        #expect(throws: GrantRefusal.self) { try refresh(late, client: Sample.publicClient) }
        var revoked = Sample.grant(Sample.publicClient)
        revoked.revokedAt = Sample.now
        #expect(throws: GrantRefusal.self) {
            try refresh(token(Sample.publicClient), client: Sample.publicClient, grant: revoked)
        }
    }

    @Test("scopes may be narrowed, never widened, and the ID token has no nonce") func scopes() throws {
        let client = Sample.confidentialClient
        #expect(try refresh(token(client), scopes: ["profile"], client: client).accessToken.scopes == ["profile"])
        #expect(try refresh(token(client), client: client).idToken?.nonce == nil)
        #expect(throws: GrantRefusal.self) {
            try refresh(token(client), scopes: ["openid", "access:evaluate"], client: client)
        }
    }
}

@Suite("Client credentials · RFC 6749 §4.4")
struct ClientCredentialsGrantTests {
    private func grant(_ scopes: [String]?) throws(GrantRefusal) -> TokenGrant {
        try ClientCredentialsGrant.grant(
            scopes: scopes, client: Sample.confidentialClient, issuing: Sample.issuing)
    }

    @Test("the client is its own subject; no ID token, no refresh token, no stored grant") func own() throws {
        let grant = try grant(nil)
        #expect(grant.accessToken.subject == "dossier" && grant.accessToken.person == nil)
        #expect(grant.accessToken.scopes == ["access:assert", "access:evaluate"])
        #expect(grant.idToken == nil && grant.refreshToken == nil && grant.submission.changes.isEmpty)
        #expect(grant.submission.stamp.revisions == [RecordKey(.client, "dossier"): 0])
    }

    @Test(
        "scopes of people, and those not registered, are refused",
        arguments: ["openid", "offline_access", "introspect"])
    func refused(_ scope: String) { #expect(throws: GrantRefusal.self) { try grant([scope]) } }
}

@Suite("Token request · RFC 6749 §3.2, §5.2")
struct TokenRequestTests {
    private func refusal(_ pairs: [(name: String, value: String)]) -> ProtocolError.Code? {
        do throws(ProtocolError) {
            _ = try TokenRequest(Parameters(pairs))
            return nil
        } catch { return error.code }
    }

    @Test("each malformed request has its error") func malformed() {
        #expect(refusal([]) == .invalidRequest)
        #expect(refusal([("grant_type", "")]) == .invalidRequest)
        #expect(refusal([("grant_type", "password")]) == .unsupportedGrantType)
        #expect(refusal([("grant_type", "1")]) == .unsupportedGrantType)
        #expect(refusal([("grant_type", "authorization_code")]) == .invalidRequest)
        #expect(refusal([("grant_type", "authorization_code"), ("code", "x")]) == .invalidRequest)
        #expect(refusal([("grant_type", "refresh_token")]) == .invalidRequest)
        #expect(refusal([("grant_type", "client_credentials"), ("scope", "a\u{7F}")]) == .invalidScope)
        #expect(
            refusal([("grant_type", "client_credentials"), ("grant_type", "client_credentials")]) == .invalidRequest)
        #expect(refusal([("grant_type", "client_credentials"), ("scope", "a"), ("scope", "b")]) == .invalidRequest)
        #expect(
            refusal([("grant_type", "refresh_token"), ("refresh_token", String(repeating: "a", count: 513))])
                == .invalidRequest)
    }
}
