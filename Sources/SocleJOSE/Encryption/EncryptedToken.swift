// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
import SocleJSON

/// A compact JWE taken apart, not yet opened (RFC 7516 §7.1): good for finding the key to open it with.
///
/// There is no other form: the JSON serialization, whose headers may stand outside what is authenticated, is refused.
package struct EncryptedToken: Sendable {
    /// The longest token read unless the caller says otherwise, in bytes: room for the longest signed token.
    package static let usualLimit = 24_576

    package let header: JOSEHeader
    /// The header as it came, which the tag covers.
    private let context: [UInt8]
    private let encryptedKey: [UInt8]
    private let nonce: [UInt8]
    private let ciphertext: [UInt8]
    private let tag: [UInt8]

    package init(compact: some StringProtocol, limit: Int = usualLimit) throws(JOSEError) {
        let text = Array(compact.utf8.prefix(limit + 1))
        guard text.count <= limit else { throw .tooLong }
        let segments = text.split(separator: UInt8(ascii: "."), maxSplits: 5, omittingEmptySubsequences: false)
        let decoded = segments.compactMap { Base64URL.decode(utf8: $0) }
        guard segments.count == 5, decoded.count == 5, !decoded[0].isEmpty else { throw .malformedToken }
        header = try JOSEHeader(parsing: decoded[0])
        guard header.encryption != nil else { throw .malformedHeader }
        // Compressed content tells its length, and a short token may open to an enormous one (RFC 8725 §3.6).
        guard header.members["zip"] == nil else { throw .compressed }
        context = Array(segments[0])
        (encryptedKey, nonce, ciphertext, tag) = (decoded[1], decoded[2], decoded[3], decoded[4])
    }

    /// The plaintext, opened by a private key.
    ///
    /// - Parameters:
    ///   - algorithms, encryptions: what the key and its sender are pinned to; the header chooses among them only.
    /// - Throws: `wrongAlgorithm` for another one, `malformedHeader` for an unusable `epk`; `undecryptable` for
    ///   everything the key decides, in the same time whatever it is.
    package func plaintext(
        openedBy key: DecryptionKey, algorithms: Set<KeyManagementAlgorithm>, encryptions: Set<ContentEncryption>
    ) throws(JOSEError) -> [UInt8] {
        let (algorithm, encryption) = try named(among: algorithms, encryptions)
        guard algorithm.suits(key.publicKey.numbers) else { throw .wrongAlgorithm }
        let size = encryption.aead.keySize
        switch algorithm.family {
        case .encryption(let digest):
            return try open(encryption, key.decrypt(encryptedKey, size: size, digest: digest))
        case .agreement(nil):
            return try open(encryption, direct: try derivedKey(key, size: size, purpose: encryption.rawValue))
        case .agreement(let wrapKeySize?):
            let derived = try derivedKey(key, size: wrapKeySize, purpose: algorithm.rawValue)
            return try open(encryption, AESKeyWrap.unwrap(encryptedKey, size: size, under: derived))
        case .wrap, .gcmWrap, .direct: throw .wrongAlgorithm
        }
    }

    /// The plaintext, opened by a shared secret.
    ///
    /// - Parameter algorithm: the one the secret is pinned to.
    /// - Throws: as above; `unusableKey` for a secret of another size than the algorithm has.
    package func plaintext(
        openedBy secret: Secret, algorithm: KeyManagementAlgorithm, encryptions: Set<ContentEncryption>
    ) throws(JOSEError) -> [UInt8] {
        let (algorithm, encryption) = try named(among: [algorithm], encryptions)
        let size = encryption.aead.keySize
        switch algorithm.family {
        case .wrap(let keySize):
            guard secret.unredacted.count == keySize else { throw .unusableKey }
            return try open(encryption, AESKeyWrap.unwrap(encryptedKey, size: size, under: secret))
        case .gcmWrap(let keySize):
            guard secret.unredacted.count == keySize else { throw .unusableKey }
            return try open(encryption, try gcmUnwrapped(size: size, under: secret))
        case .direct:
            guard secret.unredacted.count == size else { throw .unusableKey }
            return try open(encryption, direct: secret)
        case .encryption, .agreement: throw .wrongAlgorithm
        }
    }
}

extension EncryptedToken {
    private func named(
        among algorithms: Set<KeyManagementAlgorithm>, _ encryptions: Set<ContentEncryption>
    ) throws(JOSEError) -> (KeyManagementAlgorithm, ContentEncryption) {
        guard let algorithm = KeyManagementAlgorithm(rawValue: header.algorithm), algorithms.contains(algorithm),
            let encryption = header.encryption.flatMap(ContentEncryption.init), encryptions.contains(encryption)
        else { throw .wrongAlgorithm }
        return (algorithm, encryption)
    }

    private func open(_ encryption: ContentEncryption, _ key: Secret) throws(JOSEError) -> [UInt8] {
        guard
            let plaintext = encryption.aead.open(
                ciphertext, tag: tag, key: key, nonce: nonce, context: context)
        else { throw .undecryptable }
        return plaintext
    }

    /// Where the content key does not travel, its segment is empty (RFC 7516 §5.2 step 10).
    private func open(_ encryption: ContentEncryption, direct key: Secret) throws(JOSEError) -> [UInt8] {
        guard encryptedKey.isEmpty else { throw .malformedToken }
        return try open(encryption, key)
    }

    private func derivedKey(_ key: DecryptionKey, size: Int, purpose: String) throws(JOSEError) -> Secret {
        guard let epk = header.members["epk"]?.object, !JWK.isPrivate(epk) else { throw .malformedHeader }
        let producer = try information("apu")
        let consumer = try information("apv")
        // A point that is not on the curve would give the private key away, a residue at a time.
        let numbers = try JWK.numbers(of: epk)
        do throws(CryptoError) {
            let agreed = try key.agree(with: EncryptionKey(numbers))
            return KeyAgreement.derive(
                agreed, size: size, purpose: purpose, producer: producer, consumer: consumer)
        } catch {
            throw .malformedHeader
        }
    }

    /// What the parties say of themselves (RFC 7518 §4.6.1.2): taken into the key, not believed.
    private func information(_ name: String) throws(JOSEError) -> [UInt8] {
        guard let value = header.members[name] else { return [] }
        guard let text = value.string, let bytes = Base64URL.decode(text) else { throw .malformedHeader }
        return bytes
    }

    private func gcmUnwrapped(size: Int, under secret: Secret) throws(JOSEError) -> Secret {
        let nonce = try information("iv")
        let tag = try information("tag")
        guard nonce.count == 12, tag.count == 16, encryptedKey.count == size else { throw .malformedHeader }
        let key = AEAD.gcm(keySize: secret.unredacted.count)
            .open(encryptedKey, tag: tag, key: secret, nonce: nonce, context: [])
        return key.map(Secret.init) ?? .chance(size)
    }
}

extension EncryptedToken {
    /// The signed token inside a nested JWT; inside that one there is nothing more to open.
    ///
    /// - Parameter plaintext: what this token opened to.
    /// - Throws: `wrongType` when the header says the content is something else than a JWT.
    package func signedToken(in plaintext: [UInt8]) throws(JOSEError) -> UnverifiedToken {
        if let type = header.contentType, !JOSEHeader.sameType(type, "JWT") { throw .wrongType }
        return try UnverifiedToken(compact: String(decoding: plaintext, as: UTF8.self))
    }
}
