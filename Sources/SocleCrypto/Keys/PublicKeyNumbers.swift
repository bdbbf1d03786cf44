// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The numbers of a public key, as JWK spells them.
package enum PublicKeyNumbers: Hashable, Sendable {
    /// Affine coordinates of the curve's size, big endian.
    case ec(EllipticCurve, x: [UInt8], y: [UInt8])
    /// Big endian, no leading zero.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// The encoded point of RFC 8032 §5.1.2: 32 bytes. Signs.
    case ed25519(point: [UInt8])
    /// The coordinate of RFC 7748 §5: 32 bytes. Agrees on secrets.
    case x25519(point: [UInt8])

    /// What a key with these numbers can verify.
    package var algorithms: [SignatureAlgorithm] {
        switch self {
        case .ec(.p256, _, _): [.es256]
        case .ec(.p384, _, _): [.es384]
        case .ec(.p521, _, _): [.es512]
        case .rsa: [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
        case .ed25519: [.edDSA]
        case .x25519: []
        }
    }
}
