// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Signing out · RP-Initiated Logout 1.0")
struct LogoutTests {
    @Test("with a hint of this very session nobody is asked, and the browser goes where it is registered to")
    func hinted() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            let hint = try fixture.idToken(subject: "sub-paul", session: try await fixture.sessionID())
            let answer = await browser.get(
                "/oauth2/logout?id_token_hint=\(hint)&state=s&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye")
            #expect(answer.location == "https://app.example/bye?state=s")
            #expect(browser.cookies["socle_session"] == nil)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 0)
            let told = await fixture.count("SELECT COUNT(*) FROM journal_entries WHERE kind = 'sign_out'")
            #expect(told == 1)
        }
    }

    @Test("without a hint, or with another session's, the person is asked first") func asked() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            let foreign = try fixture.idToken(subject: "sub-marie", session: "another")
            for query in ["", "?client_id=app", "?id_token_hint=\(foreign)"] {
                let page = await browser.get("/oauth2/logout" + query)
                #expect(page.status == .ok && page.text.contains("Se déconnecter"))
                #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 1)
            }
            await browser.get("/oauth2/logout?client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye")
            #expect(await browser.submit("/account/sign-out").location == "https://app.example/bye")
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 0)
        }
    }

    @Test(
        "an address that is not registered, a broken hint or a repeated parameter sends nobody anywhere",
        arguments: [
            "client_id=app&post_logout_redirect_uri=https%3A%2F%2Fevil.example", "id_token_hint=a.b.c",
            "post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye", "client_id=app&client_id=app", "state=%FF",
            "client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye%2F",
        ])
    func refused(query: String) async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            let answer = await browser.get("/oauth2/logout?" + query)
            #expect(answer.status == .badRequest && answer.location.isEmpty)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 1)
        }
    }

    @Test("another site's form signs nobody out") func forged() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            #expect(await browser.post("/account/sign-out", []).status == .forbidden)
            await browser.get("/")
            let pairs = browser.hidden("/account/sign-out")
            let evil: HTTPFields = [.origin: "https://evil.example"]
            #expect(await browser.post("/account/sign-out", pairs, extra: evil).status == .forbidden)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 1)
        }
    }

    @Test("an application's POST comes back as a GET, with the browser's cookies") func posted() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            let answer = await browser.post("/oauth2/logout", [("client_id", "app"), ("state", "a b")], extra: [:])
            #expect(answer.location == "/oauth2/logout?client_id=app&state=a%20b")
        }
    }
}
