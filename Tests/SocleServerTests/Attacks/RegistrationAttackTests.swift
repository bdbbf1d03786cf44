// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Attacks by what a client can register · RFC 7591 §5")
struct RegistrationAttackTests {
    private static let addresses = [
        "http://169.254.169.254/latest/meta-data/", "https://169.254.169.254/", "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/", "https://10.0.0.1:8080/", "https://2130706433/", "https://0x7f.1/", "https://socle/",
        "https://db.internal/", "https://printer.local/", "https://a.localhost/", "file:///etc/passwd",
        "gopher://x.example/",
        "https://user:secret@rp.example/", "https://rp.example@127.0.0.1/", "https://rp.example\\@127.0.0.1/",
        "ftp://rp.example/", "https://rp.example./", "https://", "//rp.example/", "https://rp.example:0/",
    ]

    @Test(
        "CVE-2020-10770, CVE-2026-4874: no address inside a network can be registered, under whatever name",
        arguments: [
            "jwks_uri", "sector_identifier_uri", "logo_uri", "client_uri", "policy_uri", "tos_uri",
            "initiate_login_uri", "backchannel_logout_uri", "frontchannel_logout_uri",
            "request_uris",
        ])
    func registered(_ name: String) async throws {
        try await ConformanceFixture.run { fixture in
            for address in Self.addresses {
                let value: JSONValue = name == "request_uris" ? [.string(address)] : .string(address)
                let error = try await fixture.refusal([name: value])
                #expect(error == "invalid_client_metadata", "\(address)")
            }
            #expect(fixture.web.asked == [])
        }
    }

    @Test("an address stored otherwise is not called either") func stored() async throws {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.requestURIs = ["https://127.0.0.1/request"]
            metadata.keysURI = "https://10.0.0.1/jwks"
            try await fixture.register(ConformanceFixture.registration("old", .privateKeyJWT, metadata: metadata))
            var browser = TestBrowser(fixture.site)
            let answer = await browser.get(
                fixture.target(["client_id": "old", "request_uri": "https://127.0.0.1/request"]))
            #expect(answer.parameters["error"] == "invalid_request_uri")
            let client = DynamicClient(registration: ["client_id": "old"])
            let token = await fixture.post(
                .token,
                [("grant_type", "refresh_token"), ("refresh_token", "x")]
                    + DynamicClient.asserting(try client.assertion(fixture: fixture)))
            #expect(token.error == "invalid_client" && fixture.web.asked == [])
        }
    }

    @Test("an installation that calls nobody offers no request_uri, and says so") func nothingFetched() async throws {
        try await Provider.with { provider in
            let metadata = try await provider.get(.openIDConfiguration).object()
            #expect(metadata["request_uri_parameter_supported"] == false)
            let answer = await provider.get(
                .authorize,
                query: Form.encode([
                    ("client_id", "dossier"), ("redirect_uri", "https://dossier.example/cb?a=1"),
                    ("request_uri", "https://dossier.example/r"),
                ]))
            #expect(answer.headers[.location]?.contains("error=request_uri_not_supported") == true)
        }
    }

    @Test("CVE-2026-15572, CVE-2026-4629: what a client writes about itself gives it no right") func escalation()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient([
                "socle_resources": ["https://api.example/"], "socle_third_party": false, "socle_high_assurance": true,
                "socle_sector": "other.example", "admin": true, "claims": ["SubjectNameID"],
                "socle_registration_token": "x", "default_acr_values": ["eidas3"],
            ])
            #expect(client.registration.names.allSatisfy { !$0.hasPrefix("socle_") })
            var (browser, _) = await fixture.agreed(to: client)
            let resource = await browser.get(
                fixture.target(["client_id": client.id, "resource": "https://api.example/"]))
            #expect(resource.parameters["error"] == "invalid_target")
            for scope in ["openid rpps", "openid access:evaluate", "openid access:assert", "introspect"] {
                let answer = await browser.get(fixture.target(["client_id": client.id, "scope": scope]))
                #expect(answer.parameters["error"] == "invalid_scope")
            }
            let own = await fixture.post(.token, [("grant_type", "client_credentials")], headers: client.basic)
            #expect(own.error == "unauthorized_client")
        }
    }

    @Test("names and addresses of a client are text on every page · GHSA-hr5w-cwwq-2v4m") func markup() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient([
                "client_name": "<script>alert(1)</script>\"'", "policy_uri": "https://rp.example/%22%3E%3Cb%3E?a=1&b='",
            ])
            var (browser, step) = await fixture.signedIn(["client_id": client.id])
            await browser.follow(step)
            #expect(!browser.page.contains("<script>alert") && !browser.page.contains("'\""))
            #expect(browser.page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;"))
        }
    }
}
