// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Userinfo and ID tokens signed and encrypted · OpenID Connect Core §5.3.2, §10.2")
struct ProtectedAnswerTests {
    private static let decryption = try? DecryptionKey.generate(.ec(.p256))

    private func encryptionKeys() throws -> JSONObject {
        let key = try #require(Self.decryption)
        return JWKSet([JWK(key: key.publicKey, keyID: "e-1", algorithm: .ecdhESA128KW)]).json
    }

    private func opened(_ text: String) throws -> (token: EncryptedToken, plaintext: [UInt8]) {
        let token = try EncryptedToken(compact: text)
        #expect(token.header.keyID == "e-1")
        return (
            token,
            try token.plaintext(
                openedBy: try #require(Self.decryption), algorithms: [.ecdhESA128KW], encryptions: [.a256GCM])
        )
    }

    @Test("oidcc-userinfo-rs256: signed for who registered it, with issuer and audience") func signed() async throws {
        try await ConformanceFixture.run { fixture in
            let client = try await fixture.dynamicClient(["userinfo_signed_response_alg": "RS256"])
            let tokens = try await fixture.tokens(of: client, ["scope": "openid email"])
            let bearer = Provider.bearer(try #require(tokens["access_token"]?.string))
            let answer = await fixture.get(.userInfo, headers: bearer)
            #expect(answer.headers[.contentType] == "application/jwt")
            let token = try UnverifiedToken(compact: answer.text)
            let set = try JWKSet(parsing: await fixture.get(.keys).body)
            let found = try #require(set.key(for: token.header))
            let claims = try token.verified(by: found.key, algorithm: .rs256).claims
            #expect(claims["iss"]?.string == ConformanceFixture.issuer && claims["aud"]?.string == client.id)
            #expect(claims["sub"] == "sub-marie" && claims["email"] == "marie@example.fr")
            // Not an access token, nor an ID token: it says what it is.
            #expect(await fixture.get(.userInfo, headers: Provider.bearer(answer.text)).status == .unauthorized)
        }
    }

    @Test("encrypted to a key of the client's, with a signed token inside or without") func encrypted() async throws {
        try await ConformanceFixture.run { fixture in
            for algorithm in ["ES256", nil] as [String?] {
                let client = try await fixture.dynamicClient([
                    "userinfo_signed_response_alg": algorithm.map(JSONValue.string) ?? .null,
                    "userinfo_encrypted_response_alg": "ECDH-ES+A128KW", "userinfo_encrypted_response_enc": "A256GCM",
                    "id_token_encrypted_response_alg": "ECDH-ES+A128KW", "id_token_encrypted_response_enc": "A256GCM",
                    "jwks": .object(try encryptionKeys()),
                ])
                let tokens = try await fixture.tokens(of: client)
                let bearer = Provider.bearer(try #require(tokens["access_token"]?.string))
                let answer = await fixture.get(.userInfo, headers: bearer)
                #expect(answer.headers[.contentType] == "application/jwt")
                let (token, plaintext) = try opened(answer.text)
                let claims: JSONObject?
                if algorithm == nil {
                    claims = try JSONValue(parsing: plaintext).object
                } else {
                    claims = try token.signedToken(in: plaintext).unverifiedClaims
                }
                #expect(claims?["sub"] == "sub-marie")
                let (nested, inside) = try opened(try #require(tokens["id_token"]?.string))
                #expect(try nested.signedToken(in: inside).unverifiedClaims?["nonce"] == "nonce-1")
            }
        }
    }

    @Test(
        "encryption without a key, or by a shared secret, cannot be registered; a key withdrawn is not replaced by none"
    )
    func keyless() async throws {
        try await ConformanceFixture.run { fixture in
            for change in [
                ["userinfo_encrypted_response_alg": "ECDH-ES"], ["userinfo_encrypted_response_alg": "dir"],
                ["userinfo_encrypted_response_enc": "A256GCM"], ["id_token_encrypted_response_alg": "RSA1_5"],
            ] as [JSONObject] {
                let error = try await fixture.refusal(change)
                #expect(error == "invalid_client_metadata", "\(change.names)")
            }
            let uri = "https://rp.example/jwks.json"
            fixture.web.serve(JSONValue.object(try encryptionKeys()).text, at: uri)
            let client = try await fixture.dynamicClient([
                "userinfo_encrypted_response_alg": "ECDH-ES+A128KW", "jwks_uri": .string(uri),
            ])
            let tokens = try await fixture.tokens(of: client)
            fixture.web.serve(#"{"keys":[]}"#, at: uri)
            let bearer = Provider.bearer(try #require(tokens["access_token"]?.string))
            fixture.clock.advance(.minutes(1))
            let answer = await fixture.get(.userInfo, headers: bearer)
            #expect(answer.status == .internalServerError && !answer.text.contains("sub-marie"))
        }
    }
}

@Suite("Introspection as a JWT · RFC 9701")
struct IntrospectionTokenTests {
    @Test("asked for by its media type, it says for whom and when, and keeps what it tells apart") func token()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let access = try #require(try await fixture.tokens()["access_token"]?.string)
            var headers = Provider.basic("rp", ConformanceFixture.secret)
            headers[.accept] = "application/token-introspection+jwt"
            for (text, active) in [(access, true), ("x.y.z", false)] {
                let answer = await fixture.post(.introspect, [("token", text)], headers: headers)
                #expect(answer.headers[.contentType] == "application/token-introspection+jwt")
                let token = try UnverifiedToken(compact: answer.text)
                let set = try JWKSet(parsing: await fixture.get(.keys).body)
                let found = try #require(set.key(for: token.header))
                let claims = try token.verified(
                    by: found.key, algorithm: found.algorithm, type: "token-introspection+jwt"
                ).claims
                #expect(claims["iss"]?.string == ConformanceFixture.issuer && claims["aud"] == "rp")
                #expect(claims["iat"]?.integer == fixture.clock.now().seconds)
                #expect(claims["sub"] == nil && claims["exp"] == nil)
                #expect(claims["token_introspection"]?["active"] == .bool(active))
            }
            headers[.accept] = "application/json"
            let plain = await fixture.post(.introspect, [("token", access)], headers: headers)
            #expect(plain.headers[.contentType] == "application/json")
        }
    }

    @Test("nobody gets one who would not get the plain answer") func refused() async throws {
        try await ConformanceFixture.run { fixture in
            var headers = Provider.basic("rp", "wrong")
            headers[.accept] = "application/token-introspection+jwt"
            let answer = await fixture.post(.introspect, [("token", "x")], headers: headers)
            #expect(answer.status == .unauthorized && answer.error == "invalid_client")
        }
    }
}
