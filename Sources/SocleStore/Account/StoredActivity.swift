// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleOIDC

/// `AccountActivity` on either store, by the index on whose each session and grant is.
package struct StoredActivity: AccountActivity {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func openSessions(of subject: String, at now: Instant) async throws(RecordsUnavailable) -> [Session] {
        try await database.readForSignIn { connection throws(StoreError) in
            var sessions: [Session] = []
            for row in try connection.rows(Self.sessions, [.text(subject), .instant(now)]) {
                sessions.append(try StoredSessions.session(row, connection))
            }
            return sessions
        }
    }

    package func openGrants(of subject: String, at now: Instant) async throws(RecordsUnavailable) -> [Grant] {
        try await database.readForSignIn { connection throws(StoreError) in
            var grants: [Grant] = []
            for row in try connection.rows(Self.grants, [.text(subject), .instant(now)]) {
                grants.append(try row.grant(from: 0))
            }
            return grants
        }
    }

    static let sessions = Statement(
        """
        SELECT \(StoredSessions.columns) FROM sessions WHERE subject = $1 AND ended_at IS NULL AND expires > $2
        ORDER BY last_seen DESC, id LIMIT 1000
        """)
    static let grants = Statement(
        """
        SELECT \(OAuthTables.grantColumns.joined(separator: ", ")) FROM grants
        WHERE subject = $1 AND revoked_at IS NULL AND expires > $2 ORDER BY created_at DESC, grant_id LIMIT 1000
        """)
}
