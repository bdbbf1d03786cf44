// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON
import Testing

@Suite("Codes made with a shared secret · RFC 7518 §3.2")
struct SharedSecretTests {
    private static func key(_ algorithm: MACAlgorithm, _ byte: UInt8 = 1) throws -> MACKey {
        try MACKey(Secret([UInt8](repeating: byte, count: algorithm.size)), algorithm: algorithm)
    }

    @Test("a token made is verified, by its secret and algorithm alone", arguments: MACAlgorithm.allCases)
    func roundTrip(algorithm: MACAlgorithm) throws {
        let token = JWS.sign(claims: ["sub": "x"], with: try Self.key(algorithm), keyID: "s", type: "JWT")
        let unverified = try UnverifiedToken(compact: token)
        #expect(unverified.header.keyID == "s")
        #expect(try unverified.verified(by: Self.key(algorithm), type: "JWT").claims["sub"] == "x")
        #expect(throws: JOSEError.wrongSignature) { try unverified.verified(by: Self.key(algorithm, 2)) }
        #expect(throws: JOSEError.wrongType) { try unverified.verified(by: Self.key(algorithm), type: "at+jwt") }
        for other in MACAlgorithm.allCases where other != algorithm {
            #expect(throws: JOSEError.wrongAlgorithm) { try unverified.verified(by: Self.key(other)) }
        }
        for dropped in 1...3 {
            #expect(throws: JOSEError.self) {
                try UnverifiedToken(compact: token.dropLast(dropped)).verified(by: Self.key(algorithm))
            }
        }
        let bare = try UnverifiedToken(compact: JWS.sign(payload: Array("{}".utf8), with: Self.key(algorithm)))
        #expect(bare.header.keyID == nil)
        #expect(try bare.signedPayload(by: Self.key(algorithm)) == Array("{}".utf8))
    }

    @Test("a code cut short, empty or longer is refused", arguments: MACAlgorithm.allCases)
    func lengths(algorithm: MACAlgorithm) throws {
        let key = try Self.key(algorithm)
        let code = key.code([1])
        #expect(code.count == algorithm.size)
        #expect(key.verify(code, [1]))
        for wrong in [[], Array(code.dropLast()), code + [0], code.map { $0 ^ 1 }] { #expect(!key.verify(wrong, [1])) }
    }

    @Test("a secret shorter than the code is too weak", arguments: MACAlgorithm.allCases)
    func weak(algorithm: MACAlgorithm) {
        for size in [0, 1, algorithm.size - 1] {
            #expect(throws: CryptoError.weakKey) {
                try MACKey(Secret([UInt8](repeating: 1, count: size)), algorithm: algorithm)
            }
        }
    }

    @Test("a token made with the bytes of a public key is refused by that key") func confusion() throws {
        let signer = try SigningKey.generate(.es256)
        let published = JSONValue.object(JWK(key: signer.publicKey).json).bytes
        let forged = JWS.sign(claims: [:], with: try MACKey(Secret(published), algorithm: .hs256), keyID: "k")
        let token = try UnverifiedToken(compact: forged)
        #expect(JWKSet([JWK(key: signer.publicKey, keyID: "k")]).key(for: token.header) == nil)
        #expect(throws: JOSEError.wrongAlgorithm) {
            try token.verified(by: signer.publicKey, algorithm: .es256)
        }
    }
}
