// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleCrypto
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Attacks on paths, names, pages and page tokens")
struct SurfaceAttackTests {
    @Test(
        "CVE-2026-15573: a path that means a route only once it is normalised is none",
        arguments: [
            "//oauth2/userinfo", "/oauth2//userinfo", "/oauth2/./userinfo", "/oauth2/x/../userinfo",
            "/oauth2/%75serinfo", "/oauth2%2Fuserinfo", "/oauth2/userinfo/", "/oauth2/userinfo/.", "/OAUTH2/userinfo",
            "/oauth2/userinfo;a=b", "/oauth2/userinfo%00", "/oauth2\\userinfo", "/oauth2/userinfo%20",
            "/oauth2/userınfo",
        ])
    func paths(_ path: String) async throws {
        try await ConformanceFixture.run { fixture in
            let token = try #require(try await fixture.tokens()["access_token"]?.string)
            let answer = await fixture.site.respond(to: WebRequest(path: path, headers: Provider.bearer(token)))
            #expect(answer.status == .notFound)
        }
    }

    @Test("GHSA-j748-h363-wqj8, GHSA-hjj4-hfjm-fmrj: two texts are one login, or one of them is nobody's") func names()
    {
        for text in ["MARIE", " marie", "marie\t", "Marie"] { #expect(Login(text)?.value == "marie") }
        for text in [
            "ｍarie", "mar\u{0131}e", "marie\u{200B}", "marie\u{00AD}", "mar\u{0456}e", "marie\u{0000}", "ma rie",
            "marie\n", "mårie", "mari\u{0065}\u{0301}", "\u{212A}arl", "marie*", "marie)(uid=*", "marie'--", "*", "",
        ] {
            #expect(Login(text) == nil, "\(text)")
        }
    }

    @Test(
        "CVE-2024-25715: no parameter takes a browser from here to an address that nobody registered",
        arguments: [
            "/?next=", "/login?return_to=", "/login?i=", "/login/password?redirect=", "/account/sign-out?url=",
            "/oauth2/logout?post_logout_redirect_uri=", "/oauth2/logout?client_id=rp&post_logout_redirect_uri=",
            "/oauth2/logout?redirect_uri=", "/oauth2/authorize?redirect_uri=",
            "/oauth2/authorize?client_id=rp&response_type=code&redirect_uri=", "/oauth2/session?origin=",
        ])
    func openRedirect(_ prefix: String) async throws {
        try await ConformanceFixture.run { fixture in
            var (browser, _) = await fixture.signedIn()
            for address in [
                "https://evil.example/", "//evil.example/", "/%5Cevil.example/", "https:evil.example",
                "javascript:alert(1)", "https://rp.example/cb@evil.example", "%0d%0aLocation:%20https://evil.example",
            ] {
                let answer = await browser.get(prefix + address)
                #expect(!answer.location.contains("evil.example") && !answer.location.contains("javascript"))
                #expect(!answer.text.contains("href=\"https://evil") && !answer.text.contains("href=\"javascript"))
                #expect(HTTPField.Name("Refresh").map { answer.headers[$0] == nil } == true)
            }
        }
    }

    @Test("CVE-2026-29191: markup in what a form carries to an application stays text") func formPost() async throws {
        try await ConformanceFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            for state in [
                #""><script>alert(1)</script>"#, "'><img src=x onerror=alert(1)>", "</form><form action=//evil>",
                "&quot;&gt;&lt;script&gt;",
            ] {
                let answer = await browser.get(
                    fixture.target(["response_mode": "form_post", "prompt": "none", "state": state]))
                #expect(answer.status == .ok && answer.parameters["error"] == "login_required")
                #expect(!answer.text.contains("<script>alert") && !answer.text.contains("<img"))
                #expect(answer.text.matches(of: #/<form /#).count == 1)
                #expect(answer.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            }
        }
    }

    @Test("GO-2026-4807: a page token that was not given to this client for this question is refused") func pageTokens()
        async throws
    {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            func search(_ page: JSONValue, patient: String = "PAT-1", token: String = "app") async -> WebResponse {
                var question = Ward.question(patient: patient).object ?? [:]
                question["action"] = nil
                question["page"] = page
                return await fixture.post(
                    JSONValue.object(question).bytes, to: AccessRoutes.search(.action), token: token)
            }
            let first = try JSONValue(parsing: await search(["limit": 1]).body)
            #expect(first["results"]?.array?.count == 1)
            let given = try #require(first["page"]?["next_token"]?.string)
            #expect(await search(["token": .string(given)]).status == .ok)
            let bytes = try #require(Base64URL.decode(given))
            var forged = ["", "' OR 1=1 --", "1; DROP TABLE clients", "eyJvZmZzZXQiOjB9", given + given]
            forged += [Base64URL.encode(Array(#"["x' UNION SELECT subject FROM accounts --"]"#.utf8))]
            forged += [Base64URL.encode(bytes.dropLast()), String(repeating: "A", count: 5000)]
            forged += (0..<bytes.count).map { index in
                var altered = bytes
                altered[index] ^= 1
                return Base64URL.encode(altered)
            }
            for token in forged where !token.isEmpty {
                #expect(await search(["token": .string(token)]).status == .badRequest)
            }
            #expect(await search(["token": .string(given)], patient: "PAT-2").status == .badRequest)
            #expect(await search(["token": .string(given)], token: "app~another").status == .badRequest)
        }
    }
}
