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

@Suite("Dynamic OP · OpenID Connect Registration §2, §3, RFC 7591")
struct DynamicRegistrationTests {
    @Test("oidcc-server, dynamic: a client registers, and signs a person in with what it was given") func server()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient()
            #expect(client.registration["client_secret_expires_at"] == 0)
            #expect(client.registration["token_endpoint_auth_method"] == "client_secret_basic")
            #expect(client.registration["response_types"] == ["code"])
            #expect(
                client.registration["registration_client_uri"]?.string
                    == ConformanceFixture.issuer + "/oauth2/register/" + client.id)
            let tokens = try await fixture.tokens(of: client, ["scope": "openid email"])
            let told = try await fixture.userInfo(try #require(tokens["access_token"]?.string))
            #expect(told["email"] == "marie@example.fr")
        }
    }

    @Test("without leave nobody registers: no token, another, one used up, one expired") func leave() async throws {
        try await ConformanceFixture.run { fixture in
            for bearer in [nil, "another"] as [String?] {
                let answer = await fixture.callRegistration(bearer: bearer, ConformanceFixture.metadata)
                #expect(answer.status == .unauthorized && answer.headers[.wwwAuthenticate] != nil)
            }
            try await fixture.giveInitialToken(uses: 1)
            #expect(await fixture.callRegistration(ConformanceFixture.metadata).status == .created)
            #expect(await fixture.callRegistration(ConformanceFixture.metadata).status == .unauthorized)
        }
        try await ConformanceFixture.run { fixture in
            try await fixture.giveInitialToken()
            fixture.clock.advance(.days(1))
            #expect(await fixture.callRegistration(ConformanceFixture.metadata).status == .unauthorized)
        }
    }

    @Test("of registrations sent at once no more succeed than the token allows") func leaveAtOnce() async throws {
        try await ConformanceFixture.run { fixture in
            try await fixture.giveInitialToken(uses: 3)
            let created = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<12 {
                    group.addTask { await fixture.callRegistration(ConformanceFixture.metadata).status == .created }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(created == 3)
        }
    }

    @Test(
        "oidcc-redirect-uri-regfrag, and every other redirect URI that cannot be registered",
        arguments: [
            "https://rp.example/cb#x", "https://rp.example/cb#", "http://rp.example/cb", "javascript:alert(1)",
            "https://user@rp.example/cb", "https://rp.example/*", "https://rp.example/a/../cb", "custom:/cb", "",
            "http://127.0.0.1/cb",
        ])
    func redirectURIs(_ uri: String) async throws {
        try await ConformanceFixture.run { fixture in
            let error = try await fixture.refusal(["redirect_uris": [.string(uri)]])
            #expect(error == (uri.isEmpty ? "invalid_client_metadata" : "invalid_redirect_uri"))
        }
    }

    @Test("a registration without redirect URI, or with too many, is refused") func redirectURICount() async throws {
        try await ConformanceFixture.run { fixture in
            let none = try await fixture.refusal(["redirect_uris": .null])
            #expect(none == "invalid_redirect_uri")
            let many = (0..<17).map { "https://rp.example/\($0)" }
            let tooMany = try await fixture.refusal(["redirect_uris": JSONValue(many)])
            #expect(tooMany == "invalid_client_metadata")
        }
    }

    @Test("oidcc-ensure-redirect-uri-in-authorization-request: left out, it is told on a page")
    func redirectURIMissing()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient()
            var browser = TestBrowser(fixture.site)
            let answer = await browser.get(fixture.target(["client_id": client.id, "redirect_uri": nil]))
            #expect(answer.status == .badRequest && answer.location.isEmpty)
        }
    }

    @Test("oidcc-redirect-uri-query-OK, oidcc-redirect-uri-query-mismatch, oidcc-redirect-uri-query-added")
    func redirectQuery()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let uri = "https://rp.example/cb?dummy1=lorem&dummy2=ipsum"
            let client = try await fixture.dynamicClient(["redirect_uris": [.string(uri)]])
            let answer = await fixture.agreed(to: client, ["redirect_uri": uri]).answer
            #expect(answer.location.hasPrefix(uri + "&code="))
            var browser = TestBrowser(fixture.site)
            for other in [
                "https://rp.example/cb?dummy1=lorem&dummy2=mismatch", "https://rp.example/cb", uri + "&dummy3=x",
                "https://rp.example/cb?dummy2=ipsum&dummy1=lorem",
            ] {
                let refused = await browser.get(fixture.target(["client_id": client.id, "redirect_uri": other]))
                #expect(refused.status == .badRequest && refused.location.isEmpty)
            }
        }
    }

    @Test(
        "oidcc-registration-logo-uri, oidcc-registration-policy-uri, oidcc-registration-tos-uri: registered, told back, and shown to the person",
        arguments: ["logo_uri", "policy_uri", "tos_uri"])
    func shown(_ name: String) async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient([name: "https://rp.example/shown"])
            #expect(client.registration[name] == "https://rp.example/shown")
            var browser = TestBrowser(fixture.site)
            await browser.follow(await browser.get(fixture.target(["client_id": client.id])))
            #expect(browser.page.contains("\"https://rp.example/shown\""))
        }
    }

    @Test("oidcc-registration-jwks-uri: the keys are fetched to verify what the client signs") func keysURI()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let uri = "https://rp.example/jwks.json"
            fixture.web.serve(JSONValue.object(try DynamicClient.keySet([("k-1", DynamicClient.p256)])).text, at: uri)
            let client = try await fixture.dynamicClient([
                "jwks_uri": .string(uri), "token_endpoint_auth_method": "private_key_jwt",
            ])
            #expect(client.registration["client_secret"] == nil)
            let tokens = try await fixture.tokens(of: client)
            #expect(tokens["id_token"] != nil && fixture.web.asked == [uri])
            // A key of that set, not one that goes by its name.
            let stranger = DynamicClient.asserting(try client.assertion(fixture: fixture, with: DynamicClient.other))
            let answer = await fixture.post(
                .token, [("grant_type", "refresh_token"), ("refresh_token", "x")] + stranger)
            #expect(answer.error == "invalid_client")
        }
    }

    @Test("oidcc-registration-sector-uri: several hosts share one subject, when the document lists them") func sector()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let uris = [ConformanceFixture.callback, "https://other.example/cb"]
            fixture.web.serve(JSONValue(uris).text, at: "https://sector.example/uris.json")
            let client = try await fixture.dynamicClient([
                "redirect_uris": JSONValue(uris), "subject_type": "pairwise",
                "sector_identifier_uri": "https://sector.example/uris.json",
            ])
            #expect(client.registration["subject_type"] == "pairwise")
            let tokens = try await fixture.tokens(of: client)
            let told = try await fixture.userInfo(try #require(tokens["access_token"]?.string))
            #expect(told["sub"] != "sub-marie")
        }
    }

    @Test("oidcc-registration-sector-bad: a document that lists another URI, is no list, or cannot be had")
    func sectorBad() async throws {
        try await ConformanceFixture.run { fixture in
            fixture.web.serve(#"["https://rp.example/other"]"#, at: "https://sector.example/other.json")
            fixture.web.serve("{}", at: "https://sector.example/object.json")
            for name in ["other", "object", "missing"] {
                let error = try await fixture.refusal([
                    "sector_identifier_uri": .string("https://sector.example/\(name).json"), "subject_type": "pairwise",
                ])
                #expect(error == "invalid_client_metadata")
            }
            let error = try await fixture.refusal([
                "redirect_uris": ["https://a.example/cb", "https://b.example/cb"], "subject_type": "pairwise",
            ])
            #expect(error == "invalid_client_metadata")
        }
    }

    @Test("oidcc-idtoken-rs256, and ES256 for who registered it") func idTokenAlgorithm() async throws {
        try await ConformanceFixture.run { fixture in
            for algorithm in ["RS256", "ES256"] {
                let client = try await fixture.dynamicClient(["id_token_signed_response_alg": .string(algorithm)])
                let tokens = try await fixture.tokens(of: client)
                let token = try UnverifiedToken(compact: try #require(tokens["id_token"]?.string))
                #expect(token.header.algorithm == algorithm)
            }
        }
    }

    @Test("oidcc-idtoken-unsigned: not offered, so that a registration that asks for it is refused") func unsigned()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let error = try await fixture.refusal(["id_token_signed_response_alg": "none"])
            #expect(error == "invalid_client_metadata")
        }
    }

    @Test("what takes an administrator is refused by name; what is not understood is ignored") func policy()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let refused: [JSONObject] = [
                ["scope": "openid rpps"], ["scope": "openid access:evaluate"], ["scope": "introspect"],
                ["grant_types": ["client_credentials"]], ["grant_types": ["authorization_code", "implicit"]],
                ["response_types": ["code", "token"]], ["response_types": ["id_token"]],
                ["request_object_encryption_alg": "dir"], ["request_object_encryption_enc": "A256GCM"],
                ["dpop_bound_access_tokens": true],
                ["token_endpoint_auth_method": "tls_client_auth"], ["token_endpoint_auth_method": "private_key_jwt"],
                ["application_type": "desktop"], ["default_max_age": -1], ["client_name": 1], ["contacts": "x"],
                ["jwks": ["keys": []]], ["jwks": ["keys": [["kty": "oct", "k": "AAAA"]]]],
                ["userinfo_signed_response_alg": "none"], ["subject_type": "ephemeral"],
            ]
            for change in refused {
                #expect(try await fixture.refusal(change) == "invalid_client_metadata", "\(change.names)")
            }
            let client = try await fixture.dynamicClient(["scope": "openid email unheard-of", "software_id": "x"])
            #expect(client.registration["scope"] == "email openid")
            #expect(client.registration["software_id"] == nil)
            // Never the region's own, whatever it says of itself.
            let sly = try await fixture.dynamicClient(["socle_third_party": false, "socle_high_assurance": true])
            #expect(await fixture.signedIn(["client_id": sly.id]).answer.location.hasPrefix("/login?"))
        }
    }

    @Test("a body that is not one JSON object is refused") func body() async throws {
        try await ConformanceFixture.run { fixture in
            try await fixture.giveInitialToken()
            for (type, body) in [
                ("application/json", "[]"), ("application/json", "{"), ("text/plain", "{}"),
                ("application/json", #"{"redirect_uris":[],"redirect_uris":[]}"#),
            ] {
                let response = await fixture.site.respond(
                    to: WebRequest(
                        method: .post, path: "/oauth2/register",
                        headers: [.contentType: type, .authorization: "Bearer \(DynamicClient.initial)"],
                        body: Array(body.utf8)))
                #expect(response.status == .badRequest && response.error == "invalid_client_metadata")
            }
        }
    }
}

@Suite("Dynamic OP · RFC 7592 (management)")
struct RegistrationManagementTests {
    @Test("a client reads its registration back, secret included, and nobody else does") func read() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient()
            let other = try await fixture.dynamicClient()
            let told = try await fixture.callRegistration(.get, id: client.id, bearer: client.token).object()
            #expect(told["client_secret"]?.string == client.secret && told["client_name"] == "Dynamic <RP>")
            #expect(told["registration_access_token"] == nil)
            for (id, bearer) in [
                (client.id, other.token), (client.id, DynamicClient.initial), (client.id, nil), ("rp", client.token),
                ("nobody", client.token), ("*", client.token), (client.id + "%00", client.token),
            ] as [(String, String?)] {
                #expect(await fixture.callRegistration(.get, id: id, bearer: bearer).status == .unauthorized)
            }
        }
    }

    @Test("a replacement replaces everything that is the client's, and nothing that is not · CVE-2026-107623")
    func replace() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient(["policy_uri": "https://rp.example/policy"])
            var metadata = ConformanceFixture.metadata
            metadata["client_id"] = .string(client.id)
            metadata["client_secret"] = .string(client.secret)
            metadata["redirect_uris"] = ["https://rp.example/new"]
            let told = try await fixture.callRegistration(.put, id: client.id, bearer: client.token, metadata).object()
            #expect(told["policy_uri"] == nil && told["redirect_uris"] == ["https://rp.example/new"])
            #expect(told["client_secret"]?.string == client.secret)
            var browser = TestBrowser(fixture.site)
            #expect(await browser.get(fixture.target(["client_id": client.id])).status == .badRequest)
            let asked = ["client_id": client.id, "redirect_uri": "https://rp.example/new"]
            // Still a third party: marie is asked.
            #expect(await fixture.signedIn(asked).answer.location.hasPrefix("/login?"))
            // Still managed by the same token.
            #expect(await fixture.callRegistration(.get, id: client.id, bearer: client.token).status == .ok)
        }
    }

    @Test("a replacement that names another client, chooses a secret or is at fault changes nothing")
    func replaceRefused()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient()
            let changes: [JSONObject] = [
                ["client_id": "rp"], ["client_id": .null], ["client_secret": "chosen"], ["redirect_uris": []],
                ["scope": "openid rpps"],
            ]
            for change in changes {
                var metadata = ConformanceFixture.metadata
                metadata["client_id"] = .string(client.id)
                for member in change.members { metadata[member.name] = member.value }
                let answer = await fixture.callRegistration(.put, id: client.id, bearer: client.token, metadata)
                #expect(answer.status == .badRequest)
            }
            #expect(await fixture.agreed(to: client).answer.parameters["code"] != nil)
        }
    }

    @Test("a client removed is gone at once, with its tokens") func remove() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient()
            let tokens = try await fixture.tokens(of: client)
            #expect(await fixture.callRegistration(.delete, id: client.id, bearer: client.token).status == .noContent)
            #expect(await fixture.callRegistration(.get, id: client.id, bearer: client.token).status == .unauthorized)
            let access = try #require(tokens["access_token"]?.string)
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
            var browser = TestBrowser(fixture.site)
            #expect(await browser.get(fixture.target(["client_id": client.id])).status == .badRequest)
        }
    }
}
