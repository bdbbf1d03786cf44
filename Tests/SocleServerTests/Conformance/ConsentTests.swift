// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Consent to an application · OpenID Connect Core §3.1.2.4, §3.1.2.1 (prompt), §11")
struct ApplicationConsentTests {
    private func withGuest(_ body: (ConformanceFixture) async throws -> Void) async throws {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.isThirdParty = true
            metadata.logoURI = "https://rp.example/logo.png"
            metadata.policyURI = "https://rp.example/policy"
            metadata.termsURI = "https://rp.example/terms"
            try await fixture.register(ConformanceFixture.registration("guest", metadata: metadata))
            try await body(fixture)
        }
    }

    private func asked(_ changes: [String: String?] = [:]) -> [String: String?] {
        changes.merging(["client_id": "guest", "scope": "openid email"]) { a, _ in a }
    }

    @Test("a third party is told nothing before the person agrees; the answer is remembered until withdrawn")
    func remembered() async throws {
        try await withGuest { fixture in
            var (browser, step) = await fixture.signedIn(asked())
            await browser.follow(step)
            #expect(browser.page.contains("RP &lt;guest&gt;") && browser.page.contains("adresse électronique"))
            let silent = fixture.target(asked(["prompt": "none"]))
            #expect(await browser.get(silent).parameters["error"] == "consent_required")
            await browser.follow(step)
            let answer = await browser.submit("/login/consent", [("answer", "allow")])
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client: "guest").object()
            #expect(await browser.get(silent).parameters["code"] != nil)

            try await fixture.commit([
                OAuthChange.withdrawConsent(subject: "sub-marie", clientID: "guest", at: fixture.clock.now())
            ])
            #expect(await browser.get(silent).parameters["error"] == "consent_required")
            let access = try #require(tokens["access_token"]?.string)
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
        }
    }

    @Test("more than was agreed to is asked again; less is not") func more() async throws {
        try await withGuest { fixture in
            var (browser, step) = await fixture.signedIn(asked())
            await browser.follow(step)
            await browser.submit("/login/consent", [("answer", "allow")])
            fixture.clock.advance(.seconds(1))
            #expect(await browser.get(fixture.target(asked(["scope": "openid"]))).parameters["code"] != nil)
            for change in [
                ["scope": "openid email phone"], ["claims": #"{"userinfo":{"name":null}}"#], ["prompt": "consent"],
            ] as [[String: String?]] {
                #expect(await browser.get(fixture.target(asked(change))).location.hasPrefix("/login?"))
            }
        }
    }

    @Test("prompt=consent asks although it was agreed, once") func promptConsent() async throws {
        try await withGuest { fixture in
            var (browser, step) = await fixture.signedIn(asked())
            await browser.follow(step)
            await browser.submit("/login/consent", [("answer", "allow")])
            fixture.clock.advance(.seconds(5))
            await browser.follow(await browser.get(fixture.target(asked(["prompt": "consent"]))))
            #expect(await browser.submit("/login/consent", [("answer", "allow")]).parameters["code"] != nil)
        }
    }

    @Test("a refusal goes back to the application as access_denied, and nothing is remembered") func refused()
        async throws
    {
        try await withGuest { fixture in
            var (browser, step) = await fixture.signedIn(asked())
            await browser.follow(step)
            let fields = browser.hidden("/login/consent")
            let answer = await browser.submit("/login/consent", [("answer", "refuse")])
            #expect(answer.parameters["error"] == "access_denied" && answer.parameters["state"] == "state-1")
            let remembered = try await StoredConsents(fixture.database).consents(of: "sub-marie")
            #expect(remembered == [])
            #expect(await browser.post("/login/consent", fields + [("answer", "allow")]).status == .gone)
        }
    }

    @Test("the form counts only with the page's own token, and answers only what is asked") func forged() async throws {
        try await withGuest { fixture in
            var (browser, step) = await fixture.signedIn(asked())
            await browser.follow(step)
            let fields = browser.hidden("/login/consent")
            let forged = fields.map { (name: $0.name, value: $0.name == "csrf" ? "x" : $0.value) }
            #expect(await browser.post("/login/consent", forged + [("answer", "allow")]).status == .forbidden)
            let foreign = await browser.post(
                "/login/consent", fields + [("answer", "allow")], extra: [.origin: "https://evil.example"])
            #expect(foreign.status == .forbidden)
            let remembered = try await StoredConsents(fixture.database).consents(of: "sub-marie")
            #expect(remembered == [])
        }
    }

    @Test("the region's own applications are never asked about, even with prompt=consent") func own() async throws {
        try await ConformanceFixture.run { fixture in
            #expect(await fixture.signedIn(["prompt": "consent"]).answer.parameters["code"] != nil)
        }
    }

    @Test("oidcc-registration-logo-uri, oidcc-registration-policy-uri, oidcc-registration-tos-uri: shown at sign-in")
    func card() async throws {
        try await withGuest { fixture in
            var browser = TestBrowser(fixture.site)
            let page = await browser.follow(await browser.get(fixture.target(asked())))
            for uri in ["logo.png", "policy", "terms"] {
                #expect(browser.page.contains("\"https://rp.example/\(uri)\""))
            }
            #expect(page.headers[.contentSecurityPolicy]?.contains("img-src https://rp.example;") == true)
        }
    }
}

@Suite("Pairwise subjects · OpenID Connect Core §8.1")
struct PairwiseSubjectTests {
    @Test("one sector sees one sub everywhere, another sector another, and neither is the account's") func sectors()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            var subjects: [String] = []
            for (id, sector) in [("a", "one.example"), ("b", "one.example"), ("c", "two.example")] {
                var metadata = ClientMetadata()
                metadata.sector = sector
                try await fixture.register(ConformanceFixture.registration(id, metadata: metadata))
                let (browser, answer) = await fixture.signedIn(["client_id": id])
                let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client: id).object()
                let told = try await fixture.userInfo(try #require(tokens["access_token"]?.string))
                let subject = try #require(told["sub"]?.string)
                subjects.append(subject)
                var again = browser
                let hint = try #require(tokens["id_token"]?.string)
                let silent = fixture.target(["client_id": id, "prompt": "none", "id_token_hint": hint])
                #expect(await again.get(silent).parameters["code"] != nil)
                let introspected = try await fixture.post(
                    .introspect, [("token", try #require(tokens["access_token"]?.string))],
                    headers: Provider.basic(id, ConformanceFixture.secret)
                ).object()
                #expect(introspected["sub"]?.string == subject && introspected["active"] == true)
            }
            #expect(subjects[0] == subjects[1] && subjects[0] != subjects[2])
            #expect(!subjects.contains("sub-marie"))
        }
    }

    /// An application of the region's with pairwise subjects, a browser signed in to it, and its ID token.
    private func signedIn(
        _ body: (ConformanceFixture, inout TestBrowser, _ hint: String) async throws -> Void
    ) async throws {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.sector = "one.example"
            var registration = ConformanceFixture.registration("a", metadata: metadata)
            registration.postLogoutRedirectURIs = ["https://rp.example/bye"]
            try await fixture.register(registration)
            var (browser, answer) = await fixture.signedIn(["client_id": "a"])
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client: "a").object()
            try await body(fixture, &browser, try #require(tokens["id_token"]?.string))
        }
    }

    private func logout(_ hint: String) -> String {
        Form.append(
            [("id_token_hint", hint), ("post_logout_redirect_uri", "https://rp.example/bye")], to: "/oauth2/logout")
    }

    @Test("RP-Initiated Logout §2: a hint with a pairwise sub names its session, and nobody is asked") func hinted()
        async throws
    {
        try await signedIn { fixture, browser, hint in
            #expect(await browser.get(logout(hint)).location == "https://rp.example/bye")
            let silent = fixture.target(["client_id": "a", "prompt": "none"])
            #expect(await browser.get(silent).parameters["error"] == "login_required")
        }
        try await signedIn { fixture, browser, hint in
            // From a browser that shows no session of its own: by `sid`.
            var other = TestBrowser(fixture.site)
            #expect(await other.get(logout(hint)).location == "https://rp.example/bye")
            let silent = fixture.target(["client_id": "a", "prompt": "none"])
            #expect(await browser.get(silent).parameters["error"] == "login_required")
        }
    }

    @Test("a hint of another session, or whose sub is the account's own or another sector's, asks") func unhinted()
        async throws
    {
        try await signedIn { fixture, browser, hint in
            let session = try #require(UnverifiedToken(compact: hint).unverifiedClaims?["sid"]?.string)
            let key = try await fixture.keys.current(.rs256).key
            let vault = PairwiseSubjects(vault: fixture.vault)
            var metadata = ClientMetadata()
            metadata.sector = "two.example"
            let foreign = try #require(
                ConformanceFixture.registration("b", metadata: metadata).client(vault: fixture.vault, random: .system))
            let abroad = try #require(vault.subject(of: "sub-marie", for: foreign))
            let own = try #require(UnverifiedToken(compact: hint).unverifiedClaims?["sub"]?.string)
            for (subject, sid) in [("sub-marie", session), (abroad, session), ("", session), (own, "another")] {
                let claims: JSONObject = [
                    "iss": .string(ConformanceFixture.issuer), "aud": "a", "sub": .string(subject),
                    "sid": .string(sid),
                ]
                let token = try JWS.sign(claims: claims, with: key, keyID: "rs-1", type: "JWT")
                let page = await browser.get(logout(token))
                #expect(page.status == .ok && page.text.contains("/account/sign-out"), "\(subject)")
                var stranger = TestBrowser(fixture.site)
                _ = await stranger.get(logout(token))
            }
            let silent = fixture.target(["client_id": "a", "prompt": "none"])
            #expect(await browser.get(silent).parameters["code"] != nil)
        }
    }

    @Test("a client that asserts its users names them by the account's own sub: it has no pairwise ones")
    func asserting() {
        var metadata = ClientMetadata()
        metadata.sector = "one.example"
        var registration = ConformanceFixture.registration("a", metadata: metadata)
        registration.scopes.insert(Scope.assert)
        #expect(registration.faults == ["a client with pairwise subjects cannot hold `access:assert`"])
    }
}
