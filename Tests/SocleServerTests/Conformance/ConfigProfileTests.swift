// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Config OP, Dynamic OP · OpenID Connect Discovery §3, §4")
struct ConfigProfileTests {
    @Test("oidcc-discovery-endpoint-verification: what every provider must say, and all of it true") func discovery()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let answer = await fixture.get(.openIDConfiguration)
            #expect(answer.status == .ok && answer.headers[.contentType] == "application/json")
            let metadata = try answer.object()
            #expect(metadata["issuer"]?.string == ConformanceFixture.issuer)
            for name in [
                "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "registration_endpoint",
            ] {
                let path = try #require(metadata[name]?.string).dropFirst(ConformanceFixture.issuer.count)
                let called = await fixture.site.respond(to: WebRequest(method: .get, path: String(path)))
                #expect(called.status != .notFound, "\(name)")
            }
            #expect(metadata["response_types_supported"] == ["code"])
            #expect(metadata["response_modes_supported"] == ["query", "form_post"])
            #expect(metadata["subject_types_supported"] == ["public", "pairwise"])
            #expect(metadata["claims_parameter_supported"] == true)
            #expect(metadata["request_parameter_supported"] == true)
            #expect(metadata["request_uri_parameter_supported"] == true)
            #expect(metadata["require_request_uri_registration"] == true)
            let scopes = try #require(metadata["scopes_supported"]?.strings)
            #expect(Set(["openid", "profile", "email", "address", "phone", "offline_access"]).isSubset(of: scopes))
            let grants = try #require(metadata["grant_types_supported"]?.strings)
            #expect(grants.contains("authorization_code") && !grants.contains("implicit"))
            let methods = try #require(metadata["token_endpoint_auth_methods_supported"]?.strings)
            #expect(
                Set(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]).isSubset(of: methods))
        }
    }

    @Test("oidcc-server-rotate-keys: tokens are signed with the new key, and those of the old one still verify")
    func rotation() async throws {
        try await ConformanceFixture.run { fixture in
            var (browser, first) = await fixture.signedIn()
            let before = try await fixture.redeem(try #require(first.parameters["code"])).object()
            fixture.keys.rotate()
            let again = await browser.get(fixture.target(["prompt": "none"]))
            let after = try await fixture.redeem(try #require(again.parameters["code"])).object()
            let ids = try [before, after].map { tokens in
                try UnverifiedToken(compact: try #require(tokens["id_token"]?.string)).header.keyID
            }
            #expect(ids == ["rs-1", "rs-2"])
            #expect(try await fixture.idToken(before)["sub"] == "sub-marie")
            #expect(try await fixture.idToken(after)["sub"] == "sub-marie")
            let hint = try #require(before["id_token"]?.string)
            let silent = await browser.get(fixture.target(["prompt": "none", "id_token_hint": hint]))
            #expect(silent.parameters["code"] != nil)
        }
    }

    @Test(
        "implicit and hybrid response types are refused at the redirect URI, in the query (docs/no-implicit.md)",
        arguments: [
            "token", "id_token", "id_token token", "code id_token", "code token", "code id_token token", "none",
        ])
    func implicit(_ type: String) async throws {
        try await ConformanceFixture.run { fixture in
            var (browser, _) = await fixture.signedIn()
            let answer = await browser.get(fixture.target(["response_type": type]))
            #expect(answer.parameters["error"] == "unsupported_response_type")
            #expect(!answer.location.contains("#") && !answer.location.contains("token="))
            let fragment = await browser.get(fixture.target(["response_mode": "fragment"]))
            #expect(fragment.parameters["error"] == "invalid_request" && !fragment.location.contains("#"))
        }
    }
}

@Suite("Resource indicators · RFC 8707 §2")
struct ResourceIndicatorTests {
    @Test("a token is for the one resource asked for, among those granted, and good nowhere else") func audience()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.resources = ["https://api.example/", "https://fhir.example/r4"]
            try await fixture.register(ConformanceFixture.registration("many", metadata: metadata))
            let api = "https://api.example/"
            let answer = await fixture.signedIn(["client_id": "many", "resource": api]).answer
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client: "many").object()
            let access = try #require(tokens["access_token"]?.string)
            let claims = try #require(try UnverifiedToken(compact: access).unverifiedClaims)
            #expect(claims["aud"]?.string == api)
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
            let refresh = [
                (name: "grant_type", value: "refresh_token"),
                (name: "refresh_token", value: try #require(tokens["refresh_token"]?.string)),
            ]
            let basic = Provider.basic("many", ConformanceFixture.secret)
            for (resources, error) in [
                (["https://fhir.example/r4"], "invalid_target"), ([api, "https://fhir.example/r4"], "invalid_target"),
                (["https://evil.example/"], "invalid_target"),
            ] {
                let form = refresh + resources.map { (name: "resource", value: $0) }
                #expect(await fixture.post(.token, form, headers: basic).error == error)
            }
            let renewed = try await fixture.post(.token, refresh + [("resource", api)], headers: basic).object()
            #expect(renewed["access_token"]?.string != nil)
        }
    }

    @Test("a resource that is not the client's is invalid_target") func foreign() async throws {
        try await ConformanceFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            for resource in ["https://api.example/", "x", "https://api.example/#f", ConformanceFixture.issuer] {
                let answer = await browser.get(fixture.target(["resource": resource]))
                #expect(answer.parameters["error"] == "invalid_target")
            }
            let own = fixture.endpoints.accessInterface
            let tokens = try await fixture.tokens(["resource": own])
            #expect(try await fixture.userInfo(try #require(tokens["access_token"]?.string))["sub"] == "sub-marie")
        }
    }
}
