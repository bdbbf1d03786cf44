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

@Suite("Change of one's own password")
struct OwnPasswordTests {
    static let new = "une phrase bien à moi"

    private func change(
        _ browser: inout TestBrowser, current: String = SignInFixture.password, new: String = Self.new,
        again: String? = nil
    ) async -> WebResponse {
        await browser.get("/account/password")
        return await browser.submit(
            "/account/password", [("current", current), ("new", new), ("again", again ?? new)])
    }

    private func signedIn(_ fixture: SignInFixture) async -> TestBrowser {
        var browser = TestBrowser(fixture.site)
        await browser.signIn("paul", fixture)
        return browser
    }

    /// The password page of a new browser, with that password.
    private func tryPassword(_ password: String, _ fixture: SignInFixture) async -> Int {
        var browser = TestBrowser(fixture.site)
        await browser.follow(await browser.get("/login"))
        return await browser.submit("/login/password", [("login", "paul"), ("password", password)]).status.code
    }

    @Test("the new one works, the old one no longer; it is told on the page and in the journal, never shown")
    func changed() async throws {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            let before = await fixture.count("SELECT COUNT(*) FROM journal_entries WHERE kind = 'sign_in'")
            let answer = await change(&browser)
            #expect(answer.status == .seeOther && !answer.location.contains("phrase"))
            let page = await browser.follow(answer).text
            #expect(page.contains("Votre mot de passe est changé") && page.contains("<time datetime="))
            #expect(await tryPassword(SignInFixture.password, fixture) == 422)
            #expect(await tryPassword(Self.new, fixture) == 303)
            let after = await fixture.count("SELECT COUNT(*) FROM journal_entries WHERE kind = 'sign_in'")
            #expect(after == before + 1)
        }
    }

    @Test("a wrong present password changes nothing, is counted, and slows") func wrong() async throws {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            for _ in 0..<5 {
                let answer = await change(&browser, current: "not this one")
                #expect(answer.status.code == 422 && answer.text.contains("Le mot de passe actuel est incorrect."))
                #expect(!answer.text.contains("not this one") && !answer.text.contains(Self.new))
            }
            let work = fixture.work.total
            let answer = await change(&browser)
            #expect(answer.status == .tooManyRequests && answer.headers[.retryAfter] == "5")
            #expect(fixture.work.total == work)
            #expect(await tryPassword(Self.new, fixture) != 303)
            fixture.clock.advance(.seconds(5))
            #expect(await change(&browser).status == .seeOther)
        }
    }

    @Test(
        "a new password that breaks a rule is refused before anything is tried",
        arguments: [
            ("short", "short", "au moins 12 caractères"), ("paul paul paul", "paul paul paul", "votre identifiant"),
            ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "répète les mêmes"),
            (SignInFixture.password, SignInFixture.password, "est l’actuel"),
            (OwnPasswordTests.new, "une phrase bien à toi", "ne sont pas les mêmes"),
            ("", "", "au moins 12 caractères"),
        ])
    func faults(new: String, again: String, message: String) async throws {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            let work = fixture.work.total
            let answer = await change(&browser, new: new, again: again)
            #expect(answer.status.code == 422 && answer.text.contains(message))
            #expect(answer.text.contains("aria-invalid=\"true\"") && fixture.work.total == work)
            #expect(new.isEmpty || !answer.text.contains("value=\"\(new)\""))
            #expect(await tryPassword(SignInFixture.password, fixture) == 303)
        }
    }

    @Test("without the present one, or while too many hash at once, nothing changes") func missing() async throws {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            await browser.get("/account/password")
            let fields = browser.hidden("/account/password") + [("new", Self.new), ("again", Self.new)]
            #expect(await browser.post("/account/password", fields).status.code == 422)
            fixture.work.fill()
            #expect(await change(&browser).status == .serviceUnavailable)
        }
    }

    @Test("a form without its token, of another page, or from another site, changes nothing") func forged() async throws
    {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            await browser.get("/account/sessions")
            let other = browser.hidden("/account/sessions/others")
            await browser.get("/account/password")
            let good = browser.hidden("/account/password")
            let fields = [
                (name: "current", value: SignInFixture.password), (name: "new", value: Self.new),
                (name: "again", value: Self.new),
            ]
            for hidden in [[], [("csrf", "AAAA")], other] as [[(name: String, value: String)]] {
                #expect(await browser.post("/account/password", hidden + fields).status == .forbidden)
            }
            let foreign = await browser.post(
                "/account/password", good + fields, extra: [.origin: "https://evil.example"])
            #expect(foreign.status == .forbidden)
            var stranger = TestBrowser(fixture.site)
            #expect(await stranger.post("/account/password", good + fields).status == .forbidden)
            #expect(await tryPassword(SignInFixture.password, fixture) == 303)
        }
    }

    @Test("a password given in a sign-in under way no longer opens anything once it was changed") func underWay()
        async throws
    {
        try await SignInFixture.run { fixture in
            var owner = await signedIn(fixture)
            fixture.clock.advance(.seconds(30))
            var thief = TestBrowser(fixture.site)
            await thief.follow(await thief.get(TestBrowser.authorize))
            let given = await thief.submit(
                "/login/password", [("login", "paul"), ("password", SignInFixture.password)])
            await thief.follow(given)
            fixture.clock.advance(.seconds(1))
            #expect(await change(&owner).status == .seeOther)
            let answer = await thief.submit("/login/code", [("code", fixture.code)])
            #expect(await thief.follow(answer).text.contains("current-password"))
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 1)
        }
    }

    @Test("of two changes at once, one is made") func race() async throws {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            await browser.get("/account/password")
            let (hidden, ready) = (browser.hidden("/account/password"), browser)
            let made = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        var tab = ready
                        let new = "\(Self.new) \(number)"
                        let fields = [("current", SignInFixture.password), ("new", new), ("again", new)]
                        return await tab.post("/account/password", hidden + fields.map { (name: $0.0, value: $0.1) })
                            .status == .seeOther
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 1)
        }
    }

    @Test("the other sessions end and are told; what applications hold ends with them, offline access too")
    func othersEnd() async throws {
        try await ConformanceFixture.run { fixture in
            let kept = try await fixture.tokens(["scope": "openid offline_access", "prompt": "consent"])
            let refresh = try #require(kept["refresh_token"]?.string)
            var (browser, answer) = await fixture.signedIn()
            let own = try await fixture.redeem(try #require(answer.parameters["code"])).object()
            #expect(await change(&browser).status == .seeOther)

            let refreshed = await fixture.post(
                .token, [("grant_type", "refresh_token"), ("refresh_token", refresh)],
                headers: Provider.basic("rp", ConformanceFixture.secret))
            #expect(try refreshed.object()["error"] == "invalid_grant")
            for (tokens, works) in [(kept, false), (own, true)] {
                let access = try #require(tokens["access_token"]?.string)
                let status = await fixture.get(.userInfo, headers: Provider.bearer(access)).status
                #expect((status == .ok) == works)
            }
            let open = try await StoredActivity(fixture.database).openSessions(
                of: "sub-marie", at: fixture.clock.now())
            #expect(open.count == 1)
        }
    }
}
