// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Applications that know one's own account")
struct OwnApplicationTests {
    /// marie signed in to the region's `rp`, then to `guest`, which is not the region's.
    private func withGuest(
        _ scope: String = "openid email", _ body: (ConformanceFixture, TestBrowser, String) async throws -> Void
    ) async throws {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.isThirdParty = true
            try await fixture.register(ConformanceFixture.registration("guest", metadata: metadata))
            var (browser, _) = await fixture.signedIn()
            await browser.follow(await browser.get(fixture.target(["client_id": "guest", "scope": scope])))
            let answer = await browser.submit("/login/consent", [("answer", "allow")])
            try await body(fixture, browser, try #require(answer.parameters["code"]))
        }
    }

    @Test("the region's own is shown as such, without a button; the other with what it knows") func shown() async throws
    {
        try await withGuest { fixture, browser, code in
            var browser = browser
            _ = try await fixture.redeem(code, client: "guest").object()
            let rp = await browser.get(fixture.target()).parameters["code"]
            _ = try await fixture.redeem(try #require(rp)).object()
            await browser.get("/account/applications")
            #expect(browser.page.contains("RP &lt;guest&gt;") && browser.page.contains("adresse électronique"))
            #expect(browser.page.contains("Service e-Parcours") && browser.page.contains("RP &lt;rp&gt;"))
            #expect(browser.hidden("/account/applications").filter { $0.name == "client" }.map(\.value) == ["guest"])
        }
    }

    @Test("a withdrawal ends the access token, the refresh token and the code under way, and is asked anew")
    func withdrawn() async throws {
        try await withGuest("openid offline_access") { fixture, browser, code in
            var browser = browser
            let tokens = try await fixture.redeem(code, client: "guest").object()
            let silent = fixture.target(["client_id": "guest", "scope": "openid offline_access", "prompt": "none"])
            let pending = try #require(await browser.get(silent).parameters["code"])
            await browser.get("/account/applications")
            #expect(browser.page.contains("quand vous n’êtes pas connecté"))
            let answer = await browser.submit("/account/applications")
            #expect(await browser.follow(answer).text.contains("role=\"status\""))
            #expect(!browser.page.contains("guest"))

            let access = try #require(tokens["access_token"]?.string)
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
            let refresh = try #require(tokens["refresh_token"]?.string)
            let refreshed = await fixture.post(
                .token, [("grant_type", "refresh_token"), ("refresh_token", refresh)],
                headers: Provider.basic("guest", ConformanceFixture.secret))
            #expect(try refreshed.object()["error"] == "invalid_grant")
            #expect(try await fixture.redeem(pending, client: "guest").object()["error"] == "invalid_grant")
            #expect(await browser.get(silent).parameters["error"] == "consent_required")
        }
    }

    @Test("what is not the person's to end, or is nothing, is refused the same way, and stays") func refused()
        async throws
    {
        try await withGuest { fixture, browser, _ in
            var browser = browser
            let rp = await browser.get(fixture.target()).parameters["code"]
            let tokens = try await fixture.redeem(try #require(rp)).object()
            await browser.get("/account/applications")
            let fields = browser.hidden("/account/applications").filter { $0.name != "client" }
            var answers: Set<String> = []
            for client in ["rp", "nothing", "", "<guest>"] {
                let answer = await browser.post("/account/applications", fields + [("client", client)])
                #expect(answer.status.code == 422)
                answers.insert(answer.text)
            }
            #expect(answers.count == 1)
            let access = try #require(tokens["access_token"]?.string)
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .ok)
            let kept = try await StoredConsents(fixture.database).consents(of: "sub-marie")
            #expect(kept.map(\.clientID) == ["guest"])
        }
    }

    @Test("a second withdrawal finds nothing") func twice() async throws {
        try await withGuest { fixture, browser, _ in
            var browser = browser
            await browser.get("/account/applications")
            let fields = browser.hidden("/account/applications")
            #expect(await browser.post("/account/applications", fields).status == .seeOther)
            #expect(await browser.post("/account/applications", fields).status.code == 422)
        }
    }
}
