// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
import SocleJSON

/// Whom a JWE is encrypted to: a key, and the one algorithm it is used with.
package struct JWERecipient: Sendable {
    enum Key: Sendable {
        case pair(EncryptionKey)
        case shared(Secret)
    }

    package let algorithm: KeyManagementAlgorithm
    package let keyID: String?
    let key: Key

    /// - Throws: `wrongAlgorithm` for one of another kind of key.
    package init(
        _ key: EncryptionKey, algorithm: KeyManagementAlgorithm, keyID: String? = nil
    ) throws(CryptoError) {
        guard algorithm.suits(key.numbers) else { throw .wrongAlgorithm }
        self.key = .pair(key)
        self.algorithm = algorithm
        self.keyID = keyID
    }

    /// - Throws: `wrongAlgorithm` for one of key pairs, `invalidKey` for a secret of another size than it has.
    package init(
        shared secret: Secret, algorithm: KeyManagementAlgorithm, keyID: String? = nil
    ) throws(CryptoError) {
        guard algorithm.isSymmetric else { throw .wrongAlgorithm }
        guard algorithm.secretSize.map({ $0 == secret.unredacted.count }) ?? true else { throw .invalidKey }
        self.key = .shared(secret)
        self.algorithm = algorithm
        self.keyID = keyID
    }
}

extension JWERecipient {
    /// A content key, and how the recipient comes to it.
    struct Delivery {
        var contentKey: Secret
        /// Empty where the recipient has, or agrees on, the content key itself.
        var encryptedKey: [UInt8] = []
        /// What the header says of it: `epk`, or `tag` and `iv`.
        var parameters: JSONObject = [:]
    }

    func delivery(_ encryption: ContentEncryption, random: SecureRandom) throws(CryptoError) -> Delivery {
        let size = encryption.aead.keySize
        switch (algorithm.family, key) {
        case (.encryption(let digest), .pair(let key)):
            let contentKey = Secret(random.bytes(size))
            return Delivery(contentKey: contentKey, encryptedKey: try key.encrypt(contentKey, digest: digest))
        case (.agreement(let wrapKeySize), .pair(let key)):
            return try agreed(with: key, wrapKeySize: wrapKeySize, encryption, random: random)
        case (.wrap, .shared(let secret)):
            let contentKey = Secret(random.bytes(size))
            return Delivery(
                contentKey: contentKey, encryptedKey: try AESKeyWrap.wrap(contentKey, under: secret))
        case (.gcmWrap(let keySize), .shared(let secret)):
            let contentKey = Secret(random.bytes(size))
            let nonce = random.bytes(12)
            let (wrapped, tag) = try AEAD.gcm(keySize: keySize)
                .seal(contentKey.unredacted, key: secret, nonce: nonce, context: [])
            return Delivery(
                contentKey: contentKey, encryptedKey: wrapped,
                parameters: ["tag": .string(Base64URL.encode(tag)), "iv": .string(Base64URL.encode(nonce))])
        case (.direct, .shared(let secret)):
            guard secret.unredacted.count == size else { throw .invalidKey }
            return Delivery(contentKey: secret)
        default: throw .wrongAlgorithm
        }
    }

    /// With a key made for this one message, whose public part travels as `epk`.
    private func agreed(
        with key: EncryptionKey, wrapKeySize: Int?, _ encryption: ContentEncryption, random: SecureRandom
    ) throws(CryptoError) -> Delivery {
        let ephemeral: DecryptionKey
        if case .ec(let curve, _, _) = key.numbers {
            ephemeral = try DecryptionKey.generate(.ec(curve))
        } else {
            ephemeral = try DecryptionKey.generate(.x25519)
        }
        let derived = KeyAgreement.derive(
            try ephemeral.agree(with: key), size: wrapKeySize ?? encryption.aead.keySize,
            purpose: wrapKeySize == nil ? encryption.rawValue : algorithm.rawValue, producer: [], consumer: [])
        let parameters: JSONObject = ["epk": .object(JWK.required(ephemeral.publicKey.numbers))]
        guard wrapKeySize != nil else { return Delivery(contentKey: derived, parameters: parameters) }
        let contentKey = Secret(random.bytes(encryption.aead.keySize))
        return Delivery(
            contentKey: contentKey, encryptedKey: try AESKeyWrap.wrap(contentKey, under: derived),
            parameters: parameters)
    }
}
