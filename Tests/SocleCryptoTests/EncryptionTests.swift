// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import Testing

@Suite("Authenticated encryption · RFC 7518 §5, appendix B")
struct AEADTests {
    private static func hex(_ text: String) -> [UInt8] { Hex.decode(text) ?? [] }

    /// Kerckhoffs's second principle, as appendix B has it.
    private let plaintext = Array(
        ("A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy "
            + "without inconvenience").utf8)
    private static let ciphers: [AEAD] = [16, 24, 32].map(AEAD.gcm) + [32, 48, 64].map(AEAD.cbc)

    @Test(
        "appendix B.1 to B.3: the three composite ciphers, tag and first block",
        arguments: [
            (32, "c80edfa32ddf39d5ef00c0b468834279", "652c3fa36b0a7c5b3219fab3a30bc1c4"),
            (48, "ea65da6b59e61edb419be62d19712ae5", "8490ac0e58949bfe51875d733f93ac2075168039ccc733d7"),
            (
                64, "4affaaadb78c31c5da4b1b590d10ffbd",
                "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5"
            ),
        ])
    func composite(keySize: Int, firstBlock: String, tag: String) throws {
        let key = Secret((0..<keySize).map { UInt8($0) })
        let nonce = Self.hex("1af38c2dc2b96ffdd86694092341bc04")
        let context = Array("The second principle of Auguste Kerckhoffs".utf8)
        let sealed = try AEAD.cbc(keySize: keySize).seal(plaintext, key: key, nonce: nonce, context: context)
        #expect(Hex.encode(sealed.ciphertext.prefix(16)) == firstBlock)
        #expect(sealed.ciphertext.count == 144)
        #expect(Hex.encode(sealed.tag) == tag)
    }

    @Test("what was sealed opens, and nothing opens when one bit differs anywhere", arguments: ciphers)
    func changed(cipher: AEAD) throws {
        let key = SecureRandom.system.bytes(cipher.keySize)
        let nonce = SecureRandom.system.bytes(cipher.nonceSize)
        for message in [[], plaintext] {
            let (ciphertext, tag) = try cipher.seal(message, key: Secret(key), nonce: nonce, context: [1, 2, 3])
            func opened(
                _ ciphertext: [UInt8], _ tag: [UInt8], _ key: [UInt8], _ nonce: [UInt8], _ context: [UInt8]
            ) -> [UInt8]? {
                cipher.open(ciphertext, tag: tag, key: Secret(key), nonce: nonce, context: context)
            }
            #expect(opened(ciphertext, tag, key, nonce, [1, 2, 3]) == message)
            #expect(opened(ciphertext, tag, key, nonce, [1, 2]) == nil)
            #expect(opened(ciphertext, tag, key, nonce.flipped(0), [1, 2, 3]) == nil)
            for index in key.indices {
                let other = opened(ciphertext, tag, key.flipped(index), nonce, [1, 2, 3])
                // The second half of a composite key is not under the tag: one changed alone decrypts to noise, which
                // is padding once in 256.
                if cipher.isComposite, index >= key.count / 2 {
                    #expect(other != message)
                } else {
                    #expect(other == nil)
                }
            }
            for index in tag.indices { #expect(opened(ciphertext, tag.flipped(index), key, nonce, [1, 2, 3]) == nil) }
            for index in ciphertext.indices {
                #expect(opened(ciphertext.flipped(index), tag, key, nonce, [1, 2, 3]) == nil)
            }
            for size in 0..<tag.count {
                #expect(opened(ciphertext, Array(tag[..<size]), key, nonce, [1, 2, 3]) == nil)
            }
            #expect(opened(ciphertext, tag + [0], key, nonce, [1, 2, 3]) == nil)
            #expect(opened(ciphertext + [0], tag, key, nonce, [1, 2, 3]) == nil)
        }
    }

    @Test("a key or a nonce of another size seals nothing", arguments: ciphers) func sizes(cipher: AEAD) {
        let nonce = [UInt8](repeating: 0, count: cipher.nonceSize)
        for size in [0, cipher.keySize - 1, cipher.keySize + 1] {
            let key = Secret([UInt8](repeating: 0, count: size))
            #expect(throws: CryptoError.invalidKey) { try cipher.seal([], key: key, nonce: nonce, context: []) }
        }
        let key = Secret([UInt8](repeating: 0, count: cipher.keySize))
        #expect(throws: CryptoError.invalidKey) { try cipher.seal([], key: key, nonce: nonce + [0], context: []) }
    }
}

@Suite("Key wrapping · RFC 3394 §4")
struct KeyWrapTests {
    @Test(
        "§4.1 to §4.6: wrapped as published, and unwrapped again",
        arguments: [
            (16, 16, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"),
            (24, 16, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"),
            (32, 16, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"),
            (24, 24, "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"),
            (32, 24, "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"),
            (32, 32, "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"),
        ])
    func published(keySize: Int, contentSize: Int, expected: String) throws {
        let wrapping = Secret((0..<keySize).map { UInt8($0) })
        let bytes = (Hex.decode("00112233445566778899aabbccddeeff") ?? []) + (0..<16)
        let content = Secret(Array(bytes[..<contentSize]))
        let wrapped = try AESKeyWrap.wrap(content, under: wrapping)
        #expect(Hex.encode(wrapped) == expected)
        #expect(AESKeyWrap.unwrap(wrapped, size: contentSize, under: wrapping) == content)
    }

    @Test("what does not unwrap gives a key of chance, of the size wanted, another each time") func chance() throws {
        let wrapping = Secret([UInt8](repeating: 7, count: 16))
        let wrapped = try AESKeyWrap.wrap(Secret([UInt8](repeating: 1, count: 32)), under: wrapping)
        for wrong in [wrapped.flipped(0), Array(wrapped.dropLast()), [], wrapped + [0]] {
            let first = AESKeyWrap.unwrap(wrong, size: 32, under: wrapping)
            #expect(first.unredacted.count == 32)
            #expect(first != AESKeyWrap.unwrap(wrong, size: 32, under: wrapping))
        }
        #expect(AESKeyWrap.unwrap(wrapped, size: 16, under: wrapping).unredacted.count == 16)
    }
}

@Suite("Keys to encrypt to · RFC 8017 §7.1, NIST SP 800-56A, RFC 7748")
struct EncryptionKeyTests {
    private static let rsa = try? DecryptionKey.generate(.rsa)

    @Test("a secret encrypted by OAEP decrypts, with the same digest alone", arguments: [OAEPDigest.sha1, .sha256])
    func oaep(digest: OAEPDigest) throws {
        let key = try #require(Self.rsa)
        let secret = Secret([UInt8](repeating: 5, count: 32))
        let encrypted = try key.publicKey.encrypt(secret, digest: digest)
        #expect(key.decrypt(encrypted, size: 32, digest: digest) == secret)
        #expect(key.decrypt(encrypted, size: 32, digest: digest == .sha1 ? .sha256 : .sha1) != secret)
        #expect(try key.publicKey.encrypt(secret, digest: digest) != encrypted)
    }

    @Test("what does not decrypt gives a secret of chance, of the size wanted, another each time") func chance() throws
    {
        let key = try #require(Self.rsa)
        let encrypted = try key.publicKey.encrypt(Secret([UInt8](repeating: 5, count: 32)), digest: .sha256)
        for wrong in [encrypted.flipped(9), [], [UInt8](repeating: 0xFF, count: 256), encrypted + [0]] {
            let first = key.decrypt(wrong, size: 32, digest: .sha256)
            #expect(first.unredacted.count == 32)
            #expect(first != key.decrypt(wrong, size: 32, digest: .sha256))
        }
        #expect(key.decrypt(encrypted, size: 16, digest: .sha256).unredacted.count == 16)
    }

    @Test(
        "two keys agree on one secret of the curve's size",
        arguments: [
            (DecryptionKey.Kind.ec(.p256), 32), (.ec(.p384), 48), (.ec(.p521), 66), (.x25519, 32),
        ])
    func agreement(kind: DecryptionKey.Kind, size: Int) throws {
        let (one, other) = (try DecryptionKey.generate(kind), try DecryptionKey.generate(kind))
        let secret = try one.agree(with: other.publicKey)
        #expect(secret.unredacted.count == size)
        let same = try other.agree(with: EncryptionKey(one.publicKey.numbers))
        #expect(same == secret)
        #expect(throws: CryptoError.operationFailed) { try one.publicKey.encrypt(secret, digest: .sha256) }
    }

    @Test("keys of different curves do not agree") func otherCurve() throws {
        let kinds: [DecryptionKey.Kind] = [.ec(.p256), .ec(.p384), .ec(.p521), .x25519]
        let keys = try kinds.map { try DecryptionKey.generate($0) } + [try #require(Self.rsa)]
        for (index, key) in keys.enumerated() {
            for other in keys[(index + 1)...] {
                #expect(throws: CryptoError.wrongAlgorithm) { try key.agree(with: other.publicKey) }
            }
        }
    }

    @Test("an X25519 point of small order agrees on nothing (RFC 7748 §6.1)") func smallOrder() throws {
        let key = try DecryptionKey.generate(.x25519)
        let points = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ]
        for point in points {
            let other = try EncryptionKey(.x25519(point: Hex.decode(point) ?? []))
            #expect(throws: CryptoError.invalidKey, "\(point)") { try key.agree(with: other) }
        }
    }
}

extension AEAD {
    fileprivate var isComposite: Bool { if case .cbc = self { true } else { false } }
}

extension [UInt8] {
    func flipped(_ index: Int) -> [UInt8] {
        var bytes = self
        if bytes.indices.contains(index) { bytes[index] ^= 1 } else { bytes.append(0) }
        return bytes
    }
}
