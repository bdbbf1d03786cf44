// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Sign-out in the browser · Front-Channel Logout 1.0 §2, §3")
struct FrontChannelLogoutTests {
    static let frame = "https://rp.example/front?tenant=1"

    private func withApplication(
        _ body: (ConformanceFixture, inout TestBrowser, _ tokens: JSONObject) async throws -> Void
    ) async throws {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.frontChannelLogoutURI = Self.frame
            metadata.frontChannelLogoutSessionRequired = true
            var registration = ConformanceFixture.registration("front", metadata: metadata)
            registration.postLogoutRedirectURIs = ["https://rp.example/bye"]
            try await fixture.register(registration)
            var (browser, answer) = await fixture.signedIn(["client_id": "front"])
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client: "front").object()
            try await body(fixture, &browser, tokens)
        }
    }

    @Test("oidcc-frontchannel-logout-discovery-endpoint-verification: it is offered, with `sid`")
    func discovery() async throws {
        try await ConformanceFixture.run { fixture in
            let metadata = try await fixture.get(.openIDConfiguration).object()
            #expect(metadata["frontchannel_logout_supported"]?.bool == true)
            #expect(metadata["frontchannel_logout_session_supported"]?.bool == true)
        }
    }

    @Test(
        "oidcc-frontchannel-rp-initiated-logout: the application's page is framed, told who signed out, and left for its address"
    )
    func framed() async throws {
        try await withApplication { fixture, browser, tokens in
            let session = try #require(await fixture.database.row("SELECT id FROM sessions", [])?.text(0))
            let hint = try #require(tokens["id_token"]?.string)
            let page = await browser.get(
                Form.append(
                    [("id_token_hint", hint), ("post_logout_redirect_uri", "https://rp.example/bye"), ("state", "s")],
                    to: "/oauth2/logout"))
            #expect(page.status == .ok)
            let sources = page.text.matches(of: #/<iframe src="([^"]*)"/#).map {
                String($0.1).replacing("&amp;", with: "&")
            }
            let iss = "http%3A%2F%2Flocalhost%3A8080"
            #expect(sources == ["\(Self.frame)&iss=\(iss)&sid=\(session)"])
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.contains("frame-src https://rp.example;") && policy.contains("default-src 'none'"))
            let refresh = try #require(HTTPField.Name("Refresh"))
            #expect(page.headers[refresh] == "3; url=https://rp.example/bye?state=s")
            #expect(page.text.contains("href=\"https://rp.example/bye?state=s\""))
            #expect(browser.cookies["socle_session"] == nil && browser.cookies["socle_state"] == nil)
        }
    }

    @Test("signing out of Socle itself frames it too, and stays") func launcher() async throws {
        try await withApplication { fixture, browser, _ in
            await browser.get("/")
            let page = await browser.submit("/account/sign-out")
            #expect(page.text.contains("<iframe") && page.text.contains("RP &lt;front&gt;"))
            let refresh = try #require(HTTPField.Name("Refresh"))
            #expect(page.headers[refresh] == nil)
        }
    }

    @Test("applications that have no such page, or were not signed in to, are not framed") func others() async throws {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.frontChannelLogoutURI = Self.frame
            try await fixture.register(ConformanceFixture.registration("front", metadata: metadata))
            var (browser, answer) = await fixture.signedIn()
            _ = await fixture.redeem(try #require(answer.parameters["code"]))
            await browser.get("/")
            let page = await browser.submit("/account/sign-out")
            #expect(!page.text.contains("<iframe"))
            #expect(!(page.headers[.contentSecurityPolicy] ?? "").contains("frame-src"))
        }
    }
}
