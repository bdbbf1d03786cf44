// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import Testing

@Suite("Signing keys · FIPS 186-5, RFC 8017, RFC 8032")
struct SigningKeyTests {
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
    let message = Array("a message".utf8)

    @Test("a signature verifies, and no changed bit of it or of the message does", arguments: keys)
    func signs(key: SigningKey) throws {
        let signature = try key.sign(message)
        #expect(key.publicKey.verify(signature, message, algorithm: key.algorithm))
        for index in stride(from: 0, to: signature.count, by: 7) {
            var changed = signature
            changed[index] ^= 0x10
            #expect(!key.publicKey.verify(changed, message, algorithm: key.algorithm))
        }
        #expect(!key.publicKey.verify(signature, message + [0], algorithm: key.algorithm))
        #expect(!key.publicKey.verify(signature, [], algorithm: key.algorithm))
        #expect(!key.publicKey.verify([], message, algorithm: key.algorithm))
        #expect(!key.publicKey.verify(signature + [0], message, algorithm: key.algorithm))
        #expect(!key.publicKey.verify(signature.dropLast(), message, algorithm: key.algorithm))
    }

    @Test("there is a key of each algorithm") func all() { #expect(Self.keys.count == 10) }

    @Test("an algorithm other than the one that signed is refused, even of the same kind of key", arguments: keys)
    func otherAlgorithm(key: SigningKey) throws {
        let signature = try key.sign(message)
        for algorithm in SignatureAlgorithm.allCases where algorithm != key.algorithm {
            #expect(!key.publicKey.verify(signature, message, algorithm: algorithm))
        }
    }

    @Test("another key of the same algorithm refuses the signature", arguments: [SignatureAlgorithm.es256, .edDSA])
    func otherKey(algorithm: SignatureAlgorithm) throws {
        let signature = try SigningKey.generate(algorithm).sign(message)
        #expect(!(try SigningKey.generate(algorithm).publicKey.verify(signature, message, algorithm: algorithm)))
    }

    @Test(
        "an ECDSA signature is always twice the curve's size, whatever the leading zeros",
        arguments: [(SignatureAlgorithm.es256, 64, 600), (.es384, 96, 150), (.es512, 132, 150)])
    func fixedSize(algorithm: SignatureAlgorithm, size: Int, rounds: Int) throws {
        let key = try SigningKey.generate(algorithm)
        for count in 0..<rounds {
            let message = [UInt8](repeating: 1, count: count)
            let signature = try key.sign(message)
            #expect(signature.count == size)
            #expect(key.publicKey.verify(signature, message, algorithm: algorithm))
        }
    }

    @Test("an ES256 signature of zeros, of the order, or in DER is refused") func degenerate() throws {
        let key = try SigningKey.generate(.es256)
        let order =
            Hex.decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551") ?? []
        #expect(!key.publicKey.verify([UInt8](repeating: 0, count: 64), message, algorithm: .es256))
        #expect(!key.publicKey.verify(order + order, message, algorithm: .es256))
        #expect(!key.publicKey.verify([0x30, 6, 2, 1, 1, 2, 1, 1], message, algorithm: .es256))
    }

    @Test("a public key rebuilt from its numbers verifies the same signatures", arguments: keys)
    func rebuilt(key: SigningKey) throws {
        let rebuilt = try VerificationKey(key.publicKey.numbers)
        #expect(rebuilt == key.publicKey)
        #expect(rebuilt.verify(try key.sign(message), message, algorithm: key.algorithm))
    }

    @Test("signing from many threads at once gives only good signatures") func concurrent() async throws {
        let key = try SigningKey.generate(.es256)
        let good = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let message = [UInt8(index)]
                    guard let signature = try? key.sign(message) else { return false }
                    return key.publicKey.verify(signature, message, algorithm: .es256)
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(good == 200)
    }

    @Test("Ed25519 signs as RFC 8032 §7.1 test 2 says") func ed25519() throws {
        let seed = Secret(Hex.decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb") ?? [])
        let key = try SigningKey(ed25519Seed: seed)
        let point = Hex.decode("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c") ?? []
        #expect(key.publicKey.numbers == .ed25519(point: point))
        #expect(
            Hex.encode(try key.sign([0x72]))
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        #expect(throws: CryptoError.invalidKey) { try SigningKey(ed25519Seed: Secret([1, 2, 3])) }
    }
}
