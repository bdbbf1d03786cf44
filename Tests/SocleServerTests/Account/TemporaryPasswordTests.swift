// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("A password reset by an administrator: another is chosen before anything else")
struct TemporaryPasswordTests {
    static let temporary = "abcd-efgh-ijkl-mnop"
    static let new = "une phrase bien à moi"

    private func reset(_ fixture: ConformanceFixture, hours: Int64 = 24) async throws {
        let account = try #require(try await StoredAccounts(fixture.database).account(subject: "sub-marie"))
        let reset = AccountReset(
            passwordOf: account, hash: Self.temporary, until: fixture.clock.now() + .hours(hours), actor: "operator",
            now: fixture.clock.now())
        try await fixture.commit(reset.changes)
    }

    private func givePassword(
        _ browser: inout TestBrowser, _ fixture: ConformanceFixture, _ password: String = Self.temporary,
        _ changes: [String: String?] = [:]
    ) async -> WebResponse {
        await browser.follow(await browser.get(fixture.target(changes)))
        return await browser.submit("/login/password", [("login", "marie"), ("password", password)])
    }

    private func giveCode(_ browser: inout TestBrowser, _ fixture: ConformanceFixture) async -> WebResponse {
        fixture.clock.advance(.seconds(30))
        let code = TOTP(seed: SignInFixture.seed)?.code(at: TOTP.step(at: fixture.clock.now().seconds)) ?? ""
        return await browser.submit("/login/code", [("code", code)])
    }

    /// On the page that asks for a new password.
    private func atNewPassword(
        _ fixture: ConformanceFixture, _ changes: [String: String?] = [:]
    ) async throws -> TestBrowser {
        var browser = TestBrowser(fixture.site)
        await browser.follow(await givePassword(&browser, fixture, Self.temporary, changes))
        await browser.follow(await giveCode(&browser, fixture))
        #expect(browser.page.contains("Choisissez un mot de passe"))
        return browser
    }

    private func choose(_ browser: inout TestBrowser, _ new: String = Self.new, _ again: String? = nil) async
        -> WebResponse
    {
        await browser.submit("/login/new-password", [("new", new), ("again", again ?? new)])
    }

    @Test("password, code, a new password, then the code for the application; the next sign-in is an ordinary one")
    func transcript() async throws {
        try await ConformanceFixture.run { fixture in
            try await reset(fixture)
            var browser = try await atNewPassword(fixture)
            #expect(browser.cookies["socle_session"] == nil)
            let answer = await choose(&browser)
            let code = try #require(answer.parameters["code"])
            #expect(try await fixture.redeem(code).object()["access_token"] != nil)
            #expect(browser.cookies["socle_session"] != nil)

            var again = TestBrowser(fixture.site)
            #expect(await givePassword(&again, fixture).status.code == 422)
            await again.follow(await givePassword(&again, fixture, Self.new))
            #expect(await giveCode(&again, fixture).parameters["code"] != nil)
        }
    }

    @Test("before it, no page, no session, no code: whatever is asked for") func bypass() async throws {
        try await ConformanceFixture.run { fixture in
            try await reset(fixture)
            var browser = try await atNewPassword(fixture)
            for path in ["/account", "/account/password", "/account/sessions", fixture.target()] {
                #expect(await browser.get(path).location.hasPrefix("/login?i="), "\(path)")
            }
            #expect(await browser.get("/").text.contains("href=\"/login\""))
            let silent = await browser.get(fixture.target(["prompt": "none"]))
            #expect(silent.parameters["error"] == "login_required" && silent.parameters["code"] == nil)
            #expect(try await fixture.database.rows("SELECT id FROM sessions", []).isEmpty)
            #expect(try await fixture.database.rows("SELECT digest FROM authorization_codes", []).isEmpty)
        }
    }

    @Test("the steps are taken in their order: neither the code's form nor another's leads around") func order()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            try await reset(fixture)
            var browser = TestBrowser(fixture.site)
            await browser.follow(await givePassword(&browser, fixture))
            let code = browser.hidden("/login/code")
            // The new password before the second factor: the form is another page's.
            let fields = [(name: "new", value: Self.new), (name: "again", value: Self.new)]
            var tab = browser
            #expect(await tab.post("/login/new-password", code + fields).status == .forbidden)
            await browser.follow(await giveCode(&browser, fixture))
            let hidden = browser.hidden("/login/new-password")
            // Going back to the code, with a good one: what is due is still the new password.
            fixture.clock.advance(.seconds(30))
            let good = TOTP(seed: SignInFixture.seed)?.code(at: TOTP.step(at: fixture.clock.now().seconds)) ?? ""
            let back = await browser.post("/login/code", code + [("code", good)])
            #expect(await browser.follow(back).text.contains("Choisissez un mot de passe"))
            let situation = await browser.post("/login/situation", code + [("situation", "s-1")])
            #expect(situation.status == .forbidden)
            #expect(await browser.post("/login/new-password", hidden + fields).parameters["code"] != nil)
        }
    }

    @Test(
        "a new password that cannot be taken leaves everything as it was",
        arguments: [
            ("short", "short"), (TemporaryPasswordTests.temporary, TemporaryPasswordTests.temporary),
            (TemporaryPasswordTests.new, "another"), ("marie marie marie", "marie marie marie"),
            ("", ""),
        ])
    func refused(new: String, again: String) async throws {
        try await ConformanceFixture.run { fixture in
            try await reset(fixture)
            var browser = try await atNewPassword(fixture)
            let answer = await choose(&browser, new, again)
            #expect(answer.status.code == 422 && answer.text.contains("role=\"alert\""))
            #expect(try await fixture.database.rows("SELECT id FROM sessions", []).isEmpty)
            #expect(await choose(&browser).parameters["code"] != nil)
        }
    }

    @Test("a temporary password opens nothing once it has expired, on any of its steps") func expired() async throws {
        try await ConformanceFixture.run { fixture in
            try await reset(fixture, hours: 1)
            var late = TestBrowser(fixture.site)
            fixture.clock.advance(.minutes(56))
            var atCode = TestBrowser(fixture.site)
            await atCode.follow(await givePassword(&atCode, fixture))
            var atChoice = try await atNewPassword(fixture)
            fixture.clock.advance(.minutes(4))
            let answer = await givePassword(&late, fixture)
            #expect(answer.status.code == 422 && answer.text.contains("a expiré"))
            #expect(await atCode.follow(await giveCode(&atCode, fixture)).text.contains("current-password"))
            #expect(await atChoice.follow(await choose(&atChoice)).text.contains("current-password"))
            #expect(try await fixture.database.rows("SELECT id FROM sessions", []).isEmpty)
        }
    }

    @Test("whoever was signed in is no longer, and refresh tokens are dead, offline ones too") func ended() async throws
    {
        try await ConformanceFixture.run { fixture in
            let tokens = try await fixture.tokens(["scope": "openid offline_access", "prompt": "consent"])
            var (browser, answer) = await fixture.signedIn()
            let pending = try #require(answer.parameters["code"])
            try await reset(fixture)
            #expect(await browser.get("/account").location.hasPrefix("/login"))
            #expect(try await fixture.redeem(pending).object()["error"] == "invalid_grant")
            let refresh = try #require(tokens["refresh_token"]?.string)
            let refreshed = await fixture.post(
                .token, [("grant_type", "refresh_token"), ("refresh_token", refresh)],
                headers: Provider.basic("rp", ConformanceFixture.secret))
            #expect(try refreshed.object()["error"] == "invalid_grant")
            let access = try #require(tokens["access_token"]?.string)
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
            #expect(await givePassword(&browser, fixture, SignInFixture.password).status.code == 422)
        }
    }

    @Test("a second reset ends the sign-in that the first one began") func resetAgain() async throws {
        try await ConformanceFixture.run { fixture in
            try await reset(fixture)
            var browser = try await atNewPassword(fixture)
            fixture.clock.advance(.seconds(1))
            try await reset(fixture)
            #expect(await browser.follow(await choose(&browser)).text.contains("current-password"))
            #expect(try await fixture.database.rows("SELECT id FROM sessions", []).isEmpty)
        }
    }

    @Test("of two browsers with the temporary password, one chooses; the other begins again") func twoBrowsers()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            try await reset(fixture)
            var first = try await atNewPassword(fixture)
            var second = try await atNewPassword(fixture)
            fixture.clock.advance(.seconds(1))
            #expect(await choose(&first).parameters["code"] != nil)
            #expect(
                await second.follow(await choose(&second, "une tout autre phrase")).text.contains("current-password"))
            var third = TestBrowser(fixture.site)
            #expect(await givePassword(&third, fixture, "une tout autre phrase").status.code == 422)
            #expect(await givePassword(&third, fixture, Self.new).status == .seeOther)
        }
    }

    @Test("another person at the same browser starts over") func restart() async throws {
        try await ConformanceFixture.run { fixture in
            try await reset(fixture)
            var browser = try await atNewPassword(fixture)
            let hidden = browser.hidden("/login/new-password")
            await browser.follow(await browser.submit("/login/restart"))
            #expect(browser.page.contains("current-password"))
            let fields = [(name: "new", value: Self.new), (name: "again", value: Self.new)]
            let answer = await browser.post("/login/new-password", hidden + fields)
            #expect(await browser.follow(answer).text.contains("current-password"))
        }
    }
}
