// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Session state in the browser · Session Management 1.0 §2, §3")
struct SessionManagementTests {
    @Test("oidcc-session-management-discovery-endpoint-verification: the frame is published") func discovery()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let metadata = try await fixture.get(.openIDConfiguration).object()
            #expect(metadata["check_session_iframe"]?.string == ConformanceFixture.issuer + "/oauth2/session")
        }
    }

    /// What the frame computes from its cookie (the specification's own formula, §4.2).
    private func expected(_ state: String, cookie: String) throws -> String {
        let salt = try #require(state.split(separator: ".").last)
        let text = "rp https://rp.example \(cookie) \(salt)"
        return Base64URL.encode(SHA256.digest(Array(text.utf8))) + ".\(salt)"
    }

    @Test("oidcc-session-management-rp-initiated-logout: the state stands while signed in, and no longer after")
    func state() async throws {
        try await ConformanceFixture.run { fixture in
            var (browser, answer) = await fixture.signedIn()
            let state = try #require(answer.parameters["session_state"])
            let cookie = try #require(browser.cookies["socle_state"])
            #expect(try expected(state, cookie: cookie) == state)
            // Again without a page: another salt, the same session.
            let second = await browser.get(fixture.target(["prompt": "none"]))
            let silent = try #require(second.parameters["session_state"])
            #expect(silent != state)
            #expect(try expected(silent, cookie: cookie) == silent)

            await browser.get("/")
            await browser.submit("/account/sign-out")
            #expect(browser.cookies["socle_state"] == nil)
            // Signed in again, it is another session.
            let again = await fixture.signIn(&browser, fixture.target())
            #expect(again.parameters["code"] != nil)
            let fresh = try #require(browser.cookies["socle_state"])
            #expect(try expected(state, cookie: fresh) != state)
        }
    }

    @Test("an answer without a session of OpenID carries no state") func plain() async throws {
        try await ConformanceFixture.run { fixture in
            let refused = await TestBrowser(fixture.site).answer(fixture.target(["prompt": "none"]))
            #expect(refused.parameters["error"] == "login_required" && refused.parameters["session_state"] == nil)
        }
    }

    @Test("the frame runs its one script and nothing else, and may stand in any application's page")
    func frame() async throws {
        try await ConformanceFixture.run { fixture in
            let frame = await fixture.get(.session)
            #expect(frame.status == .ok)
            let policy = try #require(frame.headers[.contentSecurityPolicy])
            let match = try #require(frame.text.firstMatch(of: #/<script>([\s\S]*)</script>/#))
            let script = match.1
            let digest = Base64URL.encode(SHA256.digest(Array(script.utf8))).replacing("-", with: "+").replacing(
                "_", with: "/")
            #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-\(digest)='"))
            #expect(!policy.contains("frame-ancestors") && !policy.contains("unsafe"))
        }
    }

    @Test("what the frame's cookie holds gives no session to whoever reads it") func cookie() async throws {
        try await ConformanceFixture.run { fixture in
            var (browser, _) = await fixture.signedIn()
            let state = try #require(browser.cookies["socle_state"])
            browser.cookies["socle_session"] = state
            #expect(await browser.get(fixture.target(["prompt": "none"])).parameters["error"] == "login_required")
        }
    }
}

extension TestBrowser {
    /// One request of a browser that is thrown away.
    fileprivate func answer(_ target: String) async -> WebResponse {
        var browser = self
        return await browser.get(target)
    }
}
