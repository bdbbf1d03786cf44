// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto

/// How the content key of a JWE reaches its reader, by the JOSE name (RFC 7518 §4.1).
///
/// `RSA1_5` is not offered, for its padding has been an oracle since 1998 (RFC 8725 §3.2), nor are the `PBES2` ones:
/// a count of iterations chosen by the sender is ours to pay, and no profile of ours sends passwords.
package enum KeyManagementAlgorithm: String, Hashable, Sendable, CaseIterable {
    case rsaOAEP = "RSA-OAEP"
    case rsaOAEP256 = "RSA-OAEP-256"
    case ecdhES = "ECDH-ES"
    case ecdhESA128KW = "ECDH-ES+A128KW"
    case ecdhESA192KW = "ECDH-ES+A192KW"
    case ecdhESA256KW = "ECDH-ES+A256KW"
    case a128KW = "A128KW"
    case a192KW = "A192KW"
    case a256KW = "A256KW"
    case a128GCMKW = "A128GCMKW"
    case a192GCMKW = "A192GCMKW"
    case a256GCMKW = "A256GCMKW"
    case dir = "dir"

    enum Family: Hashable {
        /// To an RSA key (§4.3).
        case encryption(OAEPDigest)
        /// With an EC or X25519 key (§4.6, RFC 8037 §3.2); the agreed key wraps the content key, or is it.
        case agreement(wrapKeySize: Int?)
        /// Under a shared secret of that size, by RFC 3394 (§4.4).
        case wrap(keySize: Int)
        /// Under a shared secret of that size, by AES-GCM (§4.7).
        case gcmWrap(keySize: Int)
        /// The shared secret is the content key (§4.5).
        case direct
    }

    var family: Family {
        switch self {
        case .rsaOAEP: .encryption(.sha1)
        case .rsaOAEP256: .encryption(.sha256)
        case .ecdhES: .agreement(wrapKeySize: nil)
        case .ecdhESA128KW: .agreement(wrapKeySize: 16)
        case .ecdhESA192KW: .agreement(wrapKeySize: 24)
        case .ecdhESA256KW: .agreement(wrapKeySize: 32)
        case .a128KW: .wrap(keySize: 16)
        case .a192KW: .wrap(keySize: 24)
        case .a256KW: .wrap(keySize: 32)
        case .a128GCMKW: .gcmWrap(keySize: 16)
        case .a192GCMKW: .gcmWrap(keySize: 24)
        case .a256GCMKW: .gcmWrap(keySize: 32)
        case .dir: .direct
        }
    }

    /// Whether it works with a public key of that kind.
    package func suits(_ numbers: PublicKeyNumbers) -> Bool {
        switch (family, numbers) {
        case (.encryption, .rsa), (.agreement, .ec), (.agreement, .x25519): true
        default: false
        }
    }

    /// Whether it works with a shared secret rather than a key pair.
    package var isSymmetric: Bool { secretSize != nil || self == .dir }

    /// The bytes its shared secret has; nil for `dir`, where the content encryption says, and for key pairs.
    package var secretSize: Int? {
        switch family {
        case .wrap(let size), .gcmWrap(let size): size
        case .encryption, .agreement, .direct: nil
        }
    }
}
