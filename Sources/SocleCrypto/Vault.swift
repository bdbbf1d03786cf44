// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// Seals small secrets at rest: TOTP seeds, client secrets, wrapped data keys.
///
/// - Shape of a sealed value: `0x01`, a 12-byte random nonce, the ciphertext, a 16-byte tag.
/// - The context is authenticated, not stored: a value sealed for one record does not open for another.
/// - Source: NIST SP 800-38D; random nonces bound one key to 2^32 seals, far above what one data key sees.
package struct Vault: Sendable {
    private static let version: UInt8 = 1
    private static let nonceSize = 12
    private static let tagSize = 16

    private let key: Secret

    /// - Parameter key: 32 bytes.
    package init(key: [UInt8]) {
        precondition(key.count == 32, "a vault key is 32 bytes")
        self.key = Secret(key)
    }

    package func seal(_ plaintext: [UInt8], context: String, random: SecureRandom) -> [UInt8] {
        let nonce = random.bytes(Vault.nonceSize)
        precondition(nonce.count == Vault.nonceSize, "a nonce is 12 bytes")
        guard let (ciphertext, tag) = AESGCM.seal(plaintext, key: key, nonce: nonce, context: Array(context.utf8))
        else { fatalError("libcrypto could not seal") }
        return [Vault.version] + nonce + ciphertext + tag
    }

    /// A key of 32 bytes for one other purpose, always the same: HMAC-SHA256 as a key derivation (NIST SP 800-108).
    package func derivedKey(for purpose: String) -> [UInt8] {
        HMAC.sha256(key: key.unredacted, Array("socle derived key:\(purpose)".utf8))
    }

    /// nil when anything differs: the key, the context, one bit of the sealed value.
    package func open(_ sealed: [UInt8], context: String) -> [UInt8]? {
        guard sealed.count >= 1 + Vault.nonceSize + Vault.tagSize, sealed[0] == Vault.version else { return nil }
        let body = 1 + Vault.nonceSize
        let tag = sealed.count - Vault.tagSize
        return AESGCM.open(
            Array(sealed[body..<tag]), tag: Array(sealed[tag...]), key: key, nonce: Array(sealed[1..<body]),
            context: Array(context.utf8))
    }
}
