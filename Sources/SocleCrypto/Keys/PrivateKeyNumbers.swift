// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The numbers of a key pair, as JWK spells them: public part, and the secret beside it.
package enum PrivateKeyNumbers: Sendable {
    /// The private number has the curve's size, big endian.
    case ec(EllipticCurve, x: [UInt8], y: [UInt8], d: Secret)
    /// All eight numbers: without the primes each operation would cost four times as much.
    case rsa(modulus: [UInt8], exponent: [UInt8], RSASecrets)
    /// The seed of RFC 8032 §5.1.5: 32 bytes.
    case ed25519(point: [UInt8], seed: Secret)
    /// The scalar of RFC 7748 §5: 32 bytes.
    case x25519(point: [UInt8], scalar: Secret)

    /// In the order of RFC 7518 §6.3.2: `d`, `p`, `q`, `dp`, `dq`, `qi`, big endian.
    package struct RSASecrets: Sendable {
        let numbers: [Secret]

        package init(d: Secret, p: Secret, q: Secret, dp: Secret, dq: Secret, qi: Secret) {
            numbers = [d, p, q, dp, dq, qi]
        }
    }

    package var publicNumbers: PublicKeyNumbers {
        switch self {
        case .ec(let curve, let x, let y, _): .ec(curve, x: x, y: y)
        case .rsa(let modulus, let exponent, _): .rsa(modulus: modulus, exponent: exponent)
        case .ed25519(let point, _): .ed25519(point: point)
        case .x25519(let point, _): .x25519(point: point)
        }
    }
}
