// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON
import Testing

@Suite("Compact JWS · RFC 7515 §7.1, RFC 8725 §3")
struct TokenTests {
    /// One of each algorithm; those of RSA share one key pair, which takes up to a second to make.
    static let keys: [SigningKey] = {
        let passphrase = Secret("a passphrase of tests")
        let rsa = try? SigningKey.generate(.rs256).pem(passphrase: passphrase)
        return SignatureAlgorithm.allCases.compactMap { algorithm in
            guard let rsa, ["RS", "PS"].contains(algorithm.rawValue.prefix(2)) else {
                return try? SigningKey.generate(algorithm)
            }
            return try? SigningKey(pem: rsa, passphrase: passphrase, algorithm: algorithm)
        }
    }()
    let claims: JSONObject = ["iss": "http://localhost", "sub": "é\"\\"]

    private func segment(_ text: String) -> String { Base64URL.encode(text.utf8) }

    /// A token whose header is that text, really signed.
    private func token(header: String, payload: String = "{}", key: SigningKey) throws -> String {
        let signed = segment(header) + "." + segment(payload)
        return signed + "." + Base64URL.encode(try key.sign(Array(signed.utf8)))
    }

    @Test("a token signed is the token verified, with its header", arguments: keys)
    func roundTrip(key: SigningKey) throws {
        let token = try JWS.sign(claims: claims, with: key, keyID: "k1", type: "at+jwt")
        let unverified = try UnverifiedToken(compact: token)
        #expect(unverified.header.keyID == "k1")
        #expect(unverified.header.algorithm == key.algorithm.rawValue)
        #expect(unverified.unverifiedClaims == claims)
        let verified = try unverified.verified(by: key.publicKey, algorithm: key.algorithm, type: "at+jwt")
        #expect(verified.claims == claims)
        #expect(
            token == (try JWSSigner(key: key, keyID: "k1", type: "at+jwt").sign(verified.payload))
                || key.algorithm != .rs256)
    }

    @Test("another key, or a changed character anywhere, is refused", arguments: keys)
    func changed(key: SigningKey) throws {
        let token = try JWS.sign(claims: claims, with: key, keyID: "k1")
        let other = try #require(Self.keys.first { $0.algorithm != key.algorithm })
        #expect(throws: JOSEError.self) {
            try UnverifiedToken(compact: token).verified(by: other.publicKey, algorithm: key.algorithm)
        }
        for offset in stride(from: 0, to: token.utf8.count, by: 11) {
            var bytes = Array(token.utf8)
            bytes[offset] = bytes[offset] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let forged = String(decoding: bytes, as: UTF8.self)
            #expect(throws: JOSEError.self, "offset \(offset)") {
                try UnverifiedToken(compact: forged).verified(by: key.publicKey, algorithm: key.algorithm)
            }
        }
    }

    @Test("the header never chooses the algorithm: RS256 is not PS256, and `none` is nothing") func algorithms() throws
    {
        let rs256 = try #require(Self.keys.first { $0.algorithm == .rs256 })
        let token = try UnverifiedToken(compact: JWS.sign(claims: claims, with: rs256, keyID: "k"))
        #expect(throws: JOSEError.wrongAlgorithm) { try token.verified(by: rs256.publicKey, algorithm: .ps256) }
        for name in ["none", "None", "NONE", "HS256", "rs256", ""] {
            for tail in ["", "AAAA"] {
                let forged = segment(#"{"alg":"\#(name)"}"#) + "." + segment("{}") + "." + tail
                #expect(throws: JOSEError.wrongAlgorithm) {
                    try UnverifiedToken(compact: forged).verified(by: rs256.publicKey, algorithm: .rs256)
                }
            }
        }
    }

    @Test(
        "anything but three base64url segments is refused",
        arguments: [
            "", ".", "..", "a.b", "e30.e30", "e30.e30.e30.e30", "e30.e30.AA.", ".e30.AA", "e30=.e30.AA", "e30.e3 0.AA",
            "e30.e30.A", "é.é.é",
        ])
    func segments(text: String) { #expect(throws: JOSEError.self) { try UnverifiedToken(compact: text) } }

    @Test("a token beyond the limit is refused before it is taken apart") func tooLong() throws {
        let long = String(repeating: "A", count: UnverifiedToken.usualLimit + 1)
        #expect(throws: JOSEError.tooLong) { try UnverifiedToken(compact: long) }
        #expect(throws: JOSEError.tooLong) { try UnverifiedToken(compact: "e30.e30.AA", limit: 9) }
    }

    @Test(
        "a header that is not an object of unique members with a textual algorithm is refused",
        arguments: [
            "", "{", "[]", "null", "\"ES256\"", "{}", #"{"alg":1}"#, #"{"alg":null}"#, #"{"alg":["ES256"]}"#,
            #"{"alg":"ES256","alg":"none"}"#, #"{"alg":"ES256","kid":1}"#, #"{"alg":"ES256","typ":{}}"#,
            #"{"alg":"ES256"}x"#, #"{"alg":"ES256","a":{"b":{"c":{"d":{"e":1}}}}}"#,
            "{\"alg\":\"ES256\",\"kid\":\"\u{1}\"}",
        ])
    func malformedHeader(header: String) throws {
        let token = try token(header: header, key: Self.keys[0])
        #expect(throws: JOSEError.self) { try UnverifiedToken(compact: token) }
    }

    @Test(
        "a header that brings a key or says where to fetch one is refused",
        arguments: [
            #""jwk":{"kty":"EC"}"#, #""jku":"https://evil.example""#, #""x5u":"https://evil.example""#, #""x5c":[]"#,
        ])
    func embeddedKey(member: String) throws {
        let token = try token(header: #"{"alg":"ES256",\#(member)}"#, key: Self.keys[0])
        #expect(throws: JOSEError.embeddedKey) { try UnverifiedToken(compact: token) }
    }

    @Test(
        "a critical extension is refused, understood or not",
        arguments: [
            #""crit":["exp"]"#, #""crit":[]"#, #""crit":null"#, #""crit":["b64"],"b64":false"#, #""b64":false"#,
        ])
    func critical(member: String) throws {
        let token = try token(header: #"{"alg":"ES256",\#(member)}"#, key: Self.keys[0])
        #expect(throws: JOSEError.criticalExtension) { try UnverifiedToken(compact: token) }
    }

    @Test("a token of another type, or of none, is refused where a type is demanded") func types() throws {
        let key = Self.keys[0]
        func verify(_ header: String) throws {
            _ = try UnverifiedToken(compact: token(header: header, key: key))
                .verified(by: key.publicKey, algorithm: .es256, type: "at+jwt")
        }
        try verify(#"{"alg":"ES256","typ":"at+jwt"}"#)
        try verify(#"{"alg":"ES256","typ":"application/AT+JWT"}"#)
        for header in [#"{"alg":"ES256"}"#, #"{"alg":"ES256","typ":"JWT"}"#, #"{"alg":"ES256","typ":""}"#] {
            #expect(throws: JOSEError.wrongType) { try verify(header) }
        }
    }

    @Test(
        "a signed payload that is not an object of unique members has no claims",
        arguments: ["", "[]", "1", "{", #"{"a":1,"a":2}"#, "{}x", "{\"a\":\"\\ud800\"}"])
    func malformedClaims(payload: String) throws {
        let key = Self.keys[0]
        let token = try UnverifiedToken(compact: token(header: #"{"alg":"ES256"}"#, payload: payload, key: key))
        #expect(throws: JOSEError.malformedClaims) { try token.verified(by: key.publicKey, algorithm: .es256) }
        #expect(token.unverifiedClaims == nil)
    }
}
