// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The signature algorithms offered, by their JOSE names (RFC 7518 §3.1, RFC 8037 §3.1). There is no `none`, and
/// codes made with a shared secret are another type: `MACAlgorithm`.
package enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// ECDSA on P-256 with SHA-256; signatures are r and s, 32 bytes each.
    case es256 = "ES256"
    /// ECDSA on P-384 with SHA-384: 48 bytes each.
    case es384 = "ES384"
    /// ECDSA on P-521 with SHA-512: 66 bytes each.
    case es512 = "ES512"
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a 32-byte salt.
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    /// Ed25519.
    case edDSA = "EdDSA"

    /// The algorithm's own hash, which OpenID Connect Core §3.1.3.6 wants for `at_hash`; SHA-512 for Ed25519.
    package func digest(_ bytes: some Collection<UInt8>) -> [UInt8] { hash.digest(bytes) }

    var hash: DigestAlgorithm {
        switch self {
        case .es256, .rs256, .ps256: .sha256
        case .es384, .rs384, .ps384: .sha384
        case .es512, .rs512, .ps512, .edDSA: .sha512
        }
    }

    /// The one curve of an ECDSA algorithm.
    var curve: EllipticCurve? {
        switch self {
        case .es256: .p256
        case .es384: .p384
        case .es512: .p521
        default: nil
        }
    }
}
