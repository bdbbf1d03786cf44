// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleOIDC

/// `InitialAccessTokenRecords` on either store.
package struct StoredInitialAccessTokens: InitialAccessTokenRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func initialAccessToken(_ digest: String) async throws(RecordsUnavailable) -> InitialAccessToken? {
        try await forOAuth { () async throws(StoreError) in
            guard let row = try await database.row(Self.one, [.text(digest)]) else { return nil }
            return InitialAccessToken(
                digest: digest, label: try row.text(0), expires: try row.instant(1), uses: try row.integer(2))
        }
    }

    private static let one: Statement = "SELECT label, expires, uses FROM initial_access_tokens WHERE digest = $1"
}
