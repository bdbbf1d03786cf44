// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto

/// The `sub` of a person for a client whose subjects are pairwise: two sectors cannot compare notes, and nobody can
/// find the account back from it (OpenID Connect Core §8.1).
package struct PairwiseSubjects: Sendable {
    private let key: [UInt8]

    /// - Parameter vault: the key is derived from its own, which outlives any rotation of the master key.
    package init(vault: Vault) { key = vault.derivedKey(for: "pairwise subjects") }

    /// nil for a client with public subjects.
    package func subject(of account: String, for client: Client) -> String? {
        client.metadata.sector.map { sector in
            // The length keeps two splits of one text apart.
            let text = "\(sector.utf8.count):\(sector)\(account)"
            return Base64URL.encode(HMAC.sha256(key: key, Array(text.utf8)))
        }
    }
}
