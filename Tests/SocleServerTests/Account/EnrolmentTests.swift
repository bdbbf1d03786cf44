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

@Suite("A second factor taken away by an administrator: another is enrolled at the next sign-in")
struct EnrolmentTests {
    static let given = "abcd-efgh-ijkl-mnop"

    private func reset(_ fixture: SignInFixture, password: Bool = false) async throws {
        let account = try #require(try await StoredAccounts(fixture.database).account(subject: "sub-paul"))
        let now = fixture.clock.now()
        var changes = AccountReset(
            secondFactorOf: account, code: Self.given, until: now + .hours(1), actor: "operator", now: now
        ).changes
        if password {
            changes +=
                AccountReset(
                    passwordOf: account, hash: SignInFixture.password, until: now + .hours(1), actor: "operator",
                    now: now
                ).changes
        }
        #expect(try await fixture.lane.commit(Submission(changes: changes, entry: nil)) == .committed(nil))
    }

    private func givePassword(_ browser: inout TestBrowser) async -> WebResponse {
        await browser.follow(await browser.get(TestBrowser.authorize))
        return await browser.submit("/login/password", [("login", "paul"), ("password", SignInFixture.password)])
    }

    private func atEnrolment(_ fixture: SignInFixture) async -> TestBrowser {
        var browser = TestBrowser(fixture.site)
        await browser.follow(await givePassword(&browser))
        #expect(browser.page.contains("Enregistrez un second facteur"))
        return browser
    }

    private func code(_ browser: TestBrowser, _ fixture: SignInFixture) throws -> String {
        let match = try #require(browser.page.firstMatch(of: #/class="key">([A-Z2-7 ]+)</#))
        let seed = try #require(Base32.decode(String(match.1).replacing(" ", with: "")))
        return try #require(TOTP(seed: seed)).code(at: TOTP.step(at: fixture.clock.now().seconds))
    }

    private func sessions(_ fixture: SignInFixture) async -> Int64 {
        await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")
    }

    @Test("password, the administrator's code, the new application's: then the code for the application")
    func transcript() async throws {
        try await SignInFixture.run { fixture in
            var before = TestBrowser(fixture.site)
            await before.signIn("paul", fixture)
            try await reset(fixture)
            #expect(await sessions(fixture) == 0)
            var browser = await atEnrolment(fixture)
            #expect(browser.cookies["socle_session"] == nil)
            let new = try code(browser, fixture)
            let answer = await browser.submit("/login/enrol", [("given", " ABCD-efgh-ijkl-mnop"), ("code", new)])
            #expect(answer.location.hasPrefix("https://app.example/cb?code="))
            #expect(await sessions(fixture) == 1)
            // The administrator's code is used up, and the next sign-in asks for a code as ever.
            var next = TestBrowser(fixture.site)
            await next.follow(await givePassword(&next))
            #expect(next.page.contains("action=\"/login/code\"") && !next.page.contains("class=\"key\""))
            #expect(await next.submit("/login/code", [("code", new)]).status.code == 422)
        }
    }

    @Test("the password alone enrols nothing, and guesses of the administrator's code are slowed") func guessed()
        async throws
    {
        try await SignInFixture.run { fixture in
            try await reset(fixture)
            var browser = await atEnrolment(fixture)
            for given in ["", "abcd", "abcd-efgh-ijkl-mnoq", "' OR 1=1", "000000"] {
                let new = try code(browser, fixture)
                let answer = await browser.submit("/login/enrol", [("given", given), ("code", new)])
                #expect(
                    answer.status.code == 422 && answer.text.contains("donné par votre administrateur est incorrect"))
            }
            let new = try code(browser, fixture)
            let answer = await browser.submit("/login/enrol", [("given", Self.given), ("code", new)])
            #expect(answer.status == .tooManyRequests)
            #expect(await sessions(fixture) == 0)
        }
    }

    @Test("a wrong code of the new application keeps the key; the former application opens nothing") func wrongCode()
        async throws
    {
        try await SignInFixture.run { fixture in
            try await reset(fixture)
            var browser = await atEnrolment(fixture)
            let new = try code(browser, fixture)
            for wrong in [fixture.code, "", "12345"] {
                let answer = await browser.submit("/login/enrol", [("given", Self.given), ("code", wrong)])
                #expect(answer.status.code == 422)
            }
            #expect(try code(browser, fixture) == new)
            let hidden = browser.hidden("/login/enrol")
            #expect(await browser.get(TestBrowser.authorize).location.hasPrefix("/login"))
            #expect(await browser.get(TestBrowser.authorize + "&prompt=none").location.contains("error=login_required"))
            #expect(await browser.post("/login/code", hidden + [("code", fixture.code)]).status == .forbidden)
            #expect(await sessions(fixture) == 0)
        }
    }

    @Test("leave to enrol ends with its time, at the password and on the page") func expired() async throws {
        try await SignInFixture.run { fixture in
            try await reset(fixture)
            fixture.clock.advance(.minutes(58))
            var browser = await atEnrolment(fixture)
            fixture.clock.advance(.minutes(2))
            let new = try code(browser, fixture)
            let late = await browser.submit("/login/enrol", [("given", Self.given), ("code", new)])
            #expect(await browser.follow(late).text.contains("current-password"))
            var next = TestBrowser(fixture.site)
            let answer = await givePassword(&next)
            #expect(answer.status.code == 422 && answer.text.contains("n’a plus de second facteur"))
            #expect(await sessions(fixture) == 0)
        }
    }

    @Test("with both factors reset, the second factor comes first, then the password, then the session") func both()
        async throws
    {
        try await SignInFixture.run { fixture in
            try await reset(fixture, password: true)
            var browser = await atEnrolment(fixture)
            let new = try code(browser, fixture)
            let enrolled = await browser.submit("/login/enrol", [("given", Self.given), ("code", new)])
            #expect(await sessions(fixture) == 0)
            await browser.follow(enrolled)
            #expect(browser.page.contains("Choisissez un mot de passe"))
            let chosen = "une phrase bien à moi"
            let answer = await browser.submit("/login/new-password", [("new", chosen), ("again", chosen)])
            #expect(answer.location.hasPrefix("https://app.example/cb?code="))
            #expect(await sessions(fixture) == 1)
        }
    }

    @Test("a key made for another sign-in is not taken") func foreignOffer() async throws {
        try await SignInFixture.run { fixture in
            try await reset(fixture)
            let first = await atEnrolment(fixture)
            var second = await atEnrolment(fixture)
            let shown = first.hidden("/login/enrol").first { $0.name == "offer" }
            let offer = try #require(shown)
            let hidden = second.hidden("/login/enrol").filter { $0.name != "offer" }
            let known = try code(first, fixture)
            let answer = await second.post(
                "/login/enrol", hidden + [offer, (name: "given", value: Self.given), (name: "code", value: known)])
            #expect(await second.follow(answer).text.contains("class=\"key\""))
            #expect(await sessions(fixture) == 0)
        }
    }
}
