// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto

/// The digest a client commits to before it holds a code.
///
/// - Shape: 43 base64url characters, the unpadded SHA-256 of the verifier.
/// - Throws: `invalid_request` for any other text. `plain` is not offered.
/// - Source: RFC 7636 §4.2–4.3; RFC 9700 §2.1.1.
package struct CodeChallenge: Hashable, Sendable {
    package let value: String

    package init(_ text: String, method: String?) throws(ProtocolError) {
        guard method == "S256" else {
            throw ProtocolError(.invalidRequest, "`code_challenge_method` must be `S256`")
        }
        guard Base64URL.decode(text)?.count == 32 else {
            throw ProtocolError(.invalidRequest, "`code_challenge` must be an unpadded base64url SHA-256")
        }
        value = text
    }

    /// One that was stored.
    package init(stored value: String) { self.value = value }

    /// Whether the verifier is the one committed to. Shape of a verifier: 43 to 128 unreserved characters.
    package func isMet(by verifier: String) -> Bool {
        let unreserved = verifier.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
            default: false
            }
        }
        return (43...128).contains(verifier.utf8.count) && unreserved
            && ConstantTime.equals(Base64URL.encode(SHA256.digest(verifier.utf8)), value)
    }
}
