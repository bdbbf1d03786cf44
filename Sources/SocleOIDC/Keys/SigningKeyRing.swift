// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJOSE

/// The keys tokens are signed with. Implemented on encrypted files; an HSM is another implementation.
package protocol SigningKeyRing: Sendable {
    /// The key to sign with now; made on first need.
    func current(_ algorithm: SignatureAlgorithm) async throws -> (id: String, key: SigningKey)

    /// The public keys of the JWK set: next, current and previous of each algorithm.
    func published() async throws -> [JWK]

    /// A published key, with the one algorithm it is for; nil for any other identifier.
    func verificationKey(_ id: String) async -> (algorithm: SignatureAlgorithm, key: VerificationKey)?
}
