// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The numbers of a public key, as JWK spells them.
package enum PublicKeyNumbers: Hashable, Sendable {
    /// Affine coordinates, 32 bytes each, big endian.
    case p256(x: [UInt8], y: [UInt8])
    /// Big endian, no leading zero.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// The encoded point of RFC 8032 §5.1.2: 32 bytes.
    case ed25519(point: [UInt8])

    /// What a key with these numbers can verify.
    package var algorithms: [SignatureAlgorithm] {
        switch self {
        case .p256: [.es256]
        case .rsa: [.rs256, .ps256]
        case .ed25519: [.edDSA]
        }
    }
}
