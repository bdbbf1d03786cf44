// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAudit
import SocleIdentity
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("A login, step by step · STYLE, a login runs one way")
struct SignInTranscriptTests {
    @Test("password, code, situation, then a code for the application") func whole() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            let started = await browser.get(TestBrowser.authorize)
            #expect(started.status == .seeOther && started.location.hasPrefix("/login?i="))
            #expect(await browser.follow(started).text.contains("Pour accéder à Dossier &lt;usager&gt;."))
            #expect(browser.cookies["socle_session"] == nil)

            let password = await browser.submit(
                "/login/password", [("login", " MARIE "), ("password", SignInFixture.password)])
            #expect(password.status == .seeOther && browser.cookies["socle_session"] == nil)
            #expect(await browser.follow(password).text.contains("one-time-code"))

            let code = await browser.submit("/login/code", [("code", fixture.code)])
            #expect(browser.cookies["socle_session"] != nil)
            #expect(await browser.follow(code).text.contains("MSP &lt;Ourcq&gt;"))

            let situation = await browser.submit("/login/situation", [("situation", "s-2")])
            #expect(situation.location.hasPrefix("https://app.example/cb?code="))
            #expect(situation.location.contains("&state=xyz&iss=http%3A%2F%2Flocalhost%3A8080&session_state="))
            #expect(await fixture.count("SELECT COUNT(*) FROM interactions") == 0)
            let told = await fixture.count("SELECT COUNT(*) FROM journal_entries WHERE kind = 'sign_in'")
            #expect(told == 2)
        }
    }

    @Test("one situation is not asked for") func single() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            let answer = await browser.signIn("paul", fixture)
            #expect(answer.location.hasPrefix("https://app.example/cb?code="))
            let chosen = try await fixture.database.row("SELECT situation FROM sessions", [])?.text(0)
            #expect(chosen == "s-1")
        }
    }

    @Test("a session already open gives the next application its code at once") func again() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            #expect(await browser.get(TestBrowser.authorize).location.hasPrefix("https://app.example/cb?code="))
            let silent = await browser.get(TestBrowser.authorize + "&prompt=none")
            #expect(silent.location.hasPrefix("https://app.example/cb?code="))
        }
    }

    @Test("prompt=none without a session is login_required; with a situation due, interaction_required")
    func silent() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            let nobody = await browser.get(TestBrowser.authorize + "&prompt=none")
            #expect(nobody.location.hasPrefix("https://app.example/cb?error=login_required"))
            await browser.signIn("marie", fixture)
            let undecided = await browser.get(TestBrowser.authorize + "&prompt=none")
            #expect(undecided.location.hasPrefix("https://app.example/cb?error=interaction_required"))
            #expect(undecided.location.contains("state=xyz"))
        }
    }

    @Test(
        "prompt=login and an old max_age ask for both factors again, and renew the same session",
        arguments: [
            "&prompt=login", "&max_age=0", "&max_age=60", "&prompt=select_account",
        ])
    func reauthentication(parameter: String) async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            let before = browser.cookies["socle_session"]
            let session = try await fixture.sessionID()
            fixture.clock.advance(.minutes(2))
            let answer = await browser.signIn("paul", fixture, from: TestBrowser.authorize + parameter)
            #expect(answer.location.hasPrefix("https://app.example/cb?code="))
            #expect(browser.cookies["socle_session"] != before)
            #expect(try await fixture.sessionID() == session)
        }
    }

    @Test("signing in as somebody else ends the session that was there") func replaced() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            let first = try await fixture.sessionID()
            fixture.clock.advance(.minutes(1))
            await browser.signIn("marie", fixture, from: TestBrowser.authorize + "&prompt=login")
            #expect(try await fixture.sessionID() != first)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 1)
        }
    }

    @Test("an idle session, one past its absolute limit and a disabled account are signed out at once")
    func limits() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            fixture.clock.advance(.minutes(29))
            #expect(await browser.get("/").text.contains("Paul Petit"))
            #expect(browser.page.contains("<li><a href=\"https://app.example/\">Dossier &lt;usager&gt;</a></li>"))
            fixture.clock.advance(.minutes(31))
            #expect(await browser.get("/").text.contains("href=\"/login\""))
            await browser.signIn("paul", fixture)
            for _ in 0..<30 {
                fixture.clock.advance(.minutes(20))
                await browser.get("/")
            }
            #expect(await browser.get("/").text.contains("href=\"/login\""))
            await browser.signIn("paul", fixture)
            #expect(await browser.get("/").text.contains("Paul Petit"))
            _ = try await fixture.lane.commit(
                .init(changes: [SignInChange.setDisabled(subject: "sub-paul", true)], entry: nil))
            #expect(await browser.get("/").text.contains("href=\"/login\""))
        }
    }

    @Test("the launcher signs in by itself, and changes the situation without signing in again")
    func launcher() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            let step = await browser.signIn("marie", fixture, from: "/login")
            await browser.follow(step)
            #expect(await browser.submit("/login/situation", [("situation", "s-1")]).location == "/")
            #expect(await browser.get("/").text.contains("<dd>Médecin — CH de Meaux</dd>"))
            #expect(browser.page.contains("Marie &lt;Durand&gt;") && !browser.page.contains("<Durand>"))
            await browser.get("/account/situation")
            #expect(await browser.submit("/account/situation", [("situation", "s-9")]).status.code == 422)
            #expect(await browser.submit("/account/situation", [("situation", "s-2")]).location == "/")
            #expect(await browser.get("/").text.contains("MSP &lt;Ourcq&gt;"))
        }
    }
}
