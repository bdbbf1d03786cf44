// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The authenticated ciphers of JOSE (RFC 7518 §5), each with a fresh key and nonce for every message.
package enum AEAD: Hashable, Sendable {
    /// AES-GCM with a 12-byte nonce and a 16-byte tag (§5.3); the key has 16, 24 or 32 bytes.
    case gcm(keySize: Int)
    /// AES-CBC under HMAC (§5.2): half of the key authenticates, half encrypts, and the tag has half the key's size.
    case cbc(keySize: Int)

    package var keySize: Int {
        switch self {
        case .gcm(let size), .cbc(let size): size
        }
    }

    package var nonceSize: Int {
        switch self {
        case .gcm: 12
        case .cbc: 16
        }
    }

    package var tagSize: Int {
        switch self {
        case .gcm: 16
        case .cbc(let keySize): keySize / 2
        }
    }

    package func seal(
        _ plaintext: [UInt8], key: Secret, nonce: [UInt8], context: [UInt8]
    ) throws(CryptoError) -> (ciphertext: [UInt8], tag: [UInt8]) {
        guard key.unredacted.count == keySize, nonce.count == nonceSize else { throw .invalidKey }
        let sealed =
            switch self {
            case .gcm: AESGCM.seal(plaintext, key: key, nonce: nonce, context: context)
            case .cbc: AESCBCHMAC.seal(plaintext, key: key, nonce: nonce, context: context)
            }
        guard let sealed else { throw .operationFailed }
        return sealed
    }

    /// nil when anything differs, whatever it is: a length, the key, the context, one bit of the rest.
    package func open(
        _ ciphertext: [UInt8], tag: [UInt8], key: Secret, nonce: [UInt8], context: [UInt8]
    ) -> [UInt8]? {
        guard key.unredacted.count == keySize, nonce.count == nonceSize, tag.count == tagSize else { return nil }
        return switch self {
        case .gcm: AESGCM.open(ciphertext, tag: tag, key: key, nonce: nonce, context: context)
        case .cbc: AESCBCHMAC.open(ciphertext, tag: tag, key: key, nonce: nonce, context: context)
        }
    }
}
