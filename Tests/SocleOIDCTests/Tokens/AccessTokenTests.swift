// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import Testing

@Suite("Access token · RFC 9068")
struct AccessTokenTests {
    private let keys = TestKeys.shared

    private func claims(person: Bool = true) -> AccessTokenClaims {
        Sample.issuing.accessToken(
            subject: person ? "sub-1" : "dossier", client: Sample.confidentialClient, scopes: ["openid"],
            expires: nil, person: person ? AccessTokenClaims.Person(Sample.grant()) : nil)
    }

    private func sign(_ payload: [UInt8], type: String = "at+jwt", id: String = "key-1") async throws -> String {
        let (_, key) = try await keys.current(.es256)
        return try JWS.sign(payload: payload, with: key, keyID: id, type: type)
    }

    private func verifier(_ records: SampleRecords) -> AccessTokenVerifier {
        AccessTokenVerifier(keys: keys, grants: records, endpoints: Sample.endpoints)
    }

    private var standing: SampleRecords { SampleRecords(grants: [Sample.grant()]) }

    private func verify(
        _ token: String, _ verifier: AccessTokenVerifier, audience: String = Sample.endpoints.accessInterface,
        now: Instant = Sample.now
    ) async -> ProtocolError.Code? {
        do throws(ProtocolError) {
            _ = try await verifier.verify(bearer: token, requiredAudience: audience, now: now)
            return nil
        } catch { return error.code }
    }

    @Test("claims come back as they were issued") func roundTrip() throws {
        for person in [true, false] {
            let claims = claims(person: person)
            let object = try #require(try JSONValue(parsing: claims.payload).object)
            #expect(AccessTokenClaims(object) == claims)
        }
    }

    @Test("a token in force is verified, twice the same way") func verified() async throws {
        let token = try await sign(claims().payload)
        let verifier = verifier(standing)
        for _ in 0..<2 {
            let verified = try await verifier.verify(
                bearer: token, requiredAudience: Sample.endpoints.accessInterface, now: Sample.now)
            #expect(verified.isUserToken && verified.situation == "750000001" && verified.clientID == "dossier")
        }
    }

    @Test("a remembered token still expires, and still dies with its grant") func remembered() async throws {
        let token = try await sign(claims().payload)
        let verifier = verifier(standing)
        #expect(await verify(token, verifier) == nil)
        #expect(await verify(token, verifier, now: Sample.now + .minutes(5)) == .invalidToken)
        var revoked = standing
        revoked.grants[0].revokedAt = Sample.now
        #expect(await verify(token, self.verifier(revoked)) == .invalidToken)
        #expect(await verify(token, self.verifier(SampleRecords())) == .invalidToken)
    }

    @Test("another audience, type, issuer or key is refused") func elsewhere() async throws {
        let verifier = verifier(standing)
        let payload = claims().payload
        #expect(await verify(try await sign(payload), verifier, audience: "https://other.example") == .invalidToken)
        #expect(await verify(try await sign(payload, type: "JWT"), verifier) == .invalidToken)
        #expect(await verify(try await sign(payload, id: "key-9"), verifier) == .invalidToken)
        var other = claims()
        other.issuer = "https://other.example"
        #expect(await verify(try await sign(other.payload), verifier) == .invalidToken)
    }

    @Test(
        "a token that is not one is refused",
        arguments: ["", ".", "..", "a.b.c", "x", String(repeating: "a", count: 20_000)])
    func malformed(_ text: String) async { #expect(await verify(text, verifier(standing)) == .invalidToken) }

    @Test("one changed byte of the signature or claims is refused") func tampered() async throws {
        let token = try await sign(claims().payload)
        let parts = token.split(separator: ".").map(String.init)
        var widened = claims()
        widened.scopes.append("access:assert")
        let forged = [parts[0], Base64URL.encode(widened.payload), parts[2]].joined(separator: ".")
        #expect(await verify(forged, verifier(standing)) == .invalidToken)
        let none = Base64URL.encode(Array(#"{"alg":"none","typ":"at+jwt","kid":"key-1"}"#.utf8))
        #expect(await verify("\(none).\(parts[1]).", verifier(standing)) == .invalidToken)
    }

    @Test("records that cannot be read are no verdict") func unavailable() async throws {
        let token = try await sign(claims().payload)
        var down = standing
        down.failing = true
        #expect(await verify(token, verifier(down)) == .temporarilyUnavailable)
    }
}

@Suite("ID token · OpenID Connect Core §2")
struct IDTokenTests {
    @Test("it holds who, when and how, and binds the access token") func claims() throws {
        let claims = IDTokenClaims(
            issuer: Sample.endpoints.issuer, audience: "dossier", grant: Sample.grant(), nonce: "n-1",
            issuedAt: Sample.now, expires: Sample.now + .minutes(10))
        // OpenID Connect Core appendix A.3's access token.
        let object = try #require(
            try JSONValue(
                parsing: claims.payload(accessToken: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", algorithm: .rs256)
            ).object)
        #expect(object["at_hash"]?.string == "77QmUPtjPfzWtF2AnpK9RQ")
        #expect(object["sub"] == "sub-1" && object["aud"] == "dossier" && object["nonce"] == "n-1")
        #expect(object["auth_time"]?.integer == Sample.now.seconds - 60)
        #expect(object["acr"] == "eidas1" && object["sid"] == "session-1" && object["amr"] == ["pwd", "otp", "mfa"])
        #expect(object["azp"] == nil)
    }
}
