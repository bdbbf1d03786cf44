// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Why a key or a signature could not be made. Verification never throws: a wrong signature is `false`.
package enum CryptoError: Error, Hashable, Sendable {
    /// Not a key of a kind Socle offers, or its numbers are malformed.
    case invalidKey
    /// A well-formed key too weak to be trusted: RSA outside 2048 to 8192 bits, an absurd exponent, a ROCA modulus.
    case weakKey
    /// Not an encrypted PKCS#8 PEM, or the passphrase is not its own.
    case unreadableKey
    /// The key cannot be used with that algorithm.
    case wrongAlgorithm
    /// libcrypto refused the operation.
    case operationFailed
}
