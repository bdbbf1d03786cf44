// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

/// Named after the modules of the public conformance suite, written from the specification they check; each in the
/// Basic plan and in the Form Post plan.
@Suite("Basic OP · OpenID Connect Core §3.1.2 (authorization)")
struct BasicAuthorizationTests {
    @Test(
        "oidcc-server: a code comes back with the state and the issuer, and becomes an ID token for that nonce",
        arguments: Plan.allCases) func server(plan: Plan) async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let (_, answer) = await fixture.signedIn()
            #expect(fixture.isSent(answer, to: ConformanceFixture.callback))
            #expect(answer.parameters["state"] == "state-1")
            #expect(answer.parameters["iss"] == ConformanceFixture.issuer)
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"])).object()
            #expect(tokens["token_type"] == "Bearer" && tokens["access_token"]?.string != nil)
            let claims = try await fixture.idToken(tokens)
            #expect(claims["sub"] == "sub-marie" && claims["nonce"] == "nonce-1" && claims["aud"] == "rp")
            for name in ["exp", "iat", "auth_time"] { #expect(claims[name]?.integer != nil) }
        }
    }

    @Test("oidcc-response-type-missing: told at the redirect URI as invalid_request", arguments: Plan.allCases)
    func noResponseType(plan: Plan) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            var browser = TestBrowser(fixture.site)
            let answer = await browser.get(fixture.target(["response_type": nil]))
            #expect(fixture.isSent(answer, to: ConformanceFixture.callback))
            #expect(answer.parameters["error"] == "invalid_request" && answer.parameters["state"] == "state-1")
        }
    }

    @Test("oidcc-ensure-request-without-nonce-succeeds-for-code-flow", arguments: Plan.allCases) func noNonce(
        plan: Plan
    ) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            let claims = try await fixture.idToken(try await fixture.tokens(["nonce": nil]))
            #expect(claims["nonce"] == nil && claims["sub"] == "sub-marie")
        }
    }

    @Test(
        "oidcc-display-page, oidcc-display-popup, oidcc-ensure-request-with-unknown-parameter-succeeds, oidcc-claims-locales",
        arguments: [
            ("display", "page"), ("display", "popup"), ("display", "unheard-of"), ("extra", "foobar"),
            ("claims_locales", "se fr"),
        ], Plan.allCases)
    func tolerated(_ parameter: (name: String, value: String), plan: Plan) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            #expect(await fixture.signedIn([parameter.name: parameter.value]).answer.parameters["code"] != nil)
        }
    }

    @Test("oidcc-prompt-login: the person gives both factors again, and auth_time says so", arguments: Plan.allCases)
    func promptLogin(plan: Plan)
        async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            var (browser, first) = await fixture.signedIn()
            let before = try await fixture.idToken(
                try await fixture.redeem(try #require(first.parameters["code"])).object())
            let answer = await fixture.signIn(&browser, fixture.target(["prompt": "login"]))
            let after = try await fixture.idToken(
                try await fixture.redeem(try #require(answer.parameters["code"])).object())
            let times = (try #require(before["auth_time"]?.integer), try #require(after["auth_time"]?.integer))
            #expect(times.0 < times.1)
        }
    }

    @Test("prompt=select_account: another account can be chosen, and nothing is answered before") func promptSelect()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            var (browser, _) = await fixture.signedIn()
            let answer = await browser.get(fixture.target(["prompt": "select_account"]))
            #expect(answer.location.hasPrefix("/login?"))
            await browser.follow(answer)
            #expect(!browser.hidden("/login/password").isEmpty)
        }
    }

    @Test("oidcc-prompt-none-not-logged-in: login_required, without a page", arguments: Plan.allCases)
    func promptNoneOut(plan: Plan) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            var browser = TestBrowser(fixture.site)
            let answer = await browser.get(fixture.target(["prompt": "none"]))
            #expect(answer.parameters["error"] == "login_required" && answer.parameters["state"] == "state-1")
        }
    }

    @Test("oidcc-prompt-none-logged-in: a code for the same person, without a page", arguments: Plan.allCases)
    func promptNoneIn(plan: Plan) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            var (browser, first) = await fixture.signedIn()
            let before = try await fixture.idToken(
                try await fixture.redeem(try #require(first.parameters["code"])).object())
            let answer = await browser.get(fixture.target(["prompt": "none"]))
            let after = try await fixture.idToken(
                try await fixture.redeem(try #require(answer.parameters["code"])).object())
            #expect(after["sub"] == before["sub"] && after["auth_time"] == before["auth_time"])
        }
    }

    @Test("oidcc-max-age-1: an older sign-in is done again, and auth_time is within the age", arguments: Plan.allCases)
    func maxAge1(plan: Plan)
        async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            var (browser, _) = await fixture.signedIn()
            fixture.clock.advance(.seconds(2))
            #expect(await browser.get(fixture.target(["max_age": "1"])).location.hasPrefix("/login?"))
            #expect(
                await browser.get(fixture.target(["max_age": "1", "prompt": "none"])).parameters["error"]
                    == "login_required")
            let answer = await fixture.signIn(&browser, fixture.target(["max_age": "1"]))
            let claims = try await fixture.idToken(
                try await fixture.redeem(try #require(answer.parameters["code"])).object())
            let time = try #require(claims["auth_time"]?.integer)
            #expect(time >= fixture.clock.now().seconds - 31)
        }
    }

    @Test("oidcc-max-age-10000: a recent sign-in is good enough", arguments: Plan.allCases) func maxAge10000(plan: Plan)
        async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            var (browser, _) = await fixture.signedIn()
            #expect(await browser.get(fixture.target(["max_age": "10000"])).parameters["code"] != nil)
        }
    }

    @Test("oidcc-id-token-hint: the hinted person is answered silently, anybody else is not", arguments: Plan.allCases)
    func hint(plan: Plan) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            var (browser, first) = await fixture.signedIn()
            let tokens = try await fixture.redeem(try #require(first.parameters["code"])).object()
            let hint = try #require(tokens["id_token"]?.string)
            let silent = fixture.target(["prompt": "none", "id_token_hint": hint])
            #expect(await browser.get(silent).parameters["code"] != nil)
            var other = TestBrowser(fixture.site)
            #expect(await other.get(silent).parameters["error"] == "login_required")
            let forged = fixture.target(["prompt": "none", "id_token_hint": hint + "x"])
            #expect(await browser.get(forged).parameters["error"] == "invalid_request")
            let (key, id) = (try await fixture.keys.current(.rs256).key, "rs-1")
            let stranger = try JWS.sign(
                claims: ["iss": .string(ConformanceFixture.issuer), "aud": "rp", "sub": "sub-other"], with: key,
                keyID: id, type: "JWT")
            let mismatch = await browser.get(fixture.target(["prompt": "none", "id_token_hint": stranger]))
            #expect(mismatch.parameters["error"] == "login_required")
        }
    }

    @Test("oidcc-login-hint: the name is there to be confirmed, as text", arguments: Plan.allCases) func loginHint(
        plan: Plan
    ) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.follow(await browser.get(fixture.target(["login_hint": #"marie"><b>"#])))
            #expect(browser.page.contains(#"value="marie&quot;&gt;&lt;b&gt;""#))
        }
    }

    @Test("oidcc-ui-locales: the first language offered is the page's", arguments: Plan.allCases) func uiLocales(
        plan: Plan
    ) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.follow(await browser.get(fixture.target(["ui_locales": "se en fr"])))
            #expect(browser.page.contains(#"<html lang="en">"#))
            await browser.follow(await browser.get(fixture.target(["ui_locales": "fr en"])))
            #expect(browser.page.contains(#"<html lang="fr">"#))
        }
    }

    @Test("oidcc-ensure-request-with-acr-values-succeeds: and the acr is told", arguments: Plan.allCases) func acr(
        plan: Plan
    ) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            let claims = try await fixture.idToken(try await fixture.tokens(["acr_values": "eidas1 eidas2"]))
            #expect(claims["acr"] == "eidas1")
        }
    }

    @Test("an essential acr that no sign-in here reaches is a failed authentication; a voluntary one is not")
    func essentialACR() async throws {
        try await ConformanceFixture.run { fixture in
            let essential = #"{"id_token":{"acr":{"essential":true,"values":["eidas3"]}}}"#
            let refused = await fixture.signedIn(["claims": essential]).answer
            #expect(refused.parameters["error"] == "unmet_authentication_requirements")
            let voluntary = #"{"id_token":{"acr":{"values":["eidas3"]}}}"#
            #expect(await fixture.signedIn(["claims": voluntary]).answer.parameters["code"] != nil)
        }
    }

    @Test(
        "oidcc-ensure-registered-redirect-uri: any other is told on a page, and the browser goes nowhere",
        arguments: Plan.allCases) func redirectURI(plan: Plan) async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            var browser = TestBrowser(fixture.site)
            for uri in ["https://rp.example/cb/evil", "https://evil.example/cb", "https://rp.example/cb?x=1"] {
                let answer = await browser.get(fixture.target(["redirect_uri": uri]))
                #expect(answer.status == .badRequest && answer.location.isEmpty)
                #expect(!answer.text.contains(uri))
            }
        }
    }

    @Test("oidcc-ensure-post-request-succeeds: the same request by POST", arguments: Plan.allCases) func post(
        plan: Plan
    ) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            var browser = TestBrowser(fixture.site)
            let query = fixture.target().split(separator: "?")[1]
            let form = try Form(query: String(query)).fields.map { (name: $0.name, value: $0.value) }
            let answer = await browser.post("/oauth2/authorize", form, extra: [:])
            #expect(await fixture.signIn(&browser, answer.location).parameters["code"] != nil)
        }
    }

    @Test(
        "oidcc-ensure-request-with-valid-pkce-succeeds: and a code is worth nothing without its verifier",
        arguments: Plan.allCases) func pkce(plan: Plan) async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let challenge = ["code_challenge": Provider.challenge, "code_challenge_method": "S256"]
            var (browser, first) = await fixture.signedIn(challenge)
            let code = try #require(first.parameters["code"])
            #expect(await fixture.redeem(code, adding: [("code_verifier", Provider.verifier)]).status == .ok)
            let second = await browser.get(fixture.target(challenge))
            let bare = try #require(second.parameters["code"])
            #expect(await fixture.redeem(bare).error == "invalid_grant")
        }
    }
}

@Suite("Basic OP · OpenID Connect Core §3.1.3, §12 (tokens)")
struct BasicTokenTests {
    @Test("oidcc-idtoken-signature: the published key of its kid verifies it", arguments: Plan.allCases) func signature(
        plan: Plan
    ) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            let tokens = try await fixture.tokens()
            let token = try UnverifiedToken(compact: try #require(tokens["id_token"]?.string))
            #expect(token.header.algorithm == "RS256" && token.header.keyID == "rs-1")
            let claims = try await fixture.idToken(tokens)
            #expect(claims["iss"] == .string(ConformanceFixture.issuer))
        }
    }

    @Test("oidcc-idtoken-unsigned: not offered, and said so in the metadata", arguments: Plan.allCases) func unsigned(
        plan: Plan
    ) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            let metadata = try await fixture.get(.openIDConfiguration).object()
            let algorithms = try #require(metadata["id_token_signing_alg_values_supported"]?.strings)
            #expect(algorithms.contains("RS256") && !algorithms.contains("none"))
        }
    }

    @Test("oidcc-codereuse: a second redemption is refused, and ends what the first one gave", arguments: Plan.allCases)
    func codeReuse(plan: Plan)
        async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let code = try #require(await fixture.signedIn().answer.parameters["code"])
            let tokens = try await fixture.redeem(code).object()
            #expect(await fixture.redeem(code).error == "invalid_grant")
            let access = try #require(tokens["access_token"]?.string)
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
        }
    }

    @Test("oidcc-codereuse-30seconds: later too", arguments: Plan.allCases) func codeReuseLater(plan: Plan) async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let code = try #require(await fixture.signedIn().answer.parameters["code"])
            let tokens = try await fixture.redeem(code).object()
            fixture.clock.advance(.seconds(30))
            #expect(await fixture.redeem(code).error == "invalid_grant")
            let access = try #require(tokens["access_token"]?.string)
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
        }
    }

    @Test("oidcc-server-client-secret-post: the registered way and no other", arguments: Plan.allCases) func secretPost(
        plan: Plan
    ) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            try await fixture.register(ConformanceFixture.registration("rp-post", .post))
            let answer = await fixture.signedIn(["client_id": "rp-post"]).answer
            let form = [
                (name: "grant_type", value: "authorization_code"),
                (name: "code", value: try #require(answer.parameters["code"])),
                (name: "redirect_uri", value: ConformanceFixture.callback),
            ]
            let basic = Provider.basic("rp-post", ConformanceFixture.secret)
            #expect(await fixture.post(.token, form, headers: basic).error == "invalid_client")
            let posted = form + [("client_id", "rp-post"), ("client_secret", ConformanceFixture.secret)]
            #expect(await fixture.post(.token, posted).status == .ok)
        }
    }

    @Test(
        "oidcc-refresh-token: a new access token, an ID token of the same person and sign-in", arguments: Plan.allCases)
    func refresh(plan: Plan)
        async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let tokens = try await fixture.tokens(["scope": "openid offline_access", "prompt": "consent"])
            let token = try #require(tokens["refresh_token"]?.string)
            fixture.clock.advance(.seconds(2))
            let renewed = try await fixture.post(
                .token, [("grant_type", "refresh_token"), ("refresh_token", token)],
                headers: Provider.basic("rp", ConformanceFixture.secret)
            ).object()
            #expect(renewed["access_token"] != tokens["access_token"])
            let (before, after) = (try await fixture.idToken(tokens), try await fixture.idToken(renewed))
            for name in ["iss", "sub", "aud", "auth_time"] { #expect(after[name] == before[name]) }
            let times = (try #require(before["iat"]?.integer), try #require(after["iat"]?.integer))
            #expect(times.0 < times.1)
            #expect(after["nonce"] == nil)
        }
    }
}

@Suite("Basic OP · OpenID Connect Core §5 (claims)")
struct BasicClaimsTests {
    @Test(
        "oidcc-userinfo-get, oidcc-userinfo-post-header, oidcc-userinfo-post-body: the same answer",
        arguments: Plan.allCases) func userInfo(plan: Plan)
        async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let token = try #require(try await fixture.tokens()["access_token"]?.string)
            let bearer = Provider.bearer(token)
            let answers = [
                await fixture.get(.userInfo, headers: bearer), await fixture.post(.userInfo, [], headers: bearer),
                await fixture.post(.userInfo, [("access_token", token)]),
            ]
            for answer in answers {
                #expect(answer.status == .ok && answer.headers[.contentType] == "application/json")
                let claims = try answer.object()
                #expect(claims["sub"] == "sub-marie")
            }
        }
    }

    private static let released = [
        "profile": ["name", "given_name", "family_name"], "email": ["email", "email_verified"],
        "address": ["address"], "phone": ["phone_number", "phone_number_verified"],
    ]

    @Test(
        "oidcc-scope-profile, oidcc-scope-email, oidcc-scope-address, oidcc-scope-phone: its claims and no others",
        arguments: released.keys.sorted(), Plan.allCases)
    func scope(_ scope: String, plan: Plan) async throws {
        try await ConformanceFixture.run(plan) { fixture in
            let tokens = try await fixture.tokens(["scope": "openid \(scope)"])
            let claims = try await fixture.userInfo(try #require(tokens["access_token"]?.string))
            let told = Set(claims.names).subtracting(["sub", "socle_situation"])
            let expected = try #require(Self.released[scope])
            #expect(told == Set(expected))
            let idToken = try await fixture.idToken(tokens)
            #expect(idToken["name"] == nil)
        }
    }

    @Test("oidcc-scope-all: every claim of every scope", arguments: Plan.allCases) func scopeAll(plan: Plan)
        async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let tokens = try await fixture.tokens(["scope": "openid profile email address phone"])
            let claims = try await fixture.userInfo(try #require(tokens["access_token"]?.string))
            #expect(claims["name"] == "Marie Durand" && claims["email"] == "marie@example.fr")
            #expect(claims["email_verified"] == true && claims["phone_number_verified"] == false)
            #expect(claims["address"]?["locality"] == "Paris")
        }
    }

    @Test(
        "oidcc-alternate-happy-flow: everything at once, by another client that was registered otherwise",
        arguments: Plan.allCases) func alternate(plan: Plan) async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let uri = "https://second.example/callback?tenant=1"
            try await fixture.register(ConformanceFixture.registration("second", redirectURIs: [uri]))
            let answer = await fixture.signedIn([
                "client_id": "second", "redirect_uri": uri, "scope": "openid email", "nonce": nil,
                "state": nil,
            ]).answer
            #expect(fixture.isSent(answer, to: uri) && answer.parameters["state"] == nil)
            let code = try #require(answer.parameters["code"])
            #expect(await fixture.redeem(code, client: "second", uri: uri).status == .ok)
        }
    }

    @Test("oidcc-claims-essential: a claim asked for by name is told where it was asked for", arguments: Plan.allCases)
    func essential(plan: Plan)
        async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let claims = #"{"userinfo":{"name":{"essential":true}},"id_token":{"email":null}}"#
            let tokens = try await fixture.tokens(["claims": claims])
            let told = try await fixture.userInfo(try #require(tokens["access_token"]?.string))
            #expect(told["name"] == "Marie Durand" && told["email"] == nil)
            let idToken = try await fixture.idToken(tokens)
            #expect(idToken["email"] == "marie@example.fr" && idToken["name"] == nil)
        }
    }

    @Test("a claim that no scope of the client's releases is not told, however essential") func unreleased()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let claims = #"{"userinfo":{"SubjectNameID":{"essential":true}},"id_token":{"SubjectNameID":null}}"#
            let tokens = try await fixture.tokens(["claims": claims])
            let told = try await fixture.userInfo(try #require(tokens["access_token"]?.string))
            #expect(told["SubjectNameID"] == nil)
            let idToken = try await fixture.idToken(tokens)
            #expect(idToken["SubjectNameID"] == nil)
        }
    }
}
