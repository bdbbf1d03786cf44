// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// A private key that opens what was encrypted to it: RSA, EC or X25519.
package final class DecryptionKey: Sendable {
    package enum Kind: Hashable, Sendable {
        case ec(EllipticCurve)
        case x25519
        /// 2048 bits; takes up to a second to make: never on a cooperative thread.
        case rsa
    }

    package let publicKey: EncryptionKey
    let handle: KeyHandle

    package static func generate(_ kind: Kind) throws(CryptoError) -> DecryptionKey {
        let pointer =
            switch kind {
            case .ec(let curve): socle_generate_ec(curve.group)
            case .x25519: socle_generate("X25519")
            case .rsa: socle_generate_rsa(2048)
            }
        guard let pointer else { throw .operationFailed }
        return try DecryptionKey(handle: KeyHandle(taking: pointer))
    }

    /// - Throws: `invalidKey` for numbers that are no key pair, `weakKey`, `wrongAlgorithm` for an Ed25519 key.
    package convenience init(_ numbers: PrivateKeyNumbers) throws(CryptoError) {
        try self.init(handle: KeyHandle(numbers))
    }

    init(handle: KeyHandle) throws(CryptoError) {
        let numbers = try handle.numbers()
        switch numbers {
        case .ed25519: throw .wrongAlgorithm
        case .rsa(let modulus, let exponent): try RSAStrength.check(modulus: modulus, exponent: exponent)
        case .ec, .x25519: break
        }
        self.handle = handle
        publicKey = EncryptionKey(handle: handle, numbers: numbers)
    }

    /// The secret of that size encrypted to this key; one of chance when there is none, see `Secret.chance`.
    package func decrypt(_ encrypted: [UInt8], size: Int, digest: OAEPDigest) -> Secret {
        let instead = Secret.chance(size)
        guard let secret = digest.run(handle, encrypted, encrypt: false), secret.count == size else { return instead }
        return Secret(secret)
    }

    /// The secret agreed with another key, of the curve's size (NIST SP 800-56A §5.7.1.2, RFC 7748 §6.1).
    ///
    /// - Throws: `wrongAlgorithm` for a key of another curve; `invalidKey` for a point that agrees on nothing.
    package func agree(with other: EncryptionKey) throws(CryptoError) -> Secret {
        switch (publicKey.numbers, other.numbers) {
        case (.ec(let own, _, _), .ec(let theirs, _, _)) where own == theirs: break
        case (.x25519, .x25519): break
        default: throw .wrongAlgorithm
        }
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, handle.pointer, nil) else { throw .operationFailed }
        defer { EVP_PKEY_CTX_free(context) }
        var size = 66
        var secret = [UInt8](repeating: 0, count: size)
        // libcrypto refuses the X25519 points of small order, whose secret is all zeros (RFC 7748 §6.1).
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, other.handle.pointer) == 1,
            EVP_PKEY_derive(context, &secret, &size) == 1
        else { throw .invalidKey }
        return Secret(Array(secret[..<size]))
    }
}
