// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Logout addresses an application registers · Back-Channel §2.2, Front-Channel §2, RP-Initiated §3.1, RFC 7592")
struct LogoutRegistrationTests {
    private static let addresses: JSONObject = [
        "backchannel_logout_uri": "https://back.rp.example/told", "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://rp.example/front", "frontchannel_logout_session_required": true,
        "post_logout_redirect_uris": ["https://rp.example/bye"],
    ]

    private func signOut(_ browser: inout TestBrowser, _ fixture: ConformanceFixture) async throws -> WebResponse {
        await browser.get("/")
        return await browser.submit("/account/sign-out")
    }

    private func notices(_ fixture: ConformanceFixture) async throws -> Int64? {
        try await fixture.database.row("SELECT COUNT(*) FROM logout_notices", [])?.integer(0)
    }

    @Test("what was registered is read back, and both channels are used") func registered() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient(Self.addresses)
            let told = try await fixture.callRegistration(.get, id: client.id, bearer: client.token).object()
            for member in Self.addresses.members {
                #expect(client.registration[member.name] == member.value, "\(member.name)")
                #expect(told[member.name] == member.value, "\(member.name)")
            }
            var (browser, answer) = await fixture.agreed(to: client)
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client).object()
            let hint = try #require(tokens["id_token"]?.string)
            let page = await browser.get(
                Form.append(
                    [("id_token_hint", hint), ("post_logout_redirect_uri", "https://rp.example/bye")],
                    to: "/oauth2/logout"))
            #expect(page.text.contains(#"<iframe src="https://rp.example/front?iss="#))
            #expect(page.text.contains(#"href="https://rp.example/bye""#))
            let stored = StoredLogout(fixture.database)
            let due = try await stored.due(at: fixture.clock.now(), limit: 10)
            #expect(due.map { $0.client?.metadata.backChannelLogoutURI } == ["https://back.rp.example/told"])
        }
    }

    @Test("left out of a replacement they are gone: nobody is told, nothing is framed") func replaced() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient(Self.addresses)
            var metadata = ConformanceFixture.metadata
            metadata["client_id"] = .string(client.id)
            let told = try await fixture.callRegistration(.put, id: client.id, bearer: client.token, metadata).object()
            for member in Self.addresses.members { #expect(told[member.name] == nil, "\(member.name)") }
            var (browser, answer) = await fixture.agreed(to: client)
            _ = try await fixture.redeem(try #require(answer.parameters["code"]), client)
            let page = try await signOut(&browser, fixture)
            #expect(!page.text.contains("<iframe"))
            #expect(try await notices(fixture) == 0)
        }
    }

    @Test(
        "a page to frame is of a redirect URI's own origin; an address is one, a flag is one and has its address",
        arguments: [
            ["frontchannel_logout_uri": "https://other.example/front"],
            ["frontchannel_logout_uri": "https://rp.example:8443/front"],
            ["frontchannel_logout_uri": "https://rp.example.evil.example/front"],
            ["frontchannel_logout_uri": "https://rp.example/front#a"], ["frontchannel_logout_uri": "/front"],
            ["frontchannel_logout_uri": "javascript:alert(1)"], ["frontchannel_logout_uri": 1],
            ["frontchannel_logout_session_required": true], ["backchannel_logout_session_required": true],
            ["backchannel_logout_uri": "http://rp.example/told"],
            ["backchannel_logout_uri": "https://u:p@rp.example/told"],
            ["backchannel_logout_uri": "https://rp.example/told#a"],
            ["backchannel_logout_uri": ["https://rp.example/told"]],
            ["backchannel_logout_uri": "https://rp.example/told", "backchannel_logout_session_required": "true"],
        ] as [JSONObject])
    func refused(_ change: JSONObject) async throws {
        try await ConformanceFixture.run { fixture in
            let error = try await fixture.refusal(change)
            #expect(error == "invalid_client_metadata")
        }
    }

    @Test("an address to come back to is as exact as a redirect URI") func comeBack() async throws {
        try await ConformanceFixture.run { fixture in
            for uri in ["https://rp.example/*", "http://rp.example/bye", "https://rp.example/a/../bye"] {
                let error = try await fixture.refusal(["post_logout_redirect_uris": [.string(uri)]])
                #expect(error == "invalid_redirect_uri", "\(uri)")
            }
        }
    }

    @Test("what signs assertions is not asked of who makes none") func assertionAlgorithm() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient(["token_endpoint_auth_signing_alg": "RS256"])
            #expect(client.registration["token_endpoint_auth_signing_alg"] == nil)
            let error = try await fixture.refusal([
                "token_endpoint_auth_method": "client_secret_jwt", "token_endpoint_auth_signing_alg": "RS256",
            ])
            #expect(error == "invalid_client_metadata")
        }
    }
}
