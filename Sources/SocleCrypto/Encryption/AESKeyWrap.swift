// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// AES key wrap (RFC 3394): a key under another, eight bytes longer.
package enum AESKeyWrap {
    /// - Parameters:
    ///   - key: a multiple of eight bytes, sixteen at least.
    ///   - other: 16, 24 or 32 bytes.
    package static func wrap(_ key: Secret, under other: Secret) throws(CryptoError) -> [UInt8] {
        guard key.unredacted.count % 8 == 0, key.unredacted.count >= 16,
            let wrapped = run(key.unredacted, under: other, encrypt: true)
        else { throw .operationFailed }
        return wrapped
    }

    /// The key of that size wrapped there; one of chance when there is none, see `Secret.chance`.
    package static func unwrap(_ wrapped: [UInt8], size: Int, under other: Secret) -> Secret {
        guard wrapped.count == size + 8, let key = run(wrapped, under: other, encrypt: false), key.count == size else {
            return .chance(size)
        }
        return Secret(key)
    }

    private static func run(_ input: [UInt8], under key: Secret, encrypt: Bool) -> [UInt8]? {
        let bytes = key.unredacted
        return AESBlocks.run(.wrap(keySize: bytes.count), key: bytes, nonce: nil, input, encrypt: encrypt)
    }
}

extension Secret {
    /// What stands for a key that could not be decrypted: the caller goes on as with any other, and the failure shows
    /// where every wrong key shows, at the tag of the content (RFC 7516 §11.5).
    package static func chance(_ size: Int) -> Secret { Secret(SecureRandom.system.bytes(size)) }
}
