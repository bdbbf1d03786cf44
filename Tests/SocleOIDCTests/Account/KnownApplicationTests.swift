// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleOIDC
import Testing

@Suite("Applications that know a person")
struct KnownApplicationTests {
    let start = Instant(seconds: 1_793_610_000)

    private func grant(
        _ client: String, session: String = "open", scopes: [String] = ["openid"], after: Duration = .zero
    ) -> Grant {
        Grant(
            id: "\(client)-\(session)", clientID: client, subject: "sub-1", sessionID: session, scopes: scopes,
            authenticatedAt: start, acr: "eidas1", methods: ["pwd"], situation: nil, createdAt: start + after,
            expires: start + .hours(1))
    }

    private func consent(_ client: String, scopes: Set<String> = ["openid", "email"]) -> ApplicationConsent {
        ApplicationConsent(
            subject: "sub-1", clientID: client, scopes: scopes, claims: ["name"], givenAt: start - .days(2))
    }

    @Test("a grant counts while its session is open, or for itself when it is offline") func standing() {
        let known = KnownApplication.all(
            consents: [],
            grants: [
                grant("ended", session: "over"), grant("kept", session: "over", scopes: ["openid", "offline_access"]),
                grant("here"),
            ], openSessions: ["open"])
        #expect(known.map(\.clientID) == ["here", "kept"])
        #expect(known.map(\.isOffline) == [false, true])
    }

    @Test("a consent counts without any session, and adds to what is known") func agreed() {
        let known = KnownApplication.all(
            consents: [consent("guest")], grants: [grant("guest", scopes: ["openid", "phone"], after: .hours(1))],
            openSessions: ["open"])
        #expect(known.count == 1 && known[0].scopes == ["openid", "email", "phone"] && known[0].claims == ["name"])
        #expect(known[0].since == start - .days(2))
        #expect(KnownApplication.all(consents: [consent("guest")], grants: [], openSessions: []).count == 1)
    }

    @Test("whatever is deleted is an outsider; a region's own is ended by signing out, unless it is offline")
    func ending() {
        let known = KnownApplication.all(
            consents: [], grants: [grant("app"), grant("kept", scopes: ["offline_access"])], openSessions: ["open"])
        #expect(known.allSatisfy { $0.isThirdParty && $0.canBeEnded })
        let own = known.map { application in
            var application = application
            application.client = Client(
                id: application.clientID, name: "A", authentication: .none, redirectURIs: ["https://a.example/cb"],
                grantTypes: [.authorizationCode], scopes: ["openid"])
            return application
        }
        #expect(own.map(\.isThirdParty) == [false, false] && own.map(\.canBeEnded) == [false, true])
    }
}

@Suite("What a browser says it is")
struct DeviceTests {
    @Test(
        "families, the youngest of those a browser names",
        arguments: [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "firefox windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0",
                "edge windows"
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
                "chrome android"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
                "safari ios"
            ),
            ("curl/8.5", "other other"), ("", "other other"),
        ])
    func families(userAgent: String, expected: String) {
        let device = Device(userAgent: userAgent)
        #expect(device.stored == expected && Device(stored: expected) == device)
    }

    @Test("words unknown here are no device", arguments: ["", "firefox", "firefox amiga", "a b c", "windows firefox"])
    func unknown(stored: String) { #expect(Device(stored: stored) == nil) }
}
