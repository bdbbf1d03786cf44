// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Sign-out asked by an application · RP-Initiated Logout 1.0 §2, §3")
struct RPInitiatedLogoutTests {
    static let bye = "https://rp.example/bye"

    /// A browser signed in to `rp`, which has a registered address to come back to, and the ID token it got.
    private func signedIn(
        _ body: (ConformanceFixture, inout TestBrowser, _ idToken: String) async throws -> Void
    ) async throws {
        try await ConformanceFixture.run { fixture in
            var registration = ConformanceFixture.registration("app")
            registration.postLogoutRedirectURIs = [Self.bye]
            try await fixture.register(registration)
            var (browser, answer) = await fixture.signedIn(["client_id": "app"])
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client: "app").object()
            try await body(fixture, &browser, try #require(tokens["id_token"]?.string))
        }
    }

    private func logout(_ browser: inout TestBrowser, _ pairs: [(name: String, value: String)]) async -> WebResponse {
        await browser.get(Form.append(pairs, to: Endpoints.Path.logout.rawValue))
    }

    /// Whether the browser still holds a session, as an application would find out.
    private func isSignedIn(_ fixture: ConformanceFixture, _ browser: inout TestBrowser) async -> Bool {
        await browser.get(fixture.target(["client_id": "app", "prompt": "none"])).parameters["code"] != nil
    }

    @Test("oidcc-rp-initiated-logout-discovery-endpoint-verification: the endpoint is published")
    func discovery() async throws {
        try await ConformanceFixture.run { fixture in
            let metadata = try await fixture.get(.openIDConfiguration).object()
            #expect(metadata["end_session_endpoint"]?.string == ConformanceFixture.issuer + "/oauth2/logout")
        }
    }

    @Test("oidcc-rp-initiated-logout: the browser is signed out and comes back with its state") func logout()
        async throws
    {
        try await signedIn { fixture, browser, hint in
            let answer = await logout(
                &browser, [("id_token_hint", hint), ("post_logout_redirect_uri", Self.bye), ("state", "a b&c")])
            #expect(answer.location == Self.bye + "?state=a%20b%26c")
            #expect(await !isSignedIn(fixture, &browser))
        }
    }

    @Test("oidcc-rp-initiated-logout-no-state: it comes back without one") func noState() async throws {
        try await signedIn { fixture, browser, hint in
            let answer = await logout(&browser, [("id_token_hint", hint), ("post_logout_redirect_uri", Self.bye)])
            #expect(answer.location == Self.bye)
            #expect(await !isSignedIn(fixture, &browser))
        }
    }

    @Test("oidcc-rp-initiated-logout-no-post-logout-redirect-uri: a page of ours says so") func noURI() async throws {
        try await signedIn { fixture, browser, hint in
            let answer = await logout(&browser, [("id_token_hint", hint), ("state", "s")])
            #expect(answer.status == .ok && answer.location.isEmpty)
            #expect(await !isSignedIn(fixture, &browser))
        }
    }

    @Test(
        "the person is asked when nothing proves who asks",
        arguments: [
            ("oidcc-rp-initiated-logout-no-params", []), ("oidcc-rp-initiated-logout-only-state", [("state", "s")]),
        ] as [(String, [(name: String, value: String)])])
    func asked(module: String, pairs: [(name: String, value: String)]) async throws {
        try await signedIn { fixture, browser, _ in
            let page = await logout(&browser, pairs)
            #expect(page.status == .ok && page.text.contains("/account/sign-out"), "\(module)")
            #expect(await isSignedIn(fixture, &browser))
            _ = await logout(&browser, pairs)
            let answer = await browser.submit("/account/sign-out")
            #expect(answer.status == .ok && answer.location.isEmpty)
            #expect(await !isSignedIn(fixture, &browser))
        }
    }

    @Test(
        "an address that is not the application's own is an error on a page of ours, and signs nobody out",
        arguments: [
            ("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", "https://rp.example/other"),
            ("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", bye + "?foo=bar"),
        ])
    func foreignURI(module: String, uri: String) async throws {
        try await signedIn { fixture, browser, hint in
            let answer = await logout(&browser, [("id_token_hint", hint), ("post_logout_redirect_uri", uri)])
            #expect(answer.status == .badRequest && answer.location.isEmpty, "\(module)")
            #expect(await isSignedIn(fixture, &browser))
        }
    }

    @Test("oidcc-rp-initiated-logout-no-id-token-hint: an address of nobody in particular leads nowhere")
    func noHint() async throws {
        try await signedIn { fixture, browser, _ in
            let answer = await logout(&browser, [("post_logout_redirect_uri", Self.bye), ("state", "s")])
            #expect(answer.status == .badRequest && answer.location.isEmpty)
            #expect(await isSignedIn(fixture, &browser))
        }
    }

    @Test(
        "a hint that we did not sign as it stands is refused",
        arguments: [
            "oidcc-rp-initiated-logout-modified-id-token-hint", "oidcc-rp-initiated-logout-bad-id-token-hint",
        ])
    func badHint(module: String) async throws {
        try await signedIn { fixture, browser, hint in
            var parts = hint.split(separator: ".").map(String.init)
            if module.contains("modified") {
                // Another subject under the same signature.
                parts[1] = String(parts[1].dropLast(4)) + "AAAA"
            } else {
                parts[2] = String(parts[2].reversed())
            }
            let bad = parts.joined(separator: ".")
            let answer = await logout(&browser, [("id_token_hint", bad), ("post_logout_redirect_uri", Self.bye)])
            #expect(answer.status == .badRequest && answer.location.isEmpty)
            #expect(await isSignedIn(fixture, &browser))
        }
    }
}
