// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import Testing

@Suite("Key import · what is no key, or too weak, never becomes one")
struct KeyImportTests {
    @Test(
        "a point off the curve, a short coordinate and the point at infinity are refused, to verify and to encrypt to",
        arguments: [SignatureAlgorithm.es256, .es384, .es512])
    func offCurve(algorithm: SignatureAlgorithm) throws {
        guard case .ec(let curve, let x, var y) = try SigningKey.generate(algorithm).publicKey.numbers else {
            Issue.record("not a key on a prime curve")
            return
        }
        func refused(_ curve: EllipticCurve, _ x: [UInt8], _ y: [UInt8]) {
            #expect(throws: CryptoError.invalidKey) { try VerificationKey(.ec(curve, x: x, y: y)) }
            #expect(throws: CryptoError.invalidKey) { try EncryptionKey(.ec(curve, x: x, y: y)) }
        }
        for other in EllipticCurve.allCases where other != curve { refused(other, x, y) }
        refused(curve, Array(x.dropFirst()), y)
        refused(curve, [0] + x, y)
        refused(curve, [], [])
        let zero = [UInt8](repeating: 0, count: curve.size)
        refused(curve, zero, zero)
        let beyond = [UInt8](repeating: 0xFF, count: curve.size)
        refused(curve, beyond, beyond)
        y[curve.size - 1] ^= 1
        refused(curve, x, y)
    }

    @Test("a key that only agrees verifies nothing, and one that only signs is not encrypted to") func kinds() throws {
        let signing = try SigningKey.generate(.edDSA).publicKey.numbers
        #expect(throws: CryptoError.wrongAlgorithm) { try EncryptionKey(signing) }
        let agreeing = try DecryptionKey.generate(.x25519).publicKey.numbers
        #expect(throws: CryptoError.wrongAlgorithm) { try VerificationKey(agreeing) }
    }

    @Test("an Ed25519 point of another length is refused", arguments: [0, 31, 33, 57]) func edLength(count: Int) {
        #expect(throws: CryptoError.invalidKey) {
            try VerificationKey(.ed25519(point: [UInt8](repeating: 1, count: count)))
        }
    }

    @Test("RSA below 2048 bits, beyond 8192, even, or with a leading zero is refused") func rsaModulus() {
        func check(_ modulus: [UInt8], _ expected: CryptoError) {
            #expect(throws: expected) { try VerificationKey(.rsa(modulus: modulus, exponent: [1, 0, 1])) }
        }
        check([UInt8](repeating: 0xFF, count: 128), .weakKey)
        check([0x7F] + [UInt8](repeating: 0xFF, count: 255), .weakKey)
        check([UInt8](repeating: 0xFF, count: 1025), .weakKey)
        check([UInt8](repeating: 0xFE, count: 256), .invalidKey)
        check([0] + [UInt8](repeating: 0xFF, count: 256), .invalidKey)
        check([], .invalidKey)
    }

    @Test("an exponent of 1, 3, 0, an even or an enormous one is refused") func rsaExponent() throws {
        let modulus = [UInt8](repeating: 0xFF, count: 256)
        for exponent: [UInt8] in [[1], [3], [1, 0, 0], [0xFF, 0xFF]] {
            #expect(throws: CryptoError.weakKey) { try VerificationKey(.rsa(modulus: modulus, exponent: exponent)) }
        }
        for exponent: [UInt8] in [[], [0], [0, 1, 0, 1], [1, 0, 0, 0, 1]] {
            #expect(throws: CryptoError.invalidKey) { try VerificationKey(.rsa(modulus: modulus, exponent: exponent)) }
        }
    }
}

@Suite("Key files · PKCS#8 encrypted PEM, RFC 7468 §11")
struct KeyFileTests {
    let passphrase = Secret("correct horse battery staple")

    @Test("a key written and read back is the same key", arguments: SigningKeyTests.keys)
    func roundTrip(key: SigningKey) throws {
        let pem = try key.pem(passphrase: passphrase)
        #expect(pem.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
        let read = try SigningKey(pem: pem, passphrase: passphrase, algorithm: key.algorithm)
        #expect(read.publicKey == key.publicKey)
        #expect(read.publicKey.verify(try read.sign([1]), [1], algorithm: key.algorithm))
    }

    @Test("an RSA key is RS256 unless PS256 is said") func rsaDefault() throws {
        let rsa = try #require(SigningKeyTests.keys.first { $0.algorithm == .ps256 })
        #expect(try SigningKey(pem: try rsa.pem(passphrase: passphrase), passphrase: passphrase).algorithm == .rs256)
    }

    @Test("another passphrase, an empty one or one with a zero byte opens nothing") func wrongPassphrase() throws {
        let pem = try SigningKey.generate(.es256).pem(passphrase: passphrase)
        for wrong in [Secret("other"), Secret(""), Secret("correct horse battery staple\0")] {
            #expect(throws: CryptoError.unreadableKey) { try SigningKey(pem: pem, passphrase: wrong) }
        }
    }

    @Test("an algorithm of another kind of key is refused") func wrongAlgorithm() throws {
        let pem = try SigningKey.generate(.es256).pem(passphrase: passphrase)
        #expect(throws: CryptoError.wrongAlgorithm) {
            try SigningKey(pem: pem, passphrase: passphrase, algorithm: .rs256)
        }
    }

    @Test("a key in clear, a cut file, and text that is no PEM are refused") func notEncrypted() throws {
        // The P-256 key of RFC 9500 §2.3, published for tests.
        let clear = """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIObLW92AqkWunJXowVR2Z5/+yVPBaFHnEedDk5WJxk/BoAoGCCqGSM49
            AwEHoUQDQgAEQiVI+I+3gv+17KN0RFLHKh5Vj71vc75eSOkyMsxFxbFsTNEMTLjV
            uKFxOelIgsiZJXKZNCX0FBmrfpCkKklCcg==
            -----END EC PRIVATE KEY-----
            """
        let pem = try SigningKey.generate(.es256).pem(passphrase: passphrase)
        for text in [clear, "", "hello", String(pem.prefix(120)), pem.replacing("M", with: "N")] {
            #expect(throws: CryptoError.unreadableKey) { try SigningKey(pem: text, passphrase: passphrase) }
        }
    }

    @Test("a key is not written under an empty passphrase") func emptyPassphrase() throws {
        let key = try SigningKey.generate(.es256)
        #expect(throws: CryptoError.operationFailed) { try key.pem(passphrase: Secret("")) }
    }
}
