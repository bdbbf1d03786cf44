// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAudit
import SocleIdentity
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("What a sign-in refuses")
struct SignInRefusalTests {
    /// On the password page.
    func atPassword(_ fixture: SignInFixture) async -> TestBrowser {
        var browser = TestBrowser(fixture.site)
        await browser.follow(await browser.get(TestBrowser.authorize))
        return browser
    }

    func atCode(_ fixture: SignInFixture, _ login: String = "paul") async -> TestBrowser {
        var browser = await atPassword(fixture)
        let fields = [(name: "login", value: login), (name: "password", value: SignInFixture.password)]
        await browser.follow(await browser.submit("/login/password", fields))
        return browser
    }

    @Test("a wrong password, an unknown account and a disabled one get the same answer for the same work")
    func sameAnswer() async throws {
        try await SignInFixture.run { fixture in
            _ = try await fixture.lane.commit(
                .init(changes: [SignInChange.setDisabled(subject: "sub-marie", true)], entry: nil))
            var pages: Set<String> = []
            for (login, password) in [
                ("paul", "wrong"), ("nobody", "wrong"), ("marie", SignInFixture.password), ("é'--", "wrong"),
            ] {
                var browser = await atPassword(fixture)
                let work = fixture.work.total
                let answer = await browser.submit("/login/password", [("login", login), ("password", password)])
                #expect(answer.status.code == 422 && fixture.work.total == work + 1)
                #expect(answer.text.contains("Identifiant ou mot de passe incorrect."))
                #expect(await fixture.count("SELECT COUNT(*) FROM sessions") == 0)
                pages.insert(
                    answer.text.replacing(#/value="[^"]*"/#, with: "").replacing(#/i=[A-Za-z0-9_-]+/#, with: ""))
            }
            #expect(pages.count == 1)
            #expect(await fixture.count("SELECT COUNT(*) FROM sign_in_failures") == 4)
            let typed = await fixture.count("SELECT COUNT(*) FROM sign_in_failures WHERE account LIKE '%nobody%'")
            #expect(typed == 0)
        }
    }

    @Test(
        "a code that is wrong, of another time, or used before, opens nothing",
        arguments: [
            "000000", "12345", "", "abcdef", "１２３４５６",
        ])
    func wrongCode(code: String) async throws {
        try await SignInFixture.run { fixture in
            var browser = await atCode(fixture)
            let answer = await browser.submit("/login/code", [("code", code)])
            #expect(answer.status.code == 422)
            #expect(browser.cookies["socle_session"] == nil)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions") == 0)
        }
    }

    @Test("a code works once, in any browser") func usedCode() async throws {
        try await SignInFixture.run { fixture in
            var first = TestBrowser(fixture.site)
            await first.signIn("paul", fixture)
            var second = await atCode(fixture)
            #expect(await second.submit("/login/code", [("code", fixture.code)]).status.code == 422)
            fixture.clock.advance(.seconds(30))
            #expect(await second.submit("/login/code", [("code", fixture.code)]).status == .seeOther)
        }
    }

    @Test("without the password first, a code is not even looked at") func codeAlone() async throws {
        try await SignInFixture.run { fixture in
            var browser = await atPassword(fixture)
            let all = browser.hidden("/login/password")
            let pairs = all.filter { $0.name != "csrf" }
            #expect(await browser.post("/login/code", pairs + [("code", fixture.code)]).status == .forbidden)
            // The token of another step is not this step's either.
            #expect(await browser.post("/login/code", all + [("code", fixture.code)]).status == .forbidden)
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions") == 0)
        }
    }

    @Test("a password given too long ago must be given again") func stalePassword() async throws {
        try await SignInFixture.run { fixture in
            var browser = await atCode(fixture)
            fixture.clock.advance(.minutes(6))
            let answer = await browser.submit("/login/code", [("code", fixture.code)])
            #expect(await browser.follow(answer).text.contains("current-password"))
            #expect(await fixture.count("SELECT COUNT(*) FROM sessions") == 0)
        }
    }

    @Test("another browser cannot take an interaction over, nor what a cookie planted before knew")
    func fixation() async throws {
        try await SignInFixture.run { fixture in
            var victim = await atPassword(fixture)
            let interaction = victim.hidden("/login/password").first { $0.name == "i" }?.value ?? ""
            var stranger = TestBrowser(fixture.site)
            #expect(await stranger.get("/login?i=\(interaction)").status == .gone)
            // The attacker who planted the browser cookie follows every step of the victim.
            var attacker = TestBrowser(fixture.site)
            attacker.cookies = victim.cookies
            let fields = [(name: "login", value: "paul"), (name: "password", value: SignInFixture.password)]
            await victim.follow(await victim.submit("/login/password", fields))
            #expect(await victim.submit("/login/code", [("code", fixture.code)]).location.contains("code="))
            #expect(await attacker.get("/login?i=\(interaction)").status == .gone)
            #expect(await attacker.get("/").text.contains("href=\"/login\""))
            #expect(await attacker.get(TestBrowser.authorize).location.hasPrefix("/login"))
        }
    }

    @Test("a forged session cookie is nobody") func forgedSession() async throws {
        try await SignInFixture.run { fixture in
            var owner = TestBrowser(fixture.site)
            await owner.signIn("paul", fixture)
            let session = try await fixture.sessionID()
            var attacker = TestBrowser(fixture.site)
            for value in [session, SignIn.digest(owner.cookies["socle_session"] ?? ""), "sub-paul", ""] {
                attacker.cookies["socle_session"] = value
                #expect(await attacker.get("/").text.contains("href=\"/login\""))
            }
        }
    }

    @Test("a form without its token, with a forged one, or with another interaction's, changes nothing")
    func forgedForm() async throws {
        try await SignInFixture.run { fixture in
            var browser = await atPassword(fixture)
            let hidden = browser.hidden("/login/password")
            let other = await atPassword(fixture)
            let fields = [(name: "login", value: "paul"), (name: "password", value: SignInFixture.password)]
            let stolen = other.hidden("/login/password").filter { $0.name == "csrf" }
            for token in [[], [(name: "csrf", value: "AAAA")], stolen] {
                let pairs = hidden.filter { $0.name != "csrf" } + token + fields
                #expect(await browser.post("/login/password", pairs).status == .forbidden)
            }
            #expect(fixture.work.total == 0)
        }
    }

    @Test(
        "a form sent by another site is refused whatever it holds",
        arguments: [
            [.origin: "https://evil.example"], [.origin: "null"], [.fetchSite: "cross-site"], [.fetchSite: "same-site"],
            [.origin: "http://localhost:8080.evil.example"],
        ] as [HTTPFields])
    func crossSite(headers: HTTPFields) async throws {
        try await SignInFixture.run { fixture in
            var browser = await atPassword(fixture)
            let fields = [(name: "login", value: "paul"), (name: "password", value: SignInFixture.password)]
            let pairs = browser.hidden("/login/password") + fields
            #expect(await browser.post("/login/password", pairs, extra: headers).status == .forbidden)
            #expect(fixture.work.total == 0)
        }
    }

    @Test("an interaction past its time is over") func expired() async throws {
        try await SignInFixture.run { fixture in
            var browser = await atPassword(fixture)
            fixture.clock.advance(.minutes(31))
            let fields = [(name: "login", value: "paul"), (name: "password", value: SignInFixture.password)]
            #expect(await browser.submit("/login/password", fields).status == .gone)
            #expect(browser.page.contains("Cette page n’est plus valable"))
        }
    }

    @Test(
        "repeated parameters, broken escapes, invalid UTF-8 and long bodies are refused, never a 500",
        arguments: [
            "i=a&i=b", "i=%FF", "i=%", "login=\(String(repeating: "a", count: 70_000))", "", "csrf=x",
        ])
    func badForms(body: String) async throws {
        try await SignInFixture.run { fixture in
            for path in [
                "/login/password", "/login/code", "/login/situation", "/login/restart", "/account/sign-out",
                "/account/situation",
            ] {
                let request = WebRequest(
                    method: .post, path: path, headers: [.contentType: "application/x-www-form-urlencoded"],
                    body: Array(body.utf8))
                #expect([400, 403, 413].contains(await fixture.site.respond(to: request).status.code), "\(path)")
            }
            let query = WebRequest(path: "/login", query: "i=%FF")
            #expect(await fixture.site.respond(to: query).status == .badRequest)
        }
    }

    @Test("failures slow the account from that address, without trying the password meanwhile")
    func throttled() async throws {
        try await SignInFixture.run { fixture in
            var browser = await atPassword(fixture)
            for _ in 0..<5 { await browser.submit("/login/password", [("login", "paul"), ("password", "wrong")]) }
            let work = fixture.work.total
            let right = [(name: "login", value: "paul"), (name: "password", value: SignInFixture.password)]
            let answer = await browser.submit("/login/password", right)
            #expect(answer.status == .tooManyRequests && answer.headers[.retryAfter] == "5")
            #expect(answer.text.contains("Réessayez dans 5 secondes"))
            #expect(fixture.work.total == work)
            fixture.clock.advance(.seconds(5))
            #expect(await browser.submit("/login/password", right).status == .seeOther)
        }
    }

    @Test("guesses sent at the same moment are slowed like guesses sent one by one") func guessesAtOnce() async throws {
        try await SignInFixture.run { fixture in
            func guess(
                _ browser: TestBrowser, _ path: String, _ fields: @escaping @Sendable (Int) -> [(String, String)]
            )
                async -> [Int: Int]
            {
                let hidden = browser.hidden(path)
                return await withTaskGroup(of: Int.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            var tab = browser
                            let typed = fields(number).map { (name: $0.0, value: $0.1) }
                            return await tab.post(path, hidden + typed).status.code
                        }
                    }
                    return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
                }
            }
            let codes = await guess(await atCode(fixture), "/login/code") { [("code", String(100_000 + $0))] }
            #expect(codes[422, default: 0] <= 5 && codes[429, default: 0] >= 35, "\(codes)")
            let work = fixture.work.total
            let passwords = await guess(await atPassword(fixture), "/login/password") {
                [("login", "marie"), ("password", "wrong \($0)")]
            }
            #expect(passwords[422, default: 0] <= 5 && fixture.work.total - work <= 5, "\(passwords)")
        }
    }

    @Test("the spellings of one login share its failures, whether there is such an account or not")
    func spellings() async throws {
        try await SignInFixture.run { fixture in
            for logins in [
                ["paul", "Paul", "pAul", " paul", "PAUL", "paul "], ["nil", "Nil", "nIl", " nil", "NIL", "nil "],
            ] {
                var browser = await atPassword(fixture)
                var statuses: [Int] = []
                for login in logins {
                    statuses.append(
                        await browser.submit("/login/password", [("login", login), ("password", "wrong")]).status.code)
                }
                #expect(statuses == [422, 422, 422, 422, 422, 429], "\(logins[0])")
            }
        }
    }

    @Test("when too many sign in at once the person is told, and nothing counts against them") func busy() async throws
    {
        try await SignInFixture.run { fixture in
            var browser = await atPassword(fixture)
            fixture.work.fill()
            let answer = await browser.submit("/login/password", [("login", "paul"), ("password", "wrong")])
            #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] == "3")
            #expect(await fixture.count("SELECT COUNT(*) FROM sign_in_failures") == 0)
        }
    }

    @Test("of several requests that finish one interaction, one gets a code") func oneCode() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            await browser.follow(await browser.signIn("marie", fixture))
            let pairs = browser.hidden("/login/situation") + [(name: "situation", value: "s-1")]
            let ready = browser
            let codes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        var tab = ready
                        return await tab.post("/login/situation", pairs).location.contains("code=")
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(codes == 1)
        }
    }
}
