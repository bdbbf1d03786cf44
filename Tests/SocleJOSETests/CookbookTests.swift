// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON
import Testing

@Suite(
    "Published examples · RFC 7520, RFC 8037, RFC 7638, RFC 7515",
    .enabled(if: Vectors.areExpected, "needs shared/vectors/jose (SOCLE_VECTORS)"))
struct CookbookTests {
    private func example(_ path: String) throws -> (token: String, key: JSONObject, payload: [UInt8]) {
        let example = try Vectors.json("cookbook/" + path)
        return (
            try #require(example["output"]?["compact"]?.string),
            try #require(example["input"]?["key"]?.object),
            Array(try #require(example["input"]?["payload"]?.string).utf8)
        )
    }

    @Test("RFC 7520 §4.1, RS256: verified, and its key may not be another algorithm's") func rs256() throws {
        let (token, key, payload) = try example("jws/4_1.rsa_v15_signature.json")
        let jwk = try JWK(key.withoutPrivateMembers)
        let unverified = try UnverifiedToken(compact: token)
        #expect(unverified.header.keyID == "bilbo.baggins@hobbiton.example")
        #expect(try unverified.signedPayload(by: jwk.key, algorithm: .rs256) == payload)
        #expect(throws: JOSEError.wrongAlgorithm) { try unverified.signedPayload(by: jwk.key, algorithm: .ps256) }
        // The payload is prose: a JWS, but not a JWT.
        #expect(throws: JOSEError.malformedClaims) { try unverified.verified(by: jwk.key, algorithm: .rs256) }
    }

    @Test("RFC 7520 §4.2 to §4.4, PS384, ES512 and HS256, are not offered, and refused by name")
    func notOffered() throws {
        for path in ["jws/4_2.rsa-pss_signature.json", "jws/4_3.ecdsa_signature.json"] {
            let (token, key, _) = try example(path)
            let unverified = try UnverifiedToken(compact: token)
            let set = JWKSet((try? JWK(key.withoutPrivateMembers)).map { [$0] } ?? [])
            #expect(set.key(for: unverified.header) == nil)
        }
        let (token, key, _) = try example("jws/4_4.hmac-sha2_integrity_protection.json")
        #expect(throws: JOSEError.malformedKey) { try JWK(key) }
        let other = try SigningKey.generate(.es256).publicKey
        for algorithm in SignatureAlgorithm.allCases {
            #expect(throws: JOSEError.wrongAlgorithm) {
                try UnverifiedToken(compact: token).signedPayload(by: other, algorithm: algorithm)
            }
        }
    }

    @Test("RFC 7520 §4.5, detached content, is not the compact form of what it signs") func detached() throws {
        let example = try Vectors.json("cookbook/jws/4_5.signature_with_detached_content.json")
        let token = try #require(example["output"]?["compact"]?.string)
        let key = try SigningKey.generate(.rs256).publicKey
        #expect(throws: JOSEError.self) {
            try UnverifiedToken(compact: token).signedPayload(by: key, algorithm: .rs256)
        }
    }

    @Test("RFC 7520 §3.3 is read and printed; §3.1 (P-521) is not offered; §3.2 and §3.4 to §3.6 are private")
    func keys() throws {
        let rsa = try #require(try Vectors.json("cookbook/jwk/3_3.rsa_public_key.json").object)
        let jwk = try JWK(rsa)
        #expect(jwk.json == rsa)
        for name in ["3_1.ec_public_key", "3_2.ec_private_key", "3_4.rsa_private_key"] {
            let key = try #require(try Vectors.json("cookbook/jwk/\(name).json").object)
            #expect(throws: JOSEError.malformedKey) { try JWK(key) }
        }
        for name in ["3_5.symmetric_key_mac_computation", "3_6.symmetric_key_encryption"] {
            let key = try #require(try Vectors.json("cookbook/jwk/\(name).json").object)
            #expect(throws: JOSEError.malformedKey) { try JWK(key) }
        }
    }

    @Test("RFC 8037 appendix A: the Ed25519 key, its thumbprint, and its signature made again byte for byte")
    func ed25519() throws {
        let (token, key, payload) = try example("curve25519/jws.json")
        let jwk = try JWK(key.withoutPrivateMembers)
        #expect(jwk.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(jwk.pinnedAlgorithm == .edDSA)
        let unverified = try UnverifiedToken(compact: token)
        #expect(try unverified.signedPayload(by: jwk.key, algorithm: .edDSA) == payload)
        let seed = try #require(key["d"]?.string.flatMap { Base64URL.decode($0) })
        let signing = try SigningKey(ed25519Seed: Secret(seed))
        let signed = token.utf8.prefix { _ in true }.split(separator: UInt8(ascii: "."))
        let message = Array(signed[0]) + [UInt8(ascii: ".")] + Array(signed[1])
        #expect(Base64URL.encode(try signing.sign(message)).utf8.elementsEqual(signed[2]))
    }
}

@Suite("Examples printed in the specifications")
struct SpecificationExampleTests {
    @Test("RFC 7638 §3.1: the thumbprint of the RSA key") func rsaThumbprint() throws {
        let modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
            + "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajr"
            + "n1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        let jwk = try JWK([
            "kty": "RSA", "n": .string(modulus), "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        ])
        #expect(jwk.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test("RFC 7515 appendix A.3: the ES256 token of `joe`") func es256() throws {
        let key = try JWK([
            "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        ])
        let token =
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        let verified = try UnverifiedToken(compact: token).verified(by: key.key, algorithm: .es256)
        #expect(verified.claims["iss"] == "joe")
        #expect(verified.claims["http://example.com/is_root"] == true)
        #expect(key.pinnedAlgorithm == .es256)
    }
}
