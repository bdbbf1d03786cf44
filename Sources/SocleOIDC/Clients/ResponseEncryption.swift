// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJOSE

/// How an answer to a client is encrypted, to one of its public keys, or its request object to one of ours
/// (OpenID Connect Registration §2).
package struct ResponseEncryption: Hashable, Sendable {
    package var key: KeyManagementAlgorithm
    package var content: ContentEncryption

    /// The content encryption that holds where none is registered.
    package static let usual = ContentEncryption.a128CBCHS256

    /// Those that need no secret shared with the client.
    package static let keyAlgorithms = KeyManagementAlgorithm.allCases.filter { !$0.isSymmetric }

    package init(key: KeyManagementAlgorithm, content: ContentEncryption = usual) {
        self.key = key
        self.content = content
    }
}
