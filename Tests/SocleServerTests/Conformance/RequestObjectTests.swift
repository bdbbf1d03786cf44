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

@Suite("Dynamic OP, Basic OP · OpenID Connect Core §6, RFC 9101 (request objects)")
struct RequestObjectTests {
    private func claims(_ client: DynamicClient, _ changes: JSONObject = JSONObject()) -> JSONObject {
        client.requestObject(changes)
    }

    private func unsigned(_ claims: JSONObject) -> String {
        Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + Base64URL.encode(JSONValue.object(claims).bytes) + "."
    }

    private func signed(
        _ claims: JSONObject, with key: SigningKey? = DynamicClient.rsa, keyID: String = "r-1"
    ) throws -> String {
        try JWS.sign(claims: claims, with: try #require(key), keyID: keyID)
    }

    private func signer(_ fixture: ConformanceFixture, _ changes: JSONObject = JSONObject()) async throws
        -> DynamicClient
    {
        var metadata = changes
        metadata["jwks"] = .object(
            try DynamicClient.keySet([("r-1", DynamicClient.rsa), ("k-1", DynamicClient.p256)]))
        return try await fixture.dynamicClient(metadata)
    }

    private func error(
        _ object: String, _ client: DynamicClient, _ fixture: ConformanceFixture
    ) async -> String? {
        var browser = TestBrowser(fixture.site)
        let answer = await browser.get(fixture.target(["client_id": client.id, "request": object]))
        #expect(fixture.isSent(answer, to: ConformanceFixture.callback))
        return answer.parameters["error"]
    }

    @Test("a signed request object by value: what it says supersedes what stands beside it") func byValue() async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let object = try signed(claims(client))
            let answer = await fixture.agreed(to: client, ["request": object, "state": "outside"]).answer
            #expect(answer.parameters["state"] == "inside")
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client).object()
            let token = try UnverifiedToken(compact: try #require(tokens["id_token"]?.string))
            #expect(token.unverifiedClaims?["nonce"] == "nonce-inside")
        }
    }

    @Test(
        "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: only for a client registered with none",
        arguments: Plan.allCases) func unsignedObject(plan: Plan) async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let lax = try await fixture.dynamicClient(["request_object_signing_alg": "none"])
            let answer = await fixture.agreed(to: lax, ["request": unsigned(claims(lax))]).answer
            #expect(answer.parameters["code"] != nil && answer.parameters["state"] == "inside")
            let strict = try await signer(fixture)
            #expect(await error(unsigned(claims(strict)), strict, fixture) == "invalid_request_object")
        }
    }

    @Test(
        "oidcc-request-uri-unsigned, oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
        arguments: Plan.allCases) func unsignedByReference(plan: Plan) async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let uri = "https://rp.example/request.jwt#version-1"
            let client = try await fixture.dynamicClient([
                "request_object_signing_alg": "none", "request_uris": [.string(uri)],
            ])
            fixture.web.serve(unsigned(claims(client)), at: "https://rp.example/request.jwt")
            let answer = await fixture.agreed(to: client, ["request_uri": uri]).answer
            #expect(answer.parameters["state"] == "inside" && answer.parameters["code"] != nil)
        }
    }

    @Test("oidcc-request-uri-signed-rs256") func signedByReference() async throws {
        try await ConformanceFixture.run { fixture in
            let uri = "https://rp.example/request.jwt"
            let client = try await signer(
                fixture, ["request_object_signing_alg": "RS256", "request_uris": [.string(uri)]])
            fixture.web.serve(try signed(claims(client)), at: uri)
            #expect(await fixture.agreed(to: client, ["request_uri": uri]).answer.parameters["state"] == "inside")
            // Pinned to RS256: another key of the same client's does not do.
            let other = try signed(claims(client), with: DynamicClient.p256, keyID: "k-1")
            #expect(await error(other, client, fixture) == "invalid_request_object")
            // Nor does a stranger's key of that algorithm, by the name of its own.
            fixture.web.serve(try signed(claims(client), with: try SigningKey.generate(.rs256)), at: uri)
            var browser = TestBrowser(fixture.site)
            let forged = await browser.get(fixture.target(["client_id": client.id, "request_uri": uri]))
            #expect(forged.parameters["error"] == "invalid_request_object")
        }
    }

    @Test("a request_uri that is not registered is not fetched, and told so") func unregistered() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture, ["request_uris": ["https://rp.example/a"]])
            var browser = TestBrowser(fixture.site)
            for uri in [
                "https://rp.example/b", "https://rp.example/a#x", "http://127.0.0.1/a", "https://evil.example/",
            ] {
                let answer = await browser.get(fixture.target(["client_id": client.id, "request_uri": uri]))
                #expect(answer.parameters["error"] == "invalid_request_uri")
            }
            #expect(fixture.web.asked == [])
            let gone = await browser.get(
                fixture.target(["client_id": client.id, "request_uri": "https://rp.example/a"]))
            #expect(gone.parameters["error"] == "invalid_request_uri")
        }
    }

    @Test(
        "oidcc-ensure-request-object-with-redirect-uri: the one inside counts, and must be registered",
        arguments: Plan.allCases) func redirectURI(plan: Plan) async throws
    {
        try await ConformanceFixture.run(plan) { fixture in
            let client = try await signer(fixture)
            var browser = TestBrowser(fixture.site)
            let foreign = try signed(claims(client, ["redirect_uri": "https://evil.example/cb"]))
            let refused = await browser.get(fixture.target(["client_id": client.id, "request": foreign]))
            #expect(refused.status == .badRequest && refused.location.isEmpty)
            let good = try signed(claims(client))
            let answer = await fixture.agreed(
                to: client, ["request": good, "redirect_uri": "https://rp.example/overridden"]
            ).answer
            #expect(fixture.isSent(answer, to: ConformanceFixture.callback))
        }
    }

    @Test("an object forged, expired, of another client, or for another provider is refused") func forged() async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let now = fixture.clock.now().seconds
            let faulty: [JSONObject] = [
                ["iss": "rp"], ["client_id": "rp"], ["aud": "https://other.example"], ["exp": .integer(now)],
                ["exp": "x"], ["nbf": .integer(now + 61)], ["request_uri": "https://rp.example/"], ["request": "x"],
                ["sub": .string(client.id)], ["scope": ["openid"]], ["max_age": .double(1.5)],
            ]
            for change in faulty {
                let object = try signed(claims(client, change))
                #expect(await error(object, client, fixture) == "invalid_request_object", "\(change.names)")
            }
            let stranger = try signed(claims(client), with: DynamicClient.other, keyID: "k-1")
            #expect(await error(stranger, client, fixture) == "invalid_request_object")
            for text in ["x", "a.b.c", "e30.e30.e30", try signed(claims(client)) + "x"] {
                #expect(await error(text, client, fixture) == "invalid_request_object")
            }
            let type = try signed(claims(client, ["response_type": "token"]))
            #expect(await error(type, client, fixture) == "invalid_request")
        }
    }

    @Test("the claims parameter and max_age inside are read as outside") func members() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await signer(fixture)
            let object = try signed(
                claims(client, ["claims": ["id_token": ["email": .null]], "max_age": 600, "state": .null]))
            let answer = await fixture.agreed(to: client, ["request": object]).answer
            #expect(answer.parameters["state"] == "state-1")
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client).object()
            let token = try UnverifiedToken(compact: try #require(tokens["id_token"]?.string))
            #expect(token.unverifiedClaims?["email"] == "marie@example.fr")
        }
    }
}
