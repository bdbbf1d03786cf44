// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Attacks on the redirect URI · RFC 9700 §4.1, §4.11")
struct RedirectAttackTests {
    /// Each is answered on a page of ours that holds nothing of it: neither a redirect nor a form leaves for it.
    private func refused(_ client: String, _ uris: [String], _ fixture: ConformanceFixture) async {
        var (browser, _) = await fixture.signedIn()
        for uri in uris {
            for mode in ["query", "form_post"] {
                let answer = await browser.get(
                    fixture.target([
                        "client_id": client, "redirect_uri": uri, "response_mode": mode,
                        "code_challenge": Provider.challenge, "code_challenge_method": "S256",
                    ]))
                #expect(answer.status == .badRequest, "\(uri)")
                #expect(answer.headers[.location] == nil && !answer.text.contains("name=\"code\""), "\(uri)")
            }
        }
    }

    private func native(_ uris: [String], _ fixture: ConformanceFixture) async throws {
        try await fixture.register(ConformanceFixture.registration("native", .none, redirectURIs: uris))
    }

    @Test("CVE-2024-8883: user information that ends in another host") func userInformation() async throws {
        try await ConformanceFixture.run { fixture in
            try await native(["http://127.0.0.1/cb", "http://localhost:8090/cb"], fixture)
            await refused(
                "native",
                [
                    "http://127.0.0.1:80@evil.example/cb", "http://localhost:80@evil.example/cb",
                    "http://127.0.0.1@evil.example/cb", "http://localhost:8090@evil.example/cb",
                    "http://user:127.0.0.1@evil.example/cb",
                ], fixture)
            await refused(
                "rp", ["https://rp.example@evil.example/cb", "https://rp.example:443@evil.example/cb"], fixture)
        }
    }

    @Test("CVE-2023-6291, CVE-2026-7504: a wildcard is a character, and none can be registered") func wildcard()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            await refused(
                "rp", ["https://rp.example/*", "https://*.example/cb", "*", "https://rp.example/cb*"], fixture)
            let registration = ConformanceFixture.registration("wild", redirectURIs: ["https://*.example/cb"])
            #expect(registration.faults.count == 1)
        }
    }

    @Test("CVE-2024-1132: path traversal, plain, encoded and twice encoded") func traversal() async throws {
        try await ConformanceFixture.run { fixture in
            await refused(
                "rp",
                [
                    "https://rp.example/cb/../evil", "https://rp.example/x/../cb", "https://rp.example/cb/%2e%2e/evil",
                    "https://rp.example/cb/%252e%252e/evil", "https://rp.example/./cb", "https://rp.example//cb",
                    #"https://rp.example/cb\..\evil"#, "https://rp.example/cb;/../evil",
                ], fixture)
        }
    }

    @Test("CVE-2026-3872: an encoding of the registered URI is another URI") func encoded() async throws {
        try await ConformanceFixture.run { fixture in
            await refused(
                "rp",
                [
                    "https://rp.example/%63b", "https://rp.example%2fcb", "https%3A%2F%2Frp.example/cb",
                    "https://rp.example/cb%00", "https://rp.example/cb%20", "https://rp.example/cb?",
                    "https://rp.example/cb#",
                    "https://rp.example/cb/", "https://rp.example/cb%0d%0aLocation:%20https://evil.example",
                ], fixture)
        }
    }

    @Test("CVE-2024-52289: a dot of the registered URI is a dot, not any character") func pattern() async throws {
        try await ConformanceFixture.run { fixture in
            await refused(
                "rp",
                [
                    "https://rpXexample/cb", "https://rp.exampleX/cb", "https://evil.example/?https://rp.example/cb",
                    "https://rp.example.evil.example/cb", "https://evil-rp.example/cb",
                ], fixture)
        }
    }

    @Test("CVE-2020-15233: the port of a loopback address is free, its host, path and query are not") func loopback()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            try await native(["http://127.0.0.1/cb?x=1"], fixture)
            await refused(
                "native",
                [
                    "http://127.0.0.1:8000/evil?x=1", "http://127.0.0.1:8000/cb?x=2", "http://127.0.0.1:8000/cb",
                    "http://127.0.0.2:8000/cb?x=1", "http://localhost:8000/cb?x=1", "http://[::1]:8000/cb?x=1",
                    "https://127.0.0.1:8000/cb?x=1", "http://127.0.0.1:8000/cb?x=1&y=2", "http://2130706433/cb?x=1",
                    "http://127.0.0.1.evil.example:8000/cb?x=1", "http://0x7f.0.0.1/cb?x=1",
                ], fixture)
            var browser = TestBrowser(fixture.site)
            let free = await browser.get(
                fixture.target([
                    "client_id": "native", "redirect_uri": "http://127.0.0.1:49152/cb?x=1", "prompt": "none",
                    "code_challenge": Provider.challenge, "code_challenge_method": "S256",
                ]))
            #expect(free.location.hasPrefix("http://127.0.0.1:49152/cb?x=1&error=login_required"))
        }
    }

    @Test("CVE-2020-15234: case and Unicode make another URI") func canonicalisation() async throws {
        try await ConformanceFixture.run { fixture in
            await refused(
                "rp",
                [
                    "https://rp.example/CB", "https://RP.example/cb", "HTTPS://rp.example/cb", "https://ｒｐ.example/cb",
                    "https://rp.example/c\u{200B}b", "https://rp.example\u{3002}evil.example/cb",
                ], fixture)
        }
    }

    @Test(
        "a URI that a browser would run is registered for nothing · KC 12",
        arguments: [
            "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example/cb",
            "\u{1}javascript:alert(1)", "java\tscript:alert(1)", "blob:https://rp.example/x",
            "view-source:https://rp.example/",
        ])
    func script(_ uri: String) async throws {
        try await ConformanceFixture.run { fixture in
            await refused("rp", [uri], fixture)
            #expect(ConformanceFixture.registration("script", redirectURIs: [uri]).faults.count == 1)
            for name in [
                "logo_uri", "client_uri", "policy_uri", "tos_uri", "jwks_uri", "initiate_login_uri",
                "sector_identifier_uri",
            ] {
                #expect(try await fixture.refusal([name: .string(uri)]) == "invalid_client_metadata", "\(name)")
            }
            let logout = try await fixture.refusal(["post_logout_redirect_uris": [.string(uri)]])
            #expect(logout == "invalid_redirect_uri")
        }
    }

    @Test("GO-2026-4861: nothing sent comes back as markup, on a page, in a form or in a header") func reflected()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let markup = #"<script>alert(1)</script>"'><img src=x onerror=alert(1)>"#
            var browser = TestBrowser(fixture.site)
            for name in [
                "client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt", "max_age", "display",
                "ui_locales", "claims", "acr_values", "login_hint", "id_token_hint", "request", "request_uri",
                "resource",
                "response_mode", "code_challenge", "error", "error_description",
            ] {
                for mode in ["query", "form_post"] where name != "response_mode" || mode == "query" {
                    var changes: [String: String?] = name == "response_mode" ? [:] : ["response_mode": mode]
                    changes[name] = markup
                    var answer = await browser.get(fixture.target(changes))
                    if answer.location.hasPrefix("/login?") { answer = await browser.follow(answer) }
                    #expect(!answer.text.contains("<script>alert") && !answer.text.contains("<img src=x"), "\(name)")
                    #expect(!answer.location.contains("<"), "\(name)")
                    #expect(answer.headers.allSatisfy { !$0.value.contains("<script") }, "\(name)")
                }
            }
        }
    }
}
