// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON
import Testing

@Suite("JWK and JWK sets · RFC 7517, RFC 7518 §6, RFC 8037")
struct JWKTests {
    private let point: JSONObject = [
        "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    ]

    private func with(_ name: String, _ value: JSONValue?) -> JSONObject {
        var object = point
        object[name] = value
        return object
    }

    @Test("each offered key is printed and read back", arguments: TokenTests.keys) func roundTrip(key: SigningKey)
        throws
    {
        let jwk = JWK(key: key.publicKey, keyID: "k", algorithm: key.algorithm)
        let read = try JWK(jwk.json)
        #expect(read == jwk)
        #expect(read.thumbprint == jwk.thumbprint)
        #expect(read.thumbprint.utf8.count == 43)
        #expect(read.pinnedAlgorithm == key.algorithm)
        #expect(JWKSet([jwk]).json["keys"]?.array?.count == 1)
    }

    @Test("an RSA key that names no algorithm is pinned to none") func unpinned() throws {
        let key = try #require(TokenTests.keys.first { $0.algorithm == .rs256 })
        #expect(JWK(key: key.publicKey).pinnedAlgorithm == nil)
    }

    @Test("a private part is refused: whoever published it must hear of it", arguments: ["d", "p", "k"])
    func privatePart(name: String) {
        #expect(throws: JOSEError.malformedKey) { try JWK(with(name, "AAAA")) }
    }

    @Test("members that are missing, of the wrong type, padded or contradictory are refused") func malformed() {
        let refused: [JSONObject] = [
            [:], with("kty", nil), with("kty", 1), with("kty", "RSA"), with("kty", "oct"), with("kty", "OKP"),
            with("crv", nil), with("crv", "P-384"), with("crv", "secp256k1"), with("x", nil), with("y", 12),
            with("x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU="), with("x", ""), with("y", "AAAA"),
            with("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1"), with("kid", 1), with("alg", "ES512"),
            with("alg", "RS256"), with("alg", "none"), with("alg", 1), with("use", 1), with("key_ops", "verify"),
            with("key_ops", ["verify", "verify"]), with("key_ops", [1]),
            ["kty": "OKP", "crv": "Ed25519", "x": "AAAA"], ["kty": "OKP", "crv": "Ed448", "x": "AAAA"],
            ["kty": "RSA", "n": "AQAB"], ["kty": "RSA", "e": "AQAB"],
        ]
        for object in refused {
            #expect(throws: JOSEError.malformedKey, "\(JSONValue.object(object).text)") { try JWK(object) }
        }
    }

    @Test("a weak RSA key is unusable") func weak() {
        let modulus = Base64URL.encode([UInt8](repeating: 0xFF, count: 128))
        #expect(throws: JOSEError.unusableKey) { try JWK(["kty": "RSA", "n": .string(modulus), "e": "AQAB"]) }
    }

    @Test("a key for encryption, or whose operations leave verifying out, verifies nothing") func use() throws {
        let header = try UnverifiedToken(compact: "eyJhbGciOiJFUzI1NiJ9.e30.AA").header
        #expect(JWKSet([try JWK(point)]).key(for: header) != nil)
        for object in [with("use", "enc"), with("key_ops", ["encrypt"]), with("key_ops", [])] {
            #expect(JWKSet([try JWK(object)]).key(for: header) == nil)
        }
    }

    @Test("a set with a `kid` twice, or that is no set, is refused; keys not offered are passed over") func sets()
        throws
    {
        let named = JSONValue.object(with("kid", "a"))
        #expect(throws: JOSEError.malformedKey) { try JWKSet(["keys": [named, named]]) }
        for text in ["", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[1]}"#, #"{"keys":[],"keys":[]}"#] {
            #expect(throws: JOSEError.malformedKey) { try JWKSet(parsing: text.utf8) }
        }
        #expect(throws: JOSEError.malformedKey) {
            try JWKSet(["keys": .array(Array(repeating: .object(point), count: 101))])
        }
        let set = try JWKSet(["keys": [["kty": "oct", "k": "AAAA"], named, ["kty": "EC", "crv": "P-521"]]])
        #expect(set.keys.map(\.keyID) == ["a"])
    }

    @Test("a token that names no key, where two could have made it, has none") func ambiguous() throws {
        let header = try UnverifiedToken(compact: "eyJhbGciOiJFUzI1NiJ9.e30.AA").header
        let keys = try (0..<2).map { JWK(key: try SigningKey.generate(.es256).publicKey, keyID: "k\($0)") }
        #expect(JWKSet(keys).key(for: header) == nil)
        #expect(JWKSet([keys[0]]).key(for: header) != nil)
        let named = try UnverifiedToken(
            compact: Base64URL.encode(#"{"alg":"ES256","kid":"k1"}"#.utf8) + ".e30.AA")
        #expect(JWKSet(keys).key(for: named.header)?.key == keys[1].verificationKey)
        #expect(JWKSet([keys[0]]).key(for: named.header) == nil)
    }
}
