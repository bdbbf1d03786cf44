// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Signature of access tokens · RFC 9068 §2.1, §4")
struct AccessTokenAlgorithmTests {
    @Test(
        "an access token is signed as its client is registered, ES256 otherwise, and serves here either way",
        arguments: [(nil, "ES256"), (SignatureAlgorithm.rs256, "RS256")])
    func registered(_ algorithm: SignatureAlgorithm?, _ name: String) async throws {
        try await ConformanceFixture.run { fixture in
            var metadata = ClientMetadata()
            metadata.accessTokenAlgorithm = algorithm
            try await fixture.register(ConformanceFixture.registration("outside", metadata: metadata))
            let answer = await fixture.signedIn(["client_id": "outside"]).answer
            let tokens = try await fixture.redeem(try #require(answer.parameters["code"]), client: "outside").object()
            let access = try #require(tokens["access_token"]?.string)
            let header = try UnverifiedToken(compact: access).header
            #expect(header.algorithm == name && header.type == "at+jwt")
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(access)).status == .ok)
            let forged = access.split(separator: ".").dropLast().joined(separator: ".") + ".AAAA"
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(forged)).status == .unauthorized)
        }
    }

    @Test(
        "a client is not registered for a signature that Socle does not make",
        arguments: [SignatureAlgorithm.es384, .es512, .rs384, .ps512])
    func notOffered(_ algorithm: SignatureAlgorithm) {
        var metadata = ClientMetadata()
        metadata.accessTokenAlgorithm = algorithm
        let access = ConformanceFixture.registration("outside", metadata: metadata)
        var identity = ConformanceFixture.registration("outside", metadata: ClientMetadata())
        identity.idTokenAlgorithm = algorithm
        for registration in [access, identity] {
            #expect(registration.faults == ["tokens are not signed with `\(algorithm.rawValue)`"])
        }
    }
}
