// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Third-party-initiated login · OpenID Connect Core §4")
struct ThirdPartyLoginTests {
    @Test("oidcc-3rd_party-init-login: the launcher starts where the client says, naming this provider") func launched()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient(["initiate_login_uri": "https://rp.example/start?tenant=1"])
            #expect(client.registration["initiate_login_uri"] == "https://rp.example/start?tenant=1")
            let stored = try #require(try await StoredClients(fixture.database).client(client.id))
            #expect(
                stored.start(issuer: ConformanceFixture.issuer)
                    == "https://rp.example/start?tenant=1&iss=http%3A%2F%2Flocalhost%3A8080")
            let plain = try #require(try await StoredClients(fixture.database).client("rp"))
            #expect(plain.start(issuer: ConformanceFixture.issuer) == "https://rp.example/")
        }
    }

    @Test("oidcc-3rd_party-init-login-nohttps: an address that is not https cannot be registered") func nohttps()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let error = try await fixture.refusal(["initiate_login_uri": "http://rp.example/start"])
            #expect(error == "invalid_client_metadata")
        }
    }
}
