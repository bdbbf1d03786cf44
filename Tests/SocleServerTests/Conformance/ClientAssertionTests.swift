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

@Suite("Client assertions · RFC 7523 §2.2, §3, OpenID Connect Core §9")
struct ClientAssertionTests {
    private func signer(_ fixture: ConformanceFixture, _ changes: JSONObject = JSONObject()) async throws
        -> DynamicClient
    {
        var metadata = changes
        metadata["token_endpoint_auth_method"] = "private_key_jwt"
        metadata["jwks"] = .object(
            try DynamicClient.keySet([("k-1", DynamicClient.p256), ("r-1", DynamicClient.rsa)]))
        return try await fixture.dynamicClient(metadata)
    }

    /// What the token endpoint says to a refresh with a wrong token: `invalid_grant` once the client has proved itself.
    private func answer(
        _ assertion: String, _ fixture: ConformanceFixture, adding: [(name: String, value: String)] = []
    ) async -> String? {
        await fixture.post(
            .token,
            [("grant_type", "refresh_token"), ("refresh_token", "x")] + DynamicClient.asserting(assertion) + adding
        ).error
    }

    @Test("oidcc-ensure-client-assertion-with-iss-aud-succeeds: the issuer is the audience, the token endpoint one too")
    func audience() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let issuer = ConformanceFixture.issuer
            for audience in [
                .string(issuer), .string(issuer + "/oauth2/token"), [.string(issuer)],
                [.string(issuer), .string(issuer + "/oauth2/token")],
            ] as [JSONValue] {
                #expect(
                    await answer(try client.assertion(["aud": audience], fixture: fixture), fixture) == "invalid_grant")
            }
            for audience in [
                .null, "", "https://other.example", .string(issuer + "/"), .string(issuer + "/oauth2/authorize"),
                [.string(issuer), "https://other.example"], [], 1,
            ] as [JSONValue] {
                let assertion = try client.assertion(["aud": audience], fixture: fixture)
                #expect(await answer(assertion, fixture) == "invalid_client", "\(audience)")
            }
        }
    }

    @Test("a high-assurance client names the issuer alone, as one text, and does not sign with RS256")
    func highAssurance()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.isHighAssurance = true
            metadata.keys = try DynamicClient.keySet([("k-1", DynamicClient.p256), ("r-1", DynamicClient.rsa)])
            try await fixture.register(
                ConformanceFixture.registration("fapi", .privateKeyJWT, metadata: metadata))
            let client = DynamicClient(registration: ["client_id": "fapi"])
            let issuer = ConformanceFixture.issuer
            #expect(await answer(try client.assertion(fixture: fixture), fixture) == "invalid_grant")
            for audience in [[.string(issuer)], .string(issuer + "/oauth2/token")] as [JSONValue] {
                let assertion = try client.assertion(["aud": audience], fixture: fixture)
                #expect(await answer(assertion, fixture) == "invalid_client")
            }
            let weak = try client.assertion(fixture: fixture, with: DynamicClient.rsa, keyID: "r-1")
            #expect(await answer(weak, fixture) == "invalid_client")
        }
    }

    @Test("each claim has its refusal") func claims() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let now = fixture.clock.now().seconds
            for change in [
                ["iss": "rp"], ["iss": .null], ["sub": .null], ["jti": .null], ["jti": ""], ["jti": 1],
                ["jti": .string(String(repeating: "j", count: 257))], ["exp": .null], ["exp": .integer(now - 300)],
                ["exp": .integer(now + 3601)], ["exp": "x"], ["nbf": .integer(now + 61)], ["iat": .integer(now + 61)],
            ] as [JSONObject] {
                let assertion = try client.assertion(change, fixture: fixture)
                #expect(await answer(assertion, fixture) == "invalid_client", "\(change.names)")
            }
            let early = try client.assertion(["nbf": .integer(now + 8)], fixture: fixture)
            #expect(await answer(early, fixture) == "invalid_grant")
        }
    }

    @Test("only by a key of the client's, the registered algorithm, and the registered way") func keys() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture, ["token_endpoint_auth_signing_alg": "ES256"])
            let rs256 = try client.assertion(fixture: fixture, with: DynamicClient.rsa, keyID: "r-1")
            let stranger = try client.assertion(fixture: fixture, with: DynamicClient.other)
            let unknown = try client.assertion(fixture: fixture, keyID: "k-9")
            for assertion in [rs256, stranger, unknown, "x", "a.b.c", ""] {
                #expect(await answer(assertion, fixture) == "invalid_client")
            }
            let form = [(name: "grant_type", value: "refresh_token"), (name: "refresh_token", value: "x")]
            let id = [(name: "client_id", value: client.id)]
            #expect(await fixture.post(.token, form + id).error == "invalid_client")
            #expect(await fixture.post(.token, form + id + [("client_secret", "x")]).error == "invalid_client")
            let good = try client.assertion(fixture: fixture)
            #expect(await answer(good, fixture, adding: [("client_id", "rp")]) == "invalid_client")
            #expect(await answer(good, fixture, adding: [("client_secret", "x")]) == "invalid_request")
            let both = await fixture.post(
                .token, form + DynamicClient.asserting(good), headers: Provider.basic("rp", ConformanceFixture.secret))
            #expect(both.error == "invalid_request")
            let typeless = await fixture.post(.token, form + [("client_assertion", good)])
            #expect(typeless.error == "invalid_client")
            #expect(await answer(good, fixture, adding: id) == "invalid_grant")
        }
    }

    @Test("oidcc-refresh-token-rp-key-rotation: a key new in the client's set is believed, one withdrawn is not")
    func rotation() async throws {
        try await ConformanceFixture.run { fixture in
            let uri = "https://rp.example/jwks.json"
            func publish(_ keys: [(id: String, key: SigningKey?)]) throws {
                fixture.web.serve(JSONValue.object(try DynamicClient.keySet(keys)).text, at: uri)
            }
            try publish([("k-1", DynamicClient.p256)])
            let client = try await fixture.dynamicClient([
                "jwks_uri": .string(uri), "token_endpoint_auth_method": "private_key_jwt",
            ])
            let tokens = try await fixture.tokens(of: client, ["scope": "openid offline_access"])
            let refresh = [
                (name: "grant_type", value: "refresh_token"),
                (name: "refresh_token", value: try #require(tokens["refresh_token"]?.string)),
            ]
            fixture.clock.advance(.seconds(20))
            try publish([("k-2", DynamicClient.other)])
            let renewed = try client.assertion(fixture: fixture, with: DynamicClient.other, keyID: "k-2")
            #expect(await fixture.post(.token, refresh + DynamicClient.asserting(renewed)).status == .ok)
            let old = try client.assertion(fixture: fixture)
            #expect(await fixture.post(.token, refresh + DynamicClient.asserting(old)).error == "invalid_client")
            // Made-up keys do not have the client called again and again.
            let calls = fixture.web.asked.count
            for number in 0..<5 {
                let forged = try client.assertion(fixture: fixture, with: DynamicClient.p256, keyID: "k-\(number)0")
                _ = await answer(forged, fixture)
            }
            #expect(fixture.web.asked.count == calls)
        }
    }

    @Test("client_secret_jwt: keyed with the secret, with the registered algorithm, and never sent") func secretJWT()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient([
                "token_endpoint_auth_method": "client_secret_jwt", "token_endpoint_auth_signing_alg": "HS512",
            ])
            let now = fixture.clock.now().seconds
            func assertion(_ secret: String, _ algorithm: MACAlgorithm, _ identifier: String) throws -> String {
                let key = try MACKey(Secret(secret), algorithm: algorithm)
                return JWS.sign(
                    claims: [
                        "iss": .string(client.id), "sub": .string(client.id),
                        "aud": .string(ConformanceFixture.issuer), "jti": .string(identifier),
                        "exp": .integer(now + 60),
                    ], with: key)
            }
            let other = String(repeating: "x", count: 86)
            #expect(await answer(try assertion(client.secret, .hs512, "1"), fixture) == "invalid_grant")
            #expect(await answer(try assertion(client.secret, .hs512, "1"), fixture) == "invalid_client")
            #expect(await answer(try assertion(client.secret, .hs256, "2"), fixture) == "invalid_client")
            #expect(await answer(try assertion(other, .hs512, "3"), fixture) == "invalid_client")
            let form = [(name: "grant_type", value: "refresh_token"), (name: "refresh_token", value: "x")]
            #expect(await fixture.post(.token, form, headers: client.basic).error == "invalid_client")
        }
    }

    @Test("introspection and revocation take an assertion too") func otherEndpoints() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let access = try #require(try await fixture.tokens(of: client)["access_token"]?.string)
            func form() throws -> [(name: String, value: String)] {
                [("token", access)] + DynamicClient.asserting(try client.assertion(fixture: fixture))
            }
            let told = try await fixture.post(.introspect, try form()).object()
            #expect(told["active"] == true)
            #expect(await fixture.post(.revoke, try form()).status == .ok)
            let after = try await fixture.post(.introspect, try form()).object()
            #expect(after["active"] == false)
        }
    }
}
