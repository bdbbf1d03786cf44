// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Synchronization
import Testing

@Suite("Applications told in the back · Back-Channel Logout 1.0 §2")
struct BackChannelLogoutTests {
    static let address = "https://rp.example/back"

    /// What an application's endpoint was sent, and how it answers.
    final class Receiver: Sendable {
        private let state = Mutex((status: Int?.some(200), calls: [(uri: String, form: String)]()))
        var calls: [(uri: String, form: String)] { state.withLock { $0.calls } }
        func answer(_ status: Int?) { state.withLock { $0.status = status } }
        func tell(_ uri: String, _ form: [UInt8]) -> Int? {
            state.withLock { state in
                state.calls.append((uri, String(decoding: form, as: UTF8.self)))
                return state.status
            }
        }
    }

    private func withApplication(
        _ body: (ConformanceFixture, inout TestBrowser, Receiver, BackChannelLogout) async throws -> Void
    ) async throws {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.backChannelLogoutURI = Self.address
            metadata.backChannelLogoutSessionRequired = true
            try await fixture.register(ConformanceFixture.registration("back", metadata: metadata))
            var (browser, answer) = await fixture.signedIn(["client_id": "back"])
            _ = await fixture.redeem(try #require(answer.parameters["code"]), client: "back")
            let receiver = Receiver()
            try await body(fixture, &browser, receiver, delivery(fixture, receiver))
        }
    }

    private func delivery(_ fixture: ConformanceFixture, _ receiver: Receiver) -> BackChannelLogout {
        BackChannelLogout(
            records: StoredLogout(fixture.database), lane: fixture.lane,
            answers: ProtectedAnswers(keys: fixture.keys, clientKeys: ClientKeys(fetch: .none), random: .system),
            issuer: ConformanceFixture.issuer, random: .system, tell: { receiver.tell($0, $1) })
    }

    private func signOut(_ browser: inout TestBrowser) async {
        await browser.get("/")
        await browser.submit("/account/sign-out")
    }

    private func count(_ fixture: ConformanceFixture, _ statement: Statement) async throws -> Int64? {
        try await fixture.database.row(statement, [])?.integer(0)
    }

    @Test("oidcc-backchannel-logout-discovery-endpoint-verification: it is offered, with `sid`") func discovery()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let metadata = try await fixture.get(.openIDConfiguration).object()
            #expect(metadata["backchannel_logout_supported"]?.bool == true)
            #expect(metadata["backchannel_logout_session_supported"]?.bool == true)
        }
    }

    @Test("oidcc-backchannel-rp-initiated-logout: a signed logout token of the session reaches the application, once")
    func told() async throws {
        try await withApplication { fixture, browser, receiver, logout in
            #expect(try await logout.deliverDue(now: fixture.clock.now()) == 0)
            let session = try await fixture.database.row("SELECT id FROM sessions", [])?.text(0)
            await signOut(&browser)
            #expect(try await logout.deliverDue(now: fixture.clock.now()) == 1)
            #expect(try await logout.deliverDue(now: fixture.clock.now() + .days(1)) == 0)
            let call = try #require(receiver.calls.first)
            #expect(receiver.calls.count == 1 && call.uri == Self.address)

            let form = try Form(query: call.form)
            let token = try UnverifiedToken(compact: try #require(form["logout_token"]))
            let set = try JWKSet(parsing: await fixture.get(.keys).body)
            let found = try #require(set.key(for: token.header))
            let claims = try token.verified(by: found.key, algorithm: found.algorithm, type: "logout+jwt").claims
            try JWTExpectations(issuer: ConformanceFixture.issuer, audiences: ["back"]).check(
                claims, at: fixture.clock.now().seconds)
            #expect(claims["sid"]?.string == session && claims["sub"]?.string == "sub-marie")
            #expect(claims["events"] == ["http://schemas.openid.net/event/backchannel-logout": [:]])
            #expect((claims["jti"]?.string?.utf8.count ?? 0) >= 16 && claims["nonce"] == nil)
            let lifetime = (claims["exp"]?.integer ?? 0) - (claims["iat"]?.integer ?? 0)
            #expect(lifetime == 120)
            let entries = try await count(
                fixture,
                "SELECT COUNT(*) FROM journal_entries WHERE kind = 'sign_out' AND CAST(body AS TEXT) LIKE '%application_told%'"
            )
            #expect(entries == 1)
        }
    }

    @Test("a logout token is no ID token: it is refused as a hint") func confusion() async throws {
        try await withApplication { fixture, browser, receiver, logout in
            await signOut(&browser)
            _ = try await logout.deliverDue(now: fixture.clock.now())
            let call = try #require(receiver.calls.first)
            let token = try #require(Form(query: call.form)["logout_token"])
            #expect(await browser.get("/oauth2/logout?id_token_hint=\(token)").status == .badRequest)
        }
    }

    @Test(
        "an application that does not say it heard is told again, at growing intervals, then given up and journalled",
        arguments: [nil, 400, 302, 500])
    func retried(status: Int?) async throws {
        try await withApplication { fixture, browser, receiver, logout in
            receiver.answer(status)
            await signOut(&browser)
            var now = fixture.clock.now()
            #expect(try await logout.deliverDue(now: now) == 0)
            for (index, pause) in BackChannelLogout.pauses.enumerated() {
                #expect(try await logout.deliverDue(now: now + pause - .seconds(1)) == 0)
                #expect(receiver.calls.count == index + 1)
                now = now + pause
                #expect(
                    try await logout.deliverDue(now: now) == (index + 1 == BackChannelLogout.pauses.count ? 1 : 0))
                #expect(receiver.calls.count == index + 2)
            }
            #expect(try await count(fixture, "SELECT COUNT(*) FROM logout_notices") == 0)
            let entries = try await count(
                fixture, "SELECT COUNT(*) FROM journal_entries WHERE CAST(body AS TEXT) LIKE '%application_not_told%'")
            #expect(entries == 1)
            // Each attempt has a token of its own: a receiver that remembers `jti` does not refuse the next.
            #expect(Set(receiver.calls.map(\.form)).count == receiver.calls.count)
        }
    }

    @Test("an application that comes back hears of it") func comesBack() async throws {
        try await withApplication { fixture, browser, receiver, logout in
            receiver.answer(nil)
            await signOut(&browser)
            let now = fixture.clock.now()
            let before = try await logout.deliverDue(now: now)
            receiver.answer(204)
            let after = try await logout.deliverDue(now: now + .seconds(10))
            #expect(before == 0 && after == 1)
        }
    }

    @Test("two nodes at one queue tell once") func twoNodes() async throws {
        try await withApplication { fixture, browser, receiver, logout in
            await signOut(&browser)
            let now = fixture.clock.now()
            let other = delivery(fixture, receiver)
            async let first = logout.deliverDue(now: now)
            async let second = other.deliverDue(now: now)
            let told = try await first + second
            #expect(told == 1 && receiver.calls.count == 1)
        }
    }

    @Test("a session that another person's sign-in replaces is told of too, and one without such an application is not")
    func ends() async throws {
        try await withApplication { fixture, browser, receiver, logout in
            let session = try #require(await fixture.database.row("SELECT id FROM sessions", [])?.text(0))
            try await fixture.commit([
                SignInChange.endSession(
                    id: session, at: fixture.clock.now())
            ])
            #expect(try await count(fixture, "SELECT COUNT(*) FROM logout_notices") == 1)
            var (plain, answer) = await fixture.signedIn()
            _ = await fixture.redeem(try #require(answer.parameters["code"]))
            await signOut(&plain)
            #expect(try await count(fixture, "SELECT COUNT(*) FROM logout_notices") == 1)
        }
    }

    @Test("an application that was disabled meanwhile is told nothing") func disabled() async throws {
        try await withApplication { fixture, browser, receiver, logout in
            await signOut(&browser)
            try await fixture.commit([OAuthChange.disableClient(id: "back")])
            #expect(try await logout.deliverDue(now: fixture.clock.now()) == 1)
            #expect(receiver.calls.isEmpty)
            #expect(try await count(fixture, "SELECT COUNT(*) FROM logout_notices") == 0)
        }
    }

    @Test(
        "an address that cannot be told is refused at registration",
        arguments: [
            "http://rp.example/back", "https://rp.example/#a", "javascript:alert(1)", "https://u@rp.example/", "/back",
        ])
    func addresses(_ uri: String) {
        var metadata = ClientMetadata()
        metadata.backChannelLogoutURI = uri
        #expect(ConformanceFixture.registration("back", metadata: metadata).faults.count == 1)
        metadata = ClientMetadata()
        metadata.frontChannelLogoutURI = uri
        #expect(!ConformanceFixture.registration("front", metadata: metadata).faults.isEmpty)
    }

    @Test("a page to frame is of the application's own origin, and what needs an address has one") func settings() {
        var metadata = ClientMetadata()
        metadata.frontChannelLogoutURI = "https://other.example/front"
        #expect(
            ConformanceFixture.registration("front", metadata: metadata).faults
                == ["the URI `https://other.example/front` is of another origin than every redirect URI"])
        metadata = ClientMetadata()
        metadata.frontChannelLogoutSessionRequired = true
        metadata.backChannelLogoutSessionRequired = true
        #expect(ConformanceFixture.registration("front", metadata: metadata).faults.count == 2)
    }
}
