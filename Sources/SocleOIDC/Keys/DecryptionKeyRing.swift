// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJOSE

/// The keys that open what clients encrypt to this server: request objects (OpenID Connect Core §6.1).
package protocol DecryptionKeyRing: Sendable {
    /// The key of the JWK set a client encrypted to, also for a while after the set has another one; where the client
    /// names none, the present one of the kind its algorithm needs.
    func decryptionKey(_ id: String?, for algorithm: KeyManagementAlgorithm) async -> DecryptionKey?
}
