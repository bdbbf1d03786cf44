// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAudit
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Attacks on the sign-in")
struct SignInAttackTests {
    @Test("CVE-2026-7507: a sign-in begun or restarted in one browser cannot be finished in another") func fixation()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            var attacker = TestBrowser(fixture.site)
            let begun = await attacker.get(fixture.target())
            await attacker.follow(begun)
            // The victim is sent to the attacker's interaction, with and without a cookie of their own.
            var victim = TestBrowser(fixture.site)
            #expect(await victim.get(begun.location).status == .gone)
            await victim.follow(await victim.get(fixture.target()))
            #expect(await victim.get(begun.location).status == .gone)
            let fields = attacker.hidden("/login/password")
            for step in ["restart", "password", "code", "consent"] {
                let answer = await victim.post(
                    "/login/\(step)", fields + [("login", "marie"), ("password", SignInFixture.password)])
                #expect(answer.status == .forbidden)
            }
            #expect(victim.cookies["socle_session"] == nil)
        }
    }

    @Test("GHSA-mq4x-r2w3-j7mr: a session cookie set beforehand is not taken up, and each sign-in makes a new one")
    func presetCookie() async throws {
        try await ConformanceFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            browser.cookies["socle_session"] = "chosen-by-the-attacker-chosen-by-the-attacker"
            await fixture.signIn(&browser, fixture.target())
            let first = try #require(browser.cookies["socle_session"])
            #expect(first != "chosen-by-the-attacker-chosen-by-the-attacker")
            await fixture.signIn(&browser, fixture.target(["prompt": "login"]))
            #expect(browser.cookies["socle_session"] != first)
            var thief = TestBrowser(fixture.site)
            thief.cookies["socle_session"] = first
            let answer = await thief.get(fixture.target(["prompt": "none"]))
            #expect(answer.parameters["error"] == "login_required")
        }
    }

    @Test("on HTTPS the cookies cannot be set by another host") func hostCookies() {
        let names = CookieNames(secure: true)
        #expect(names.session.hasPrefix("__Host-") && names.browser.hasPrefix("__Host-"))
        #expect(Cookie(names.session, "x", secure: true).field.hasSuffix("Path=/; HttpOnly; SameSite=Lax; Secure"))
    }

    @Test("CVE-2026-109373, CVE-2026-119128: a cookie that was not drawn here opens nothing") func forgedCookie()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            _ = await fixture.signedIn()
            let session = try #require(try await fixture.database.row("SELECT id FROM sessions", [])?.text(0))
            let digest = try #require(try await fixture.database.row("SELECT cookie_digest FROM sessions", [])?.text(0))
            for value in [session, digest, "", "sub-marie", #"{"sub":"sub-marie"}"#] {
                var browser = TestBrowser(fixture.site)
                browser.cookies["socle_session"] = value
                let answer = await browser.get(fixture.target(["prompt": "none"]))
                #expect(answer.parameters["error"] == "login_required")
            }
        }
    }

    @Test("GHSA-2wmj-46rj-qm2w, CVE-2024-47070, CVE-2026-40575: no forwarded header changes an address or a decision")
    func forwarded() async throws {
        try await ConformanceFixture.run { fixture in
            var headers: HTTPFields = [:]
            for (name, value) in [
                ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"),
                ("X-Forwarded-Uri", "/health/live"), ("X-Original-URL", "/"), ("Forwarded", "host=evil.example"),
                ("Host", "evil.example"), ("X-Forwarded-Prefix", "/evil"), ("X-Real-IP", "127.0.0.1"),
            ] {
                headers[try #require(HTTPField.Name(name))] = value
            }
            for path in [Endpoints.Path.openIDConfiguration, .authorizationServer, .protectedResource] {
                let answer = await fixture.get(path, headers: headers)
                #expect(answer.status == .ok && !answer.text.contains("evil.example"))
            }
            #expect(await fixture.get(.userInfo, headers: headers).status == .unauthorized)
            let proxies = TrustedProxies.none
            #expect(proxies.client(peer: "203.0.113.9", headers: headers) == "203.0.113.9")
        }
    }

    @Test("user enumeration: an unknown, a disabled and a known login cost one verification each, and read alike")
    func enumeration() async throws {
        try await SignInFixture.run { fixture in
            _ = try await fixture.lane.commit(
                .init(changes: [SignInChange.setDisabled(subject: "sub-paul", true)], entry: nil))
            var pages: Set<String> = []
            for login in ["marie", "paul", "nobody", "MARIE'--", "*"] {
                var browser = TestBrowser(fixture.site)
                await browser.follow(await browser.get(TestBrowser.authorize))
                let before = fixture.work.total
                let answer = await browser.submit("/login/password", [("login", login), ("password", "wrong")])
                #expect(fixture.work.total == before + 1 && answer.status == .unprocessableContent)
                let text = answer.text.replacing(#/(value|href)="[^"]*"/#, with: "")
                pages.insert(text)
            }
            #expect(pages.count == 1)
        }
    }

    @Test("consent to an application cannot be given by another site, nor for what was not shown") func clickjacking()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient()
            var (browser, step) = await fixture.signedIn(["client_id": client.id])
            let page = await browser.follow(step)
            #expect(page.headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
            let fields = browser.hidden("/login/consent")
            // The same form, for another interaction of the same browser that asks for more.
            await browser.follow(await browser.get(fixture.target(["client_id": client.id, "scope": "openid phone"])))
            let other = browser.hidden("/login/consent")
            let mixed = fields.map { field in
                field.name == "i" ? (name: "i", value: other.first { $0.name == "i" }?.value ?? "") : field
            }
            let answer = await browser.post("/login/consent", mixed + [("answer", "allow")])
            #expect(answer.status == .forbidden)
        }
    }
}
