// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("The second factor of one's own account")
struct OwnSecondFactorTests {
    static let path = "/account/second-factor/replace"

    private func signedIn(_ fixture: SignInFixture) async -> TestBrowser {
        var browser = TestBrowser(fixture.site)
        await browser.signIn("paul", fixture)
        // A code works once: the present one is proved by the next.
        fixture.clock.advance(.seconds(30))
        return browser
    }

    /// A code of the key shown on the page.
    private func newCode(_ browser: TestBrowser, _ fixture: SignInFixture) throws -> String {
        let match = try #require(browser.page.firstMatch(of: #/class="key">([A-Z2-7 ]+)</#))
        let seed = try #require(Base32.decode(String(match.1).replacing(" ", with: "")))
        return try #require(TOTP(seed: seed)).code(at: TOTP.step(at: fixture.clock.now().seconds))
    }

    private func replace(_ browser: inout TestBrowser, present: String, code: String) async -> WebResponse {
        await browser.submit(Self.path, [("present", present), ("code", code)])
    }

    @Test("both codes given, the new application counts and the former does not; the other sessions end")
    func replaced() async throws {
        try await SignInFixture.run { fixture in
            var other = await signedIn(fixture)
            var browser = await signedIn(fixture)
            await browser.get(Self.path)
            let new = try newCode(browser, fixture)
            let answer = await replace(&browser, present: fixture.code, code: new)
            #expect(await browser.follow(answer).text.contains("Votre second facteur est remplacé"))
            #expect(browser.page.contains("Enregistrée le") && !browser.page.contains("class=\"key\""))
            #expect(await other.get("/account").location.hasPrefix("/login"))

            fixture.clock.advance(.seconds(30))
            var next = TestBrowser(fixture.site)
            #expect(await next.signIn("paul", fixture).status.code == 422)
            let told = await fixture.count("SELECT COUNT(*) FROM journal_entries WHERE kind = 'sign_in'")
            #expect(told == 3)
        }
    }

    @Test("the code that proved it is used up: it opens no session") func usedUp() async throws {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            await browser.get(Self.path)
            let new = try newCode(browser, fixture)
            #expect(await replace(&browser, present: fixture.code, code: new).status == .seeOther)
            var thief = TestBrowser(fixture.site)
            await thief.follow(await thief.get(TestBrowser.authorize))
            let fields = [(name: "login", value: "paul"), (name: "password", value: SignInFixture.password)]
            await thief.follow(await thief.submit("/login/password", fields))
            #expect(await thief.submit("/login/code", [("code", new)]).status.code == 422)
        }
    }

    @Test(
        "without the present code, or without the new one, nothing changes",
        arguments: ["000000", "", "abcdef"])
    func wrongPresent(present: String) async throws {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            await browser.get(Self.path)
            let new = try newCode(browser, fixture)
            let answer = await replace(&browser, present: present, code: new)
            #expect(answer.status.code == 422 && answer.text.contains("l’application actuelle n’est pas valable"))
            // The key stays the one that was typed into the application.
            #expect(try newCode(browser, fixture) == new)
            let wrongNew = await replace(&browser, present: fixture.code, code: "000000")
            #expect(wrongNew.status.code == 422 && wrongNew.text.contains("de la nouvelle application"))
            var next = TestBrowser(fixture.site)
            #expect(await next.signIn("paul", fixture).status == .seeOther)
        }
    }

    @Test("a session left open is not enough: both factors are asked again, of the same person") func notRecent()
        async throws
    {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            await browser.get(Self.path)
            let (new, hidden) = (try newCode(browser, fixture), browser.hidden(Self.path))
            fixture.clock.advance(.minutes(5))
            let late = await browser.post(Self.path, hidden + [("present", fixture.code), ("code", new)])
            #expect(late.location == Self.path)
            let asked = await browser.get(Self.path)
            #expect(asked.location.hasPrefix("/login?i="))
            #expect(await browser.follow(asked).text.contains("value=\"paul\""))
            let fields = [(name: "login", value: "paul"), (name: "password", value: SignInFixture.password)]
            await browser.follow(await browser.submit("/login/password", fields))
            let back = await browser.submit("/login/code", [("code", fixture.code)])
            #expect(back.location == Self.path)
            #expect(await browser.follow(back).text.contains("class=\"key\""))
        }
    }

    @Test("guesses of the present code are counted as at sign-in") func throttled() async throws {
        try await SignInFixture.run { fixture in
            var browser = await signedIn(fixture)
            await browser.get(Self.path)
            for _ in 0..<5 {
                let new = try newCode(browser, fixture)
                #expect(await replace(&browser, present: "123456", code: new).status.code == 422)
            }
            let new = try newCode(browser, fixture)
            #expect(await replace(&browser, present: fixture.code, code: new).status == .tooManyRequests)
        }
    }

    @Test("a key shown to another session, made up, or gone with its time, enrols nothing") func foreignOffer()
        async throws
    {
        try await SignInFixture.run { fixture in
            var first = await signedIn(fixture)
            await first.get(Self.path)
            let shown = first.hidden(Self.path).first { $0.name == "offer" }
            let foreign = try #require(shown?.value)
            var browser = await signedIn(fixture)
            await browser.get(Self.path)
            let hidden = browser.hidden(Self.path).filter { $0.name != "offer" }
            for offer in [foreign, "", "AAAA", String(repeating: "A", count: 300)] {
                let code = try newCode(first, fixture)
                let answer = await browser.post(
                    Self.path, hidden + [("offer", offer), ("present", fixture.code), ("code", code)])
                #expect(answer.status.code == 422)
            }
            #expect(await browser.post(Self.path, []).status == .forbidden)
        }
    }
}
