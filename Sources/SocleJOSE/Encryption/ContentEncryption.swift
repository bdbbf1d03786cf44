// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto

/// How the content of a JWE is encrypted, by the JOSE name (RFC 7518 §5.1).
package enum ContentEncryption: String, Hashable, Sendable, CaseIterable {
    case a128GCM = "A128GCM"
    case a192GCM = "A192GCM"
    case a256GCM = "A256GCM"
    case a128CBCHS256 = "A128CBC-HS256"
    case a192CBCHS384 = "A192CBC-HS384"
    case a256CBCHS512 = "A256CBC-HS512"

    package var aead: AEAD {
        switch self {
        case .a128GCM: .gcm(keySize: 16)
        case .a192GCM: .gcm(keySize: 24)
        case .a256GCM: .gcm(keySize: 32)
        case .a128CBCHS256: .cbc(keySize: 32)
        case .a192CBCHS384: .cbc(keySize: 48)
        case .a256CBCHS512: .cbc(keySize: 64)
        }
    }
}
