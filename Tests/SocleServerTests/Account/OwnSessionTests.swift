// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAudit
import SocleIdentity
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Sessions and devices of one's own account")
struct OwnSessionTests {
    static let firefox = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"

    /// Two browsers of paul, one after the other.
    private func twoBrowsers(_ fixture: SignInFixture) async -> (TestBrowser, TestBrowser) {
        var first = TestBrowser(fixture.site)
        first.userAgent = Self.firefox
        await first.signIn("paul", fixture)
        fixture.clock.advance(.minutes(5))
        var second = TestBrowser(fixture.site)
        await second.signIn("paul", fixture)
        return (first, second)
    }

    @Test(
        "no page and no form of the account without a session: the person signs in and comes back",
        arguments: AccountPart.allCases)
    func signInFirst(part: AccountPart) async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            let answer = await browser.signIn("paul", fixture, from: part.rawValue)
            #expect(answer.location == part.rawValue)
            #expect(await browser.follow(answer).status == .ok)
            #expect(browser.page.contains("<h1>"))
            browser.cookies["socle_session"] = "forged"
            #expect(await browser.get(part.rawValue).location.hasPrefix("/login?i="))
        }
    }

    @Test("the overview says who one is, in text") func overview() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.follow(await browser.signIn("marie", fixture))
            await browser.submit("/login/situation", [("situation", "s-1")])
            await browser.get("/account")
            #expect(browser.page.contains("Marie &lt;Durand&gt;") && browser.page.contains("<dd>marie</dd>"))
            #expect(browser.page.contains("MSP &lt;Ourcq&gt;") && !browser.page.contains("<Ourcq>"))
            await browser.get("/account?lang=en")
            #expect(browser.page.contains("My account") && browser.page.contains("lang=\"en\""))
            #expect(await browser.get("/account?lang=en&lang=fr").status == .badRequest)
        }
    }

    @Test("each session with its device and times; one is ended from the other") func endOne() async throws {
        try await SignInFixture.run { fixture in
            var (first, second) = await twoBrowsers(fixture)
            await second.get("/account/sessions")
            #expect(second.page.contains("Firefox, Windows") && second.page.contains("Appareil inconnu"))
            #expect(second.page.matches(of: #/Cette session/#).count == 1)
            let answer = await second.submit("/account/sessions")
            #expect(answer.status == .seeOther)
            #expect(await second.follow(answer).text.contains("role=\"status\""))
            #expect(!second.page.contains("Firefox") && second.page.contains("nulle part ailleurs"))
            #expect(await first.get("/account").location.hasPrefix("/login"))
            #expect(await second.get("/account").status == .ok)
            let told = await fixture.count("SELECT COUNT(*) FROM journal_entries WHERE kind = 'sign_out'")
            #expect(told == 1)
        }
    }

    @Test("all the others at once; this one stays") func endOthers() async throws {
        try await SignInFixture.run { fixture in
            var (first, second) = await twoBrowsers(fixture)
            await first.get("/account/sessions?lang=en")
            let answer = await first.submit("/account/sessions/others")
            #expect(await first.follow(answer).text.contains("All the other sessions are closed"))
            #expect(await second.get("/account").location.hasPrefix("/login"))
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 1)
        }
    }

    @Test("somebody else's session, one that is over and one that never was get one answer, and nothing ends")
    func forgedID() async throws {
        try await SignInFixture.run { fixture in
            var (_, browser) = await twoBrowsers(fixture)
            var stranger = TestBrowser(fixture.site)
            await stranger.follow(await stranger.signIn("marie", fixture))
            let foreign = try await fixture.database.row("SELECT id FROM sessions WHERE subject = 'sub-marie'", [])
            await browser.get("/account/sessions")
            let fields = browser.hidden("/account/sessions").filter { $0.name != "session" }
            let own = browser.hidden("/account/sessions").first { $0.name == "session" }
            await browser.post("/account/sessions", fields + [try #require(own)])
            var answers: Set<String> = []
            for id in [try #require(try foreign?.text(0)), try #require(own?.value), "nothing", "", "' OR 1=1 --"] {
                let answer = await browser.post("/account/sessions", fields + [("session", id)])
                #expect(answer.status.code == 422)
                answers.insert(answer.text)
            }
            #expect(answers.count == 1)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 2)
        }
    }

    @Test("an idle session is neither shown nor left open when the others are ended") func idle() async throws {
        try await SignInFixture.run { fixture in
            var first = TestBrowser(fixture.site)
            first.userAgent = Self.firefox
            await first.signIn("paul", fixture)
            fixture.clock.advance(.minutes(40))
            var second = TestBrowser(fixture.site)
            await second.signIn("paul", fixture)
            #expect(await second.get("/account/sessions").text.contains("Firefox") == false)
            // Its grants would stand to the session's absolute limit.
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 2)
            #expect(await second.submit("/account/sessions/others").status == .seeOther)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 1)
        }
    }

    @Test(
        "a form without its token, of another page, or from another site, ends nothing",
        arguments: ["/account/sessions", "/account/sessions/others", "/account/applications"])
    func forgedForm(path: String) async throws {
        try await SignInFixture.run { fixture in
            var (_, browser) = await twoBrowsers(fixture)
            await browser.get("/account/sessions")
            let good = browser.hidden("/account/sessions")
            await browser.get("/")
            let other = browser.hidden("/account/sign-out")
            let without = good.filter { $0.name != "csrf" }
            for fields in [[], without, without + [("csrf", "AAAA")], without + other] {
                #expect(await browser.post(path, fields).status == .forbidden)
            }
            for headers in [[.origin: "https://evil.example"], [.fetchSite: "cross-site"]] as [HTTPFields] {
                #expect(await browser.post(path, good, extra: headers).status == .forbidden)
            }
            #expect(await browser.post(path, good + good).status == .badRequest)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL") == 2)
        }
    }

    @Test("a form sent once the session is over does nothing, and leads to the sign-in") func tooLate() async throws {
        try await SignInFixture.run { fixture in
            var (first, second) = await twoBrowsers(fixture)
            await first.get("/account/sessions")
            await second.get("/account/sessions")
            await first.submit("/account/sessions/others")
            #expect(await second.submit("/account/sessions").location == "/account/sessions")
            #expect(await second.get("/account/sessions").location.hasPrefix("/login"))
            #expect(await first.get("/account").status == .ok)
        }
    }

    @Test("a notice is told to whom it was given: a link of somebody else's says nothing") func notice() async throws {
        try await SignInFixture.run { fixture in
            var (first, second) = await twoBrowsers(fixture)
            await first.get("/account/sessions")
            let answer = await first.submit("/account/sessions/others")
            for target in [
                "/account/sessions?done=others", "/account/sessions?done=others&proof=AAAA",
                answer.location.replacing("done=others", with: "done=session"), "/account/sessions?done=%3Cb%3E",
            ] {
                #expect(await first.get(target).text.contains("role=\"status\"") == false, "\(target)")
            }
            await second.signIn("paul", fixture)
            fixture.clock.advance(.seconds(30))
            await second.signIn("paul", fixture)
            #expect(await second.get(answer.location).text.contains("role=\"status\"") == false)
        }
    }

    @Test("no page of the account is kept by a cache, framed, or scripted") func headers() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.signIn("paul", fixture)
            for path in AccountPart.allCases.map(\.rawValue) {
                let page = await browser.get(path)
                #expect(page.status == .ok && page.headers[.cacheControl] == "no-store")
                let policy = page.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.hasPrefix("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!page.text.contains("<script") && !page.text.contains("style="))
            }
        }
    }
}
