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

@Suite("Attacks on codes and tokens")
struct TokenAttackTests {
    @Test("CVE-2026-1035: of refreshes sent at once exactly one wins, and the family ends") func concurrentRefresh()
        async throws
    {
        try await Provider.with { provider in
            let tokens = try await provider.login("mobile")
            let refresh = try #require(tokens["refresh_token"]?.string)
            let answers = await withTaskGroup(of: WebResponse.self) { group in
                for _ in 0..<16 { group.addTask { await provider.refresh(refresh, "mobile") } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let won = answers.filter { $0.status == .ok }
            #expect(won.count == 1)
            #expect(answers.filter { $0.error == "invalid_grant" }.count == 15)
            let successor = try #require(try won.first?.object()["refresh_token"]?.string)
            #expect(await provider.refresh(successor, "mobile").error == "invalid_grant")
        }
    }

    @Test("CVE-2026-4282: of redemptions sent at once one wins at most, and its tokens end with the replay")
    func concurrentCode() async throws {
        try await Provider.with { provider in
            let code = try #require(try await provider.authorize("mobile")["code"])
            let answers = await withTaskGroup(of: WebResponse.self) { group in
                for _ in 0..<16 { group.addTask { await provider.redeem(code, "mobile") } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let won = answers.filter { $0.status == .ok }
            #expect(won.count <= 1)
            if let tokens = try won.first?.object() {
                #expect(try await !provider.isActive(try #require(tokens["access_token"]?.string)))
            }
        }
    }

    @Test("CVE-2026-9802: a refresh token used up or revoked stays so after a restart") func replayAfterRestart()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            try await fixture.register(ConformanceFixture.registration("native", .none))
            let challenge = ["code_challenge": Provider.challenge, "code_challenge_method": "S256"]
            let asked = challenge.merging(["client_id": "native", "scope": "openid offline_access"]) { a, _ in a }
            func redeemed() async throws -> String {
                let code = try #require(await fixture.signedIn(asked).answer.parameters["code"])
                let tokens = try await fixture.post(
                    .token,
                    [
                        ("grant_type", "authorization_code"), ("code", code), ("client_id", "native"),
                        ("redirect_uri", ConformanceFixture.callback), ("code_verifier", Provider.verifier),
                    ]
                ).object()
                return try #require(tokens["refresh_token"]?.string)
            }
            func refresh(_ token: String, _ fixture: ConformanceFixture) async -> WebResponse {
                await fixture.post(
                    .token, [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "native")])
            }
            let (used, revoked) = (try await redeemed(), try await redeemed())
            let successor = try #require(try await refresh(used, fixture).object()["refresh_token"]?.string)
            #expect(await fixture.post(.revoke, [("token", revoked), ("client_id", "native")]).status == .ok)
            let restarted = try await fixture.restarted()
            #expect(await refresh(revoked, restarted).error == "invalid_grant")
            #expect(await refresh(used, restarted).error == "invalid_grant")
            #expect(await refresh(successor, restarted).error == "invalid_grant")
            await restarted.lane.close()
        }
    }

    @Test("CVE-2023-48228, CVE-2024-23647: PKCE cannot be left out, stripped or downgraded") func pkce() async throws {
        try await ConformanceFixture.run { fixture in
            try await fixture.register(ConformanceFixture.registration("native", .none))
            var (browser, _) = await fixture.signedIn()
            // Left out, or plain, at the authorization endpoint.
            for change in [
                [:], ["code_challenge": Provider.verifier, "code_challenge_method": "plain"],
                ["code_challenge": Provider.challenge], ["code_challenge_method": "S256"],
            ] as [[String: String?]] {
                let answer = await browser.get(fixture.target(change.merging(["client_id": "native"]) { a, _ in a }))
                #expect(answer.parameters["error"] == "invalid_request" && answer.parameters["code"] == nil)
            }
            // Left out, or another's, at the token endpoint; and stripped from the authorization request.
            let challenge = ["code_challenge": Provider.challenge, "code_challenge_method": "S256"]
            for (asked, verifier) in [
                (challenge, nil), (challenge, ""), (challenge, Provider.challenge),
                (challenge, String(repeating: "a", count: 43)), ([:], Provider.verifier),
            ] as [([String: String?], String?)] {
                let code = try #require(await browser.get(fixture.target(asked)).parameters["code"])
                let form = verifier.map { [(name: "code_verifier", value: $0)] } ?? []
                #expect(await fixture.redeem(code, adding: form).error == "invalid_grant")
            }
        }
    }

    @Test("CVE-2026-92289: a public client that sends some secret does not pass for a confidential one")
    func publicSecret()
        async throws
    {
        try await Provider.with { provider in
            let code = try #require(try await provider.authorize("mobile")["code"])
            let form = [
                (name: "grant_type", value: "authorization_code"), (name: "code", value: code),
                (name: "redirect_uri", value: "https://mobile.example/cb"),
            ]
            #expect(await provider.post(.token, form, headers: Provider.basic("mobile", "x")).error == "invalid_client")
            let posted = form + [("client_id", "mobile"), ("client_secret", "x")]
            #expect(await provider.post(.token, posted).error == "invalid_client")
        }
    }

    @Test("CVE-2026-4634, CVE-2026-9803: what is oversized or malformed is refused before anything is done with it")
    func oversized() async throws {
        try await Provider.with { provider in
            let scope = String(repeating: "openid ", count: 2000)
            let form = [(name: "grant_type", value: "client_credentials")]
            #expect(
                await provider.post(.token, form + [("scope", scope)], headers: Provider.basic).error
                    == "invalid_request")
            let many = (0..<33).map { "s\($0)" }.joined(separator: " ")
            #expect(
                await provider.post(.token, form + [("scope", many)], headers: Provider.basic).error
                    == "invalid_scope")
            for header in [
                "Basic " + String(repeating: "A", count: 100_000), "Basic \u{1}", "Basic Og==", "Basic ====",
                "Basic " + String(repeating: "%", count: 500), " ", "Basic  ", "basic\tx",
            ] {
                let answer = await provider.post(.token, form, headers: [.authorization: header])
                #expect(answer.status == .unauthorized && answer.error == "invalid_client")
            }
        }
    }

    @Test("CVE-2026-9704: a grant that is not offered never falls back on the client's own identity") func exchange()
        async throws
    {
        try await Provider.with { provider in
            for token in ["", "x", String(repeating: "x", count: 20_000)] {
                let answer = await provider.post(
                    .token,
                    [("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", token)],
                    headers: Provider.basic)
                #expect(answer.status == .badRequest && (try? answer.object()["access_token"]) == .some(nil))
            }
        }
    }

    @Test("GHSA-7mqr-2v3q-v2wm: a revocation that the store does not take is not said to be done") func revocation()
        async throws
    {
        try await Provider.with { provider in
            let tokens = try await provider.login("mobile")
            let access = try #require(tokens["access_token"]?.string)
            let refresh = try #require(tokens["refresh_token"]?.string)
            provider.lane.fail()
            for token in [access, refresh] {
                let answer = await provider.post(.revoke, [("token", token), ("client_id", "mobile")])
                #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] != nil)
            }
            provider.records.fail()
            let answer = await provider.post(.revoke, [("token", refresh), ("client_id", "mobile")])
            #expect(answer.status == .serviceUnavailable)
        }
    }

    @Test("CVE-2026-1486, CVE-2026-8922: a client disabled is refused everywhere at the next request") func disabled()
        async throws
    {
        try await Provider.with { provider in
            let tokens = try await provider.login("mobile")
            let code = try #require(try await provider.authorize("mobile")["code"])
            let access = try #require(tokens["access_token"]?.string)
            let refresh = try #require(tokens["refresh_token"]?.string)
            try await provider.commit([OAuthChange.disableClient(id: "mobile")])
            #expect(await provider.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
            #expect(await provider.redeem(code, "mobile").status == .unauthorized)
            #expect(await provider.refresh(refresh, "mobile").status == .unauthorized)
            #expect(try await !provider.isActive(access))
            let page = await provider.get(
                .authorize,
                query: "client_id=mobile&redirect_uri=https%3A%2F%2Fmobile.example%2Fcb&response_type=code&scope=openid"
            )
            #expect(page.status == .badRequest && page.headers[.location] == nil)
        }
    }
}

@Suite("Attacks on signatures · RFC 8725 §2.1, §3.1")
struct SignatureAttackTests {
    /// A token whose header and signature are the attacker's.
    private func forged(_ header: JSONObject, _ claims: JSONObject, signing: (String) -> [UInt8] = { _ in [] })
        -> String
    {
        let input =
            Base64URL.encode(JSONValue.object(header).bytes) + "." + Base64URL.encode(JSONValue.object(claims).bytes)
        return input + "." + Base64URL.encode(signing(input))
    }

    /// Each header, with each signature an attacker can make without the private key.
    private func forgeries(
        _ claims: JSONObject, keyID: String, published: JSONObject, type: String?
    ) throws -> [String] {
        let own = try #require(DynamicClient.other)
        let ownKey = JWK(key: own.publicKey, keyID: keyID, algorithm: .es256).json
        var tokens: [String] = []
        for algorithm in ["none", "None", "NONE", ""] {
            tokens.append(
                forged(["alg": .string(algorithm), "kid": .string(keyID), "typ": .string(type ?? "JWT")], claims))
        }
        // The public key taken for the secret of an HMAC.
        for secret in [JSONValue.object(published).text, published["n"]?.string ?? published["x"]?.string ?? ""] {
            tokens.append(
                forged(["alg": "HS256", "kid": .string(keyID), "typ": .string(type ?? "JWT")], claims) { input in
                    HMAC.sha256(key: Array(secret.utf8), Array(input.utf8))
                })
        }
        // A key that comes with the token.
        for embedded in [
            ["jwk": .object(ownKey)], ["jku": "https://evil.example/jwks.json"], ["x5u": "https://evil.example/x5u"],
            ["x5c": ["AA=="]], ["crit": ["b64"], "b64": false], [:],
        ] as [JSONObject] {
            var header: JSONObject = ["alg": "ES256", "kid": .string(keyID), "typ": .string(type ?? "JWT")]
            for member in embedded.members { header[member.name] = member.value }
            let input =
                Base64URL.encode(JSONValue.object(header).bytes) + "."
                + Base64URL.encode(JSONValue.object(claims).bytes)
            tokens.append(input + "." + Base64URL.encode(try own.sign(Array(input.utf8))))
        }
        return tokens
    }

    @Test("alg confusion and embedded keys pass for no access token") func accessToken() async throws {
        try await Provider.with { provider in
            let token = try UnverifiedToken(compact: try await provider.clientToken())
            let claims = try #require(token.unverifiedClaims)
            let key = try #require(try await provider.keys.published().first).json
            for forgery in try forgeries(claims, keyID: "es-1", published: key, type: "at+jwt") {
                #expect(await provider.get(.userInfo, headers: Provider.bearer(forgery)).error == "invalid_token")
                #expect(try await !provider.isActive(forgery))
            }
        }
    }

    @Test("nor for a hint, a client assertion or a request object") func others() async throws {
        try await ConformanceFixture.run { fixture in
            let keys = try DynamicClient.keySet([("k-1", DynamicClient.p256), ("r-1", DynamicClient.rsa)])
            let client = try await fixture.dynamicClient([
                "token_endpoint_auth_method": "private_key_jwt", "jwks": .object(keys),
            ])
            let now = fixture.clock.now().seconds
            let hint: JSONObject = [
                "iss": .string(ConformanceFixture.issuer), "aud": .string(client.id), "sub": "sub-marie",
            ]
            let assertion: JSONObject = [
                "iss": .string(client.id), "sub": .string(client.id), "aud": .string(ConformanceFixture.issuer),
                "jti": "j", "exp": .integer(now + 60),
            ]
            let request: JSONObject = [
                "iss": .string(client.id), "client_id": .string(client.id), "response_type": "code",
                "redirect_uri": .string(ConformanceFixture.callback), "scope": "openid", "state": "inside",
            ]
            var browser = TestBrowser(fixture.site)
            for (id, index) in [("k-1", 0), ("r-1", 1)] {
                let key = try #require(keys["keys"]?.array?[index].object)
                for forgery in try forgeries(request, keyID: id, published: key, type: nil) {
                    let answer = await browser.get(fixture.target(["client_id": client.id, "request": forgery]))
                    #expect(answer.parameters["error"] == "invalid_request_object")
                }
                for forgery in try forgeries(assertion, keyID: id, published: key, type: nil) {
                    let answer = await fixture.post(
                        .token,
                        [("grant_type", "refresh_token"), ("refresh_token", "x")] + DynamicClient.asserting(forgery))
                    #expect(answer.error == "invalid_client")
                }
            }
            for (id, published) in zip(["rs-1", "es-1"], [0, 2]) {
                let key = try await fixture.keys.published()[published].json
                for forgery in try forgeries(hint, keyID: id, published: key, type: nil) {
                    let answer = await browser.get(
                        fixture.target(["client_id": client.id, "prompt": "none", "id_token_hint": forgery]))
                    #expect(answer.parameters["error"] == "invalid_request")
                }
            }
        }
    }

    @Test("CVE-2026-9793: a request object encrypted around plain JSON is not a signed one") func rawJSON() async throws
    {
        try await ConformanceFixture.run { fixture in
            let keys = try DynamicClient.keySet([("k-1", DynamicClient.p256)])
            let client = try await fixture.dynamicClient(["jwks": .object(keys)])
            let claims = #"{"client_id":"\#(client.id)","response_type":"code","state":"inside"}"#
            var browser = TestBrowser(fixture.site)
            for header in [
                #"{"alg":"dir","enc":"A128GCM"}"#, #"{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"rs-1"}"#,
                #"{"alg":"none","enc":"A256GCM"}"#, #"{"alg":"RSA-OAEP","enc":"A128CBC-HS256","cty":"json"}"#,
            ] {
                let parts = [header, "", "123456789012", claims, "1234567890123456"]
                let object = parts.map { Base64URL.encode(Array($0.utf8)) }.joined(separator: ".")
                let answer = await browser.get(fixture.target(["client_id": client.id, "request": object]))
                #expect(answer.parameters["error"] == "invalid_request_object")
                #expect(answer.parameters["state"] != "inside")
            }
        }
    }
}

@Suite("Attacks on client assertions · RFC 7523 §3, §5")
struct AssertionAttackTests {
    private func signer(_ fixture: ConformanceFixture) async throws -> DynamicClient {
        try await fixture.dynamicClient([
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": .object(try DynamicClient.keySet([("k-1", DynamicClient.p256)])),
        ])
    }

    private func answer(_ assertion: String, _ fixture: ConformanceFixture) async -> String? {
        await fixture.post(
            .token, [("grant_type", "refresh_token"), ("refresh_token", "x")] + DynamicClient.asserting(assertion)
        ).error
    }

    @Test("CVE-2020-5300, CVE-2020-15222: an assertion proves a client once, on every node, after a restart too")
    func replay() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let assertion = try client.assertion(fixture: fixture)
            #expect(await answer(assertion, fixture) == "invalid_grant")
            #expect(await answer(assertion, fixture) == "invalid_client")
            let restarted = try await fixture.restarted()
            #expect(await answer(assertion, restarted) == "invalid_client")
            await restarted.lane.close()
        }
    }

    @Test("of requests sent at once with one assertion, one is believed") func atOnce() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let assertion = try client.assertion(fixture: fixture)
            let believed = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { await answer(assertion, fixture) == "invalid_grant" } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(believed == 1)
        }
    }

    @Test("CVE-2026-41707: however many follow, the first cannot be replayed before it expires") func flooding()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let now = fixture.clock.now().seconds
            let first = try client.assertion(["exp": .integer(now + 3600)], fixture: fixture)
            #expect(await answer(first, fixture) == "invalid_grant")
            for number in 0..<1500 {
                let filler = OAuthChange.useAssertion(
                    clientID: client.id, digest: "filler-\(number)", expires: fixture.clock.now() + .minutes(30))
                if number % 500 == 0 { #expect(await answer(first, fixture) != "invalid_grant") }
                try await fixture.commit([filler])
            }
            fixture.clock.advance(.minutes(59))
            let upkeep = OAuthChange.deleteExpired(before: fixture.clock.now(), limit: 1000)
            try await fixture.commit([upkeep])
            fixture.clock.advance(.seconds(30))
            #expect(await answer(first, fixture) == "invalid_client")
        }
    }
}
