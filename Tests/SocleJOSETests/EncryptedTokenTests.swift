// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON
import Testing

@Suite("Compact JWE · RFC 7516, RFC 7518 §4, RFC 8725 §3")
struct EncryptedTokenTests {
    static let rsa = try? DecryptionKey.generate(.rsa)
    static let ec = try? DecryptionKey.generate(.ec(.p256))
    private static let kinds: [DecryptionKey.Kind] = [.ec(.p256), .ec(.p384), .ec(.p521), .x25519]
    private let content = Array(#"{"iss":"https://a","sub":"é"}"#.utf8)

    private static func secret(_ size: Int) -> Secret { Secret([UInt8](repeating: 9, count: size)) }

    /// A token, and what opens it: for each way of delivering a key.
    private func encrypted(
        _ algorithm: KeyManagementAlgorithm, _ encryption: ContentEncryption, key: DecryptionKey? = nil
    ) throws -> (token: String, open: (String) throws -> [UInt8]) {
        if algorithm.isSymmetric {
            let secret = Self.secret(algorithm.secretSize ?? encryption.aead.keySize)
            let recipient = try JWERecipient(shared: secret, algorithm: algorithm, keyID: "k")
            let token = try JWE.encrypt(content, to: recipient, encryption: encryption, random: .system)
            return (
                token,
                {
                    try EncryptedToken(compact: $0)
                        .plaintext(openedBy: secret, algorithm: algorithm, encryptions: [encryption])
                }
            )
        }
        let key = try #require(key ?? (algorithm.rawValue.hasPrefix("RSA") ? Self.rsa : Self.ec))
        let recipient = try JWERecipient(key.publicKey, algorithm: algorithm, keyID: "k")
        let token = try JWE.encrypt(content, to: recipient, encryption: encryption, random: .system)
        return (
            token,
            {
                try EncryptedToken(compact: $0)
                    .plaintext(openedBy: key, algorithms: [algorithm], encryptions: [encryption])
            }
        )
    }

    @Test(
        "what is encrypted is opened, by every algorithm with every encryption",
        arguments: KeyManagementAlgorithm.allCases)
    func roundTrip(algorithm: KeyManagementAlgorithm) throws {
        for encryption in ContentEncryption.allCases {
            let (token, open) = try encrypted(algorithm, encryption)
            #expect(try open(token) == content)
            #expect(try encrypted(algorithm, encryption).token != token)
            let header = try EncryptedToken(compact: token).header
            #expect(header.algorithm == algorithm.rawValue)
            #expect(header.encryption == encryption.rawValue)
            #expect(header.keyID == "k")
        }
    }

    @Test("keys of every curve agree", arguments: kinds) func curves(kind: DecryptionKey.Kind) throws {
        for algorithm in [KeyManagementAlgorithm.ecdhES, .ecdhESA128KW, .ecdhESA192KW, .ecdhESA256KW] {
            let (token, open) = try encrypted(algorithm, .a256GCM, key: try DecryptionKey.generate(kind))
            #expect(try open(token) == content)
        }
    }

    @Test(
        "a changed byte anywhere is refused, and what the key decides always by the same words",
        arguments: KeyManagementAlgorithm.allCases)
    func changed(algorithm: KeyManagementAlgorithm) throws {
        for encryption in [ContentEncryption.a128GCM, .a128CBCHS256] {
            let (token, open) = try encrypted(algorithm, encryption)
            let segments = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            for index in segments.indices {
                guard var bytes = Base64URL.decode(segments[index]), !bytes.isEmpty else { continue }
                for place in Set([0, bytes.count / 2, bytes.count - 1]) {
                    bytes[place] ^= 1
                    var changed = segments
                    changed[index] = Base64URL.encode(bytes)
                    bytes[place] ^= 1
                    let text = changed.joined(separator: ".")
                    let error = #expect(throws: JOSEError.self) { try open(text) }
                    if index > 0 { #expect(error == .undecryptable, "segment \(index)") }
                }
            }
        }
    }

    @Test("another key, of the same kind, is refused by the same words") func otherKey() throws {
        let (token, _) = try encrypted(.rsaOAEP256, .a256GCM)
        let other = try DecryptionKey.generate(.rsa)
        #expect(throws: JOSEError.undecryptable) {
            try EncryptedToken(compact: token)
                .plaintext(openedBy: other, algorithms: [.rsaOAEP256], encryptions: [.a256GCM])
        }
        for algorithm in [KeyManagementAlgorithm.a256KW, .a256GCMKW, .dir] {
            let (token, _) = try encrypted(algorithm, .a256GCM)
            #expect(throws: JOSEError.undecryptable) {
                try EncryptedToken(compact: token).plaintext(
                    openedBy: Secret([UInt8](repeating: 8, count: 32)), algorithm: algorithm, encryptions: [.a256GCM])
            }
        }
    }

    @Test("the header never chooses beyond what the reader is pinned to") func pinned() throws {
        let key = try #require(Self.rsa)
        let (token, _) = try encrypted(.rsaOAEP, .a128GCM)
        let unopened = try EncryptedToken(compact: token)
        #expect(throws: JOSEError.wrongAlgorithm) {
            try unopened.plaintext(openedBy: key, algorithms: [.rsaOAEP256], encryptions: [.a128GCM])
        }
        #expect(throws: JOSEError.wrongAlgorithm) {
            try unopened.plaintext(openedBy: key, algorithms: [.rsaOAEP], encryptions: [.a256GCM])
        }
        #expect(throws: JOSEError.wrongAlgorithm) {
            try unopened.plaintext(openedBy: key, algorithms: [], encryptions: [.a128GCM])
        }
        // A public key's bytes as a secret: nothing a key pair is pinned to takes a secret.
        #expect(throws: JOSEError.wrongAlgorithm) {
            try unopened.plaintext(openedBy: Self.secret(16), algorithm: .rsaOAEP, encryptions: [.a128GCM])
        }
        let (shared, _) = try encrypted(.a128KW, .a128GCM)
        #expect(throws: JOSEError.wrongAlgorithm) {
            try EncryptedToken(compact: shared).plaintext(
                openedBy: key, algorithms: Set(KeyManagementAlgorithm.allCases), encryptions: [.a128GCM])
        }
    }

    @Test("an algorithm of another kind of key, or a secret of another size, encrypts nothing") func recipients() throws
    {
        let (rsa, ec) = (try #require(Self.rsa), try #require(Self.ec))
        for algorithm in KeyManagementAlgorithm.allCases {
            let isRSA = algorithm.rawValue.hasPrefix("RSA")
            #expect((try? JWERecipient(rsa.publicKey, algorithm: algorithm)) != nil || !isRSA)
            if !isRSA {
                #expect(throws: CryptoError.wrongAlgorithm) { try JWERecipient(rsa.publicKey, algorithm: algorithm) }
            }
            if !algorithm.rawValue.hasPrefix("ECDH") {
                #expect(throws: CryptoError.wrongAlgorithm) { try JWERecipient(ec.publicKey, algorithm: algorithm) }
            }
            if !algorithm.isSymmetric {
                #expect(throws: CryptoError.wrongAlgorithm) {
                    try JWERecipient(shared: Self.secret(32), algorithm: algorithm)
                }
            } else if let size = algorithm.secretSize {
                #expect(throws: CryptoError.invalidKey) {
                    try JWERecipient(shared: Self.secret(size + 8), algorithm: algorithm)
                }
            }
        }
        let direct = try JWERecipient(shared: Self.secret(32), algorithm: .dir)
        #expect(throws: CryptoError.invalidKey) {
            try JWE.encrypt(content, to: direct, encryption: .a128GCM, random: .system)
        }
    }

    @Test("where no key travels, one that is given is refused") func emptyKey() throws {
        for algorithm in [KeyManagementAlgorithm.dir, .ecdhES] {
            let (token, open) = try encrypted(algorithm, .a128GCM)
            let forged = token.replacing("..", with: ".AAAA.")
            #expect(throws: JOSEError.malformedToken) { try open(forged) }
        }
    }

    @Test(
        "anything but five base64url segments, or longer than the limit, is refused",
        arguments: ["", "....", "a.b.c.d.e", "e30.e30.e30", "e30.AA.AA.AA.AA.AA", "e30.AA.AA.A=.AA", "{}", "[]"])
    func segments(text: String) {
        #expect(throws: JOSEError.self) { try EncryptedToken(compact: text) }
    }

    @Test("a token beyond the limit is refused before it is taken apart") func tooLong() {
        let long = String(repeating: "A", count: EncryptedToken.usualLimit + 1)
        #expect(throws: JOSEError.tooLong) { try EncryptedToken(compact: long) }
        #expect(throws: JOSEError.tooLong) { try EncryptedToken(compact: "e30.AA.AA.AA.AA", limit: 14) }
    }

    @Test(
        "a header that brings a signer's key, an extension, compression or no `enc` is refused",
        arguments: [
            (#""jwk":{}"#, JOSEError.embeddedKey), (#""x5u":"https://evil.example""#, .embeddedKey),
            (#""crit":["exp"]"#, .criticalExtension), (#""zip":"DEF""#, .compressed), (#""zip":"none""#, .compressed),
            (#""enc":null"#, .malformedHeader), (#""enc":1"#, .malformedHeader),
        ])
    func header(member: String, error: JOSEError) {
        let encryption = member.hasPrefix(#""enc""#) ? "" : #","enc":"A128GCM""#
        let head = Base64URL.encode(#"{"alg":"dir"\#(encryption),\#(member)}"#.utf8)
        #expect(throws: error) { try EncryptedToken(compact: head + "..AA.AA.AA") }
    }

    @Test("a signed token is not an encrypted one, nor the other way round") func confusion() throws {
        let (token, _) = try encrypted(.dir, .a128GCM)
        #expect(throws: JOSEError.malformedToken) { try UnverifiedToken(compact: token) }
        let signed = JWS.sign(payload: content, with: try MACKey(Self.secret(32), algorithm: .hs256))
        #expect(throws: JOSEError.malformedToken) { try EncryptedToken(compact: signed) }
    }

    @Test("the key agreed with must be a public key on the reader's curve; no other point is tried") func ephemeral()
        throws
    {
        let (token, open) = try encrypted(.ecdhES, .a128GCM)
        let segments = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var header = try EncryptedToken(compact: token).header.members
        let epk = try #require(header["epk"]?.object)
        func refused(_ value: JSONValue?, _ errors: [JOSEError] = [.malformedHeader, .malformedKey]) {
            header["epk"] = value
            let head = Base64URL.encode(JSONValue.object(header).bytes)
            let forged = ([head] + segments.dropFirst()).joined(separator: ".")
            let error = #expect(throws: JOSEError.self) { try open(forged) }
            #expect(error.map(errors.contains) == true)
        }
        refused(nil)
        refused("AA")
        refused(["kty": "EC", "crv": "P-256"])
        var off = epk
        off["y"] = epk["x"]
        refused(.object(off))
        off = epk
        off["d"] = epk["x"]
        refused(.object(off))
        off = epk
        off["crv"] = "P-521"
        refused(.object(off))
        off["crv"] = "secp256k1"
        refused(.object(off))
        let other = try DecryptionKey.generate(.ec(.p384))
        refused(.object(JWK(key: other.publicKey).json))
        let rsa = try #require(Self.rsa)
        refused(.object(JWK(key: rsa.publicKey).json))
        let edwards = try DecryptionKey.generate(.x25519)
        refused(.object(JWK(key: edwards.publicKey).json))
        // The right curve, and another key: the tag does not hold, for the header is under it too.
        let stranger = try DecryptionKey.generate(.ec(.p256))
        refused(.object(JWK(key: stranger.publicKey).json), [.undecryptable])
    }

    @Test("RFC 7518 appendix C: the key Alice and Bob agree on, with what they say of themselves") func appendixC()
        throws
    {
        let alice: JSONObject = [
            "kty": "EC", "crv": "P-256", "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
            "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps", "d": "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo",
        ]
        let bob: JSONObject = [
            "kty": "EC", "crv": "P-256", "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
            "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck", "d": "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
        ]
        var epk = alice
        epk["d"] = nil
        let header = JSONValue.object([
            "alg": "ECDH-ES", "enc": "A128GCM", "apu": "QWxpY2U", "apv": "Qm9i", "epk": .object(epk),
        ])
        // The published key, under which the content is sealed here.
        let key = Secret(try #require(Base64URL.decode("VqqN6vgjbSBcIijNcacQGg")))
        let head = Base64URL.encode(header.bytes)
        let nonce = [UInt8](repeating: 3, count: 12)
        let (ciphertext, tag) = try AEAD.gcm(keySize: 16).seal(
            content, key: key, nonce: nonce, context: Array(head.utf8))
        let token = [head, ""] + [nonce, ciphertext, tag].map { Base64URL.encode($0) }
        let opened = try EncryptedToken(compact: token.joined(separator: "."))
            .plaintext(openedBy: try PrivateJWK(bob).decryptionKey(), algorithms: [.ecdhES], encryptions: [.a128GCM])
        #expect(opened == content)
    }
}

@Suite("Nested JWT · RFC 7519 §5.2")
struct NestedTokenTests {
    @Test("signed, then encrypted, then opened and verified") func nested() throws {
        let signer = try SigningKey.generate(.es256)
        let reader = try DecryptionKey.generate(.ec(.p256))
        let signed = try JWS.sign(claims: ["iss": "https://a"], with: signer, keyID: "k", type: "JWT")
        let recipient = try JWERecipient(reader.publicKey, algorithm: .ecdhESA256KW)
        let token = try EncryptedToken(
            compact: try JWE.encrypt(signed: signed, to: recipient, encryption: .a256GCM, random: .system))
        #expect(token.header.contentType == "JWT")
        let plaintext = try token.plaintext(
            openedBy: reader, algorithms: [.ecdhESA256KW], encryptions: [.a256GCM])
        let inner = try token.signedToken(in: plaintext)
        #expect(try inner.verified(by: signer.publicKey, algorithm: .es256).claims["iss"] == "https://a")
    }

    @Test("claims encrypted but not signed, a second encryption, and other content are refused") func notNested() throws
    {
        let secret = Secret([UInt8](repeating: 1, count: 16))
        let recipient = try JWERecipient(shared: secret, algorithm: .a128KW)
        func inner(_ plaintext: String, _ type: String?) throws -> UnverifiedToken {
            let token = try EncryptedToken(
                compact: try JWE.encrypt(
                    Array(plaintext.utf8), to: recipient, encryption: .a128GCM, contentType: type, random: .system))
            let opened = try token.plaintext(openedBy: secret, algorithm: .a128KW, encryptions: [.a128GCM])
            return try token.signedToken(in: opened)
        }
        let signed = JWS.sign(
            payload: [], with: try MACKey(Secret([UInt8](repeating: 1, count: 32)), algorithm: .hs256))
        #expect(try inner(signed, nil).header.algorithm == "HS256")
        #expect(try inner(signed, "application/jwt").header.algorithm == "HS256")
        #expect(throws: JOSEError.wrongType) { try inner(signed, "text/plain") }
        for text in [#"{"iss":"https://a"}"#, "", "e30.AA.AA.AA.AA", "\u{FFFD}.e30.AA"] {
            #expect(throws: JOSEError.malformedToken) { try inner(text, "JWT") }
        }
    }
}
