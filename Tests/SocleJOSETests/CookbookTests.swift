// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON
import Testing

/// One example of the cookbook: what went in, and the compact form that came out.
private struct Example {
    let json: JSONValue
    let token: String
    let key: JSONObject
    let content: [UInt8]

    init(_ json: JSONValue) throws {
        self.json = json
        token = try #require(json["output"]?["compact"]?.string)
        key = try #require(json["input"]?["key"]?.object)
        let input = json["input"]
        content = Array(try #require((input?["payload"] ?? input?["plaintext"])?.string).utf8)
    }

    init(_ path: String) throws { try self.init(try Vectors.json("cookbook/" + path)) }

    /// Bytes the example's author drew.
    func bytes(_ path: String...) throws -> [UInt8] {
        let value = path.reduce(Optional(json)) { $0?[$1] }
        return try #require(value?.string.flatMap { Base64URL.decode($0) })
    }
}

@Suite(
    "Published examples of signatures · RFC 7520 §4, RFC 8037 appendix A",
    .enabled(if: Vectors.areExpected, "needs shared/vectors/jose (SOCLE_VECTORS)"))
struct CookbookSignatureTests {
    @Test(
        "verified by its key and algorithm, by no other algorithm, and not when a byte differs",
        arguments: [
            ("4_1.rsa_v15_signature", SignatureAlgorithm.rs256), ("4_2.rsa-pss_signature", .ps384),
            ("4_3.ecdsa_signature", .es512),
        ])
    func signed(name: String, algorithm: SignatureAlgorithm) throws {
        let example = try Example("jws/\(name).json")
        let jwk = try JWK(example.key.withoutPrivateMembers)
        let key = try #require(jwk.verificationKey)
        let unverified = try UnverifiedToken(compact: example.token)
        #expect(JWKSet([jwk]).key(for: unverified.header)?.algorithm == algorithm)
        #expect(try unverified.signedPayload(by: key, algorithm: algorithm) == example.content)
        for other in SignatureAlgorithm.allCases where other != algorithm {
            #expect(throws: JOSEError.wrongAlgorithm) { try unverified.signedPayload(by: key, algorithm: other) }
        }
        // The payload is prose: a JWS, but not a JWT.
        #expect(throws: JOSEError.malformedClaims) { try unverified.verified(by: key, algorithm: algorithm) }
        let changed = example.token.dropLast(8) + "AAAAAAAA"
        #expect(throws: JOSEError.wrongSignature) {
            try UnverifiedToken(compact: changed).signedPayload(by: key, algorithm: algorithm)
        }
    }

    @Test("RFC 7520 §4.1 is made again byte for byte by its private key") func rs256() throws {
        let example = try Example("jws/4_1.rsa_v15_signature.json")
        let jwk = try PrivateJWK(example.key)
        let keyID = try #require(jwk.keyID)
        #expect(try JWS.sign(payload: example.content, with: jwk.signingKey(.rs256), keyID: keyID) == example.token)
    }

    @Test("RFC 7520 §4.4, HS256, is verified by its secret alone and made again byte for byte") func hs256() throws {
        let example = try Example("jws/4_4.hmac-sha2_integrity_protection.json")
        let key = try PrivateJWK(example.key).macKey(.hs256)
        let unverified = try UnverifiedToken(compact: example.token)
        #expect(try unverified.signedPayload(by: key) == example.content)
        #expect(JWS.sign(payload: example.content, with: key, keyID: unverified.header.keyID) == example.token)
        #expect(throws: JOSEError.malformedKey) { try JWK(example.key) }
        let other = try SigningKey.generate(.es256).publicKey
        for algorithm in SignatureAlgorithm.allCases {
            #expect(throws: JOSEError.wrongAlgorithm) {
                try unverified.signedPayload(by: other, algorithm: algorithm)
            }
        }
    }

    @Test("RFC 7520 §4.5: detached content is not the compact form of what it signs; put back, it is") func detached()
        throws
    {
        let example = try Example("jws/4_5.signature_with_detached_content.json")
        let key = try PrivateJWK(example.key).macKey(.hs256)
        #expect(throws: JOSEError.wrongSignature) {
            try UnverifiedToken(compact: example.token).signedPayload(by: key)
        }
        let whole = example.token.replacing("..", with: ".\(Base64URL.encode(example.content)).")
        #expect(try UnverifiedToken(compact: whole).signedPayload(by: key) == example.content)
    }

    @Test(
        "RFC 7520 §4.6 to §4.8, and the JSON form of the others, are not compact and so refused",
        arguments: [
            "4_1.rsa_v15_signature", "4_2.rsa-pss_signature", "4_3.ecdsa_signature",
            "4_4.hmac-sha2_integrity_protection", "4_5.signature_with_detached_content",
            "4_6.protecting_specific_header_fields", "4_7.protecting_content_only", "4_8.multiple_signatures",
        ])
    func json(name: String) throws {
        let output = try #require(try Vectors.json("cookbook/jws/\(name).json")["output"])
        for form in [output["json"], output["json_flat"]].compactMap({ $0 }) {
            #expect(throws: JOSEError.malformedToken) { try UnverifiedToken(compact: form.text) }
        }
    }

    @Test("RFC 8037 appendix A: the Ed25519 key, its thumbprint, and its signature made again byte for byte")
    func ed25519() throws {
        let example = try Example("curve25519/jws.json")
        let jwk = try JWK(example.key.withoutPrivateMembers)
        #expect(jwk.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(jwk.pinnedAlgorithm == .edDSA)
        #expect(jwk.encryptionKey == nil)
        let key = try #require(jwk.verificationKey)
        #expect(
            try UnverifiedToken(compact: example.token).signedPayload(by: key, algorithm: .edDSA) == example.content)
        let input = Array(try #require(example.json["signing"]?["sig-input"]?.string).utf8)
        let signature = try PrivateJWK(example.key).signingKey(.edDSA).sign(input)
        #expect(try signature == example.bytes("signing", "sig"))
    }
}

@Suite(
    "Published examples of encryption · RFC 7520 §5 and §6, RFC 8037 appendix A.6",
    .enabled(if: Vectors.areExpected, "needs shared/vectors/jose (SOCLE_VECTORS)"))
struct CookbookEncryptionTests {
    private static func opened(_ example: Example) throws -> [UInt8] {
        let set = try PrivateJWKSet(["keys": [.object(example.key)]])
        return try set.plaintext(of: try EncryptedToken(compact: example.token))
    }

    @Test(
        "opened by its key, and by no other algorithm or content encryption",
        arguments: [
            "jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm",
            "jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm",
            "jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2",
            "jwe/5_6.direct_encryption_using_aes-gcm",
            "jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2",
            "jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm", "curve25519/ecdh-es",
        ])
    func encrypted(path: String) throws {
        let example = try Example(path + ".json")
        #expect(try Self.opened(example) == example.content)
        let token = try EncryptedToken(compact: example.token)
        let set = try PrivateJWKSet(["keys": [.object(example.key)]])
        let own = try #require(token.header.encryption.flatMap(ContentEncryption.init))
        #expect(throws: JOSEError.wrongAlgorithm) {
            try set.plaintext(of: token, encryptions: Set(ContentEncryption.allCases).subtracting([own]))
        }
        if let key = try? PrivateJWK(example.key).decryptionKey() {
            let named = KeyManagementAlgorithm(rawValue: token.header.algorithm)
            let others = Set(KeyManagementAlgorithm.allCases.filter { $0 != named })
            #expect(throws: JOSEError.wrongAlgorithm) {
                try token.plaintext(openedBy: key, algorithms: others, encryptions: [own])
            }
        }
    }

    @Test("§5.6, §5.7 and §5.8 are made again byte for byte, given what their author drew") func reproduced() throws {
        let draws: [(String, KeyManagementAlgorithm, ContentEncryption, [[String]])] = [
            ("5_6.direct_encryption_using_aes-gcm", .dir, .a128GCM, [["generated", "iv"]]),
            (
                "5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2", .a256GCMKW, .a128CBCHS256,
                [["generated", "cek"], ["encrypting_key", "iv"], ["generated", "iv"]]
            ),
            (
                "5_8.key_wrap_using_aes-keywrap_with_aes-gcm", .a128KW, .a128GCM,
                [["generated", "cek"], ["generated", "iv"]]
            ),
        ]
        for (name, algorithm, encryption, paths) in draws {
            let example = try Example("jwe/\(name).json")
            let jwk = try PrivateJWK(example.key)
            let recipient = try JWERecipient(
                shared: jwk.sharedSecret(algorithm), algorithm: algorithm, keyID: jwk.keyID)
            let random = Drawn(try paths.map { try example.bytes($0[0], $0[1]) }).random
            let token = try JWE.encrypt(example.content, to: recipient, encryption: encryption, random: random)
            #expect(token == example.token, "\(name)")
        }
    }

    @Test("RFC 8037 appendix A.6: the thumbprint of the X25519 key agreed with") func x25519() throws {
        let example = try Example("curve25519/ecdh-es.json")
        let jwk = try JWK(example.key.withoutPrivateMembers)
        #expect(jwk.verificationKey == nil)
        #expect(jwk.encryptionKey != nil)
        #expect(try JWK(jwk.json) == jwk)
    }

    @Test("§5.1 (RSA1_5), §5.3 (PBES2) and §5.9 (zip) are refused by name, whoever holds the key") func notOffered()
        throws
    {
        let rsa = try Vectors.json("cookbook/jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json")
        #expect(throws: JOSEError.unusableKey) { try Self.opened(try Example(rsa)) }
        let key = try PrivateJWK(try Example(rsa).key).decryptionKey()
        let token = try EncryptedToken(compact: try Example(rsa).token)
        #expect(throws: JOSEError.wrongAlgorithm) {
            try token.plaintext(
                openedBy: key, algorithms: Set(KeyManagementAlgorithm.allCases), encryptions: [.a128CBCHS256])
        }
        let password = try Vectors.json(
            "cookbook/jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2.json")
        let secret = Secret(try #require(password["input"]?["pwd"]?.string))
        let wrapped = try EncryptedToken(compact: try #require(password["output"]?["compact"]?.string))
        for algorithm in KeyManagementAlgorithm.allCases {
            #expect(throws: JOSEError.wrongAlgorithm) {
                try wrapped.plaintext(openedBy: secret, algorithm: algorithm, encryptions: [.a128CBCHS256])
            }
        }
        let compressed = try Example("jwe/5_9.compressed_content.json")
        #expect(throws: JOSEError.compressed) { try EncryptedToken(compact: compressed.token) }
    }

    @Test("§5.10 to §5.13, and the JSON form of the others, are not compact and so refused") func json() throws {
        let names = [
            "5_2.key_encryption_using_rsa-oaep_with_aes-gcm", "5_6.direct_encryption_using_aes-gcm",
            "5_8.key_wrap_using_aes-keywrap_with_aes-gcm", "5_10.including_additional_authentication_data",
            "5_11.protecting_specific_header_fields", "5_12.protecting_content_only",
            "5_13.encrypting_to_multiple_recipients",
        ]
        for name in names {
            let output = try #require(try Vectors.json("cookbook/jwe/\(name).json")["output"])
            for form in [output["json"], output["json_flat"]].compactMap({ $0 }) {
                #expect(throws: JOSEError.malformedToken) { try EncryptedToken(compact: form.text) }
            }
        }
    }

    @Test("RFC 7520 §6: a nested JWT is opened, then verified, each by its own key") func nested() throws {
        let example = try Vectors.json("cookbook/6.nesting_signatures_and_encryption.json")
        let outer = try Example(try #require(example["encrypt"]))
        let inner = try Example(try #require(example["sign"]))
        let token = try EncryptedToken(compact: outer.token)
        let opening = try PrivateJWK(outer.key).decryptionKey()
        let plaintext = try token.plaintext(openedBy: opening, algorithms: [.rsaOAEP], encryptions: [.a128GCM])
        let signed = try token.signedToken(in: plaintext)
        let key = try #require(try JWK(inner.key.withoutPrivateMembers).verificationKey)
        let verified = try signed.verified(by: key, algorithm: .ps256, type: "JWT")
        #expect(verified.claims["iss"] == "hobbiton.example")
        #expect(verified.payload == inner.content)
    }
}

@Suite(
    "Published keys · RFC 7520 §3",
    .enabled(if: Vectors.areExpected, "needs shared/vectors/jose (SOCLE_VECTORS)"))
struct CookbookKeyTests {
    private func key(_ name: String) throws -> JSONObject {
        try #require(try Vectors.json("cookbook/jwk/\(name).json").object)
    }

    @Test("§3.1 and §3.3, public keys, are read and printed", arguments: ["3_1.ec_public_key", "3_3.rsa_public_key"])
    func publicKeys(name: String) throws {
        let object = try key(name)
        let jwk = try JWK(object)
        #expect(jwk.json == object)
        #expect(throws: JOSEError.malformedKey) { try PrivateJWK(object) }
    }

    @Test("§3.2 and §3.4, private keys, sign what their public part verifies, and are refused as public ones")
    func pairs()
        throws
    {
        for (name, published, algorithm) in [
            ("3_2.ec_private_key", "3_1.ec_public_key", SignatureAlgorithm.es512),
            ("3_4.rsa_private_key", "3_3.rsa_public_key", .rs256),
        ] {
            let object = try key(name)
            #expect(throws: JOSEError.malformedKey) { try JWK(object) }
            let signature = try PrivateJWK(object).signingKey(algorithm).sign([1])
            let verifier = try #require(try JWK(try key(published)).verificationKey)
            #expect(verifier.verify(signature, [1], algorithm: algorithm))
        }
    }

    @Test("§3.5 authenticates and §3.6 encrypts, each with its own algorithm alone, and neither is public")
    func shared()
        throws
    {
        let mac = try PrivateJWK(try key("3_5.symmetric_key_mac_computation"))
        #expect(try mac.macKey(.hs256).algorithm == .hs256)
        #expect(throws: JOSEError.unusableKey) { try mac.macKey(.hs384) }
        #expect(throws: JOSEError.unusableKey) { try mac.sharedSecret(.a256KW) }
        let content = try PrivateJWK(try key("3_6.symmetric_key_encryption"))
        #expect(try content.sharedSecret(.dir).unredacted.count == 32)
        #expect(throws: JOSEError.unusableKey) { try content.sharedSecret(.a256KW) }
        #expect(throws: JOSEError.unusableKey) { try content.macKey(.hs256) }
        for name in ["3_5.symmetric_key_mac_computation", "3_6.symmetric_key_encryption"] {
            #expect(throws: JOSEError.malformedKey) { try JWK(try key(name)) }
        }
    }
}
