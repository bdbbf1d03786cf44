// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
package import SocleOIDC

/// `LogoutRecords` on either store.
package struct StoredLogout: LogoutRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func due(
        at now: Instant, limit: Int
    ) async throws(RecordsUnavailable) -> [(notice: LogoutNotice, client: Client?)] {
        let parameters: [DatabaseValue] = [.instant(now), .integer(Int64(max(0, min(limit, 1000))))]
        return try await database.readForOAuth { connection throws(StoreError) in
            var due: [(notice: LogoutNotice, client: Client?)] = []
            for row in try connection.rows(Self.due, parameters) {
                let notice = try row.logoutNotice()
                due.append((notice, try StoredClients.read(notice.clientID, on: connection)))
            }
            return due
        }
    }

    package func applications(ofSession id: String) async throws(RecordsUnavailable) -> [Client] {
        try await database.readForOAuth { connection throws(StoreError) in
            var clients: [Client] = []
            for row in try connection.rows(Self.clients, [.text(id)]) {
                if let client = try StoredClients.read(try row.text(0), on: connection), !client.disabled {
                    clients.append(client)
                }
            }
            return clients
        }
    }

    private static let due: Statement = """
        SELECT session_id, client_id, subject, queued_at, attempts, due FROM logout_notices
        WHERE due <= $1 ORDER BY due, session_id, client_id LIMIT $2
        """
    private static let clients: Statement = """
        SELECT DISTINCT client_id FROM grants WHERE session_id = $1 ORDER BY client_id LIMIT 100
        """
}

enum LogoutTables {
    static let migrations = [
        Migration(
            "logout-1",
            """
            CREATE TABLE logout_notices (
                session_id TEXT NOT NULL, client_id TEXT NOT NULL, subject TEXT NOT NULL, queued_at BIGINT NOT NULL,
                attempts BIGINT NOT NULL, due BIGINT NOT NULL, PRIMARY KEY (session_id, client_id))
            """,
            "CREATE INDEX logout_notices_by_due ON logout_notices (due)",
            "CREATE INDEX grants_by_session ON grants (session_id, client_id)")
    ]
}

extension LogoutChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .attempt(let notice, let next):
            return try connection.execute(Self.attempt, notice.key + [.instant(next)]) == 1
        case .settle(let notice):
            return try connection.execute(Self.settle, notice.key.dropLast()) == 1
        }
    }

    private static let attempt: Statement = """
        UPDATE logout_notices SET attempts = attempts + 1, due = $4
        WHERE session_id = $1 AND client_id = $2 AND attempts = $3
        """
    private static let settle: Statement = "DELETE FROM logout_notices WHERE session_id = $1 AND client_id = $2"

    /// Within the transaction that ends the session: a notice for each application to be told in the back.
    static func queue(session: String, at now: Instant, on connection: any Connection) throws(StoreError) {
        var seen: Set<String> = []
        for row in try connection.rows(grants, [.text(session)]) {
            let grant = try row.grant(from: 0)
            guard seen.insert(grant.clientID).inserted,
                try StoredClients.read(grant.clientID, on: connection)?.metadata.backChannelLogoutURI != nil
            else { continue }
            try connection.execute(
                insert, [.text(session), .text(grant.clientID), .text(grant.issuedSubject), .instant(now)])
        }
    }

    private static let grants = Statement(
        "SELECT \(OAuthTables.grantColumns.joined(separator: ", ")) FROM grants WHERE session_id = $1 LIMIT 1000")
    private static let insert: Statement = """
        INSERT INTO logout_notices (session_id, client_id, subject, queued_at, attempts, due)
        VALUES ($1, $2, $3, $4, 0, $4) ON CONFLICT DO NOTHING
        """
}

extension LogoutNotice {
    /// `session_id, client_id, attempts`.
    fileprivate var key: [DatabaseValue] { [.text(sessionID), .text(clientID), .integer(Int64(attempts))] }
}

extension Row {
    fileprivate func logoutNotice() throws(StoreError) -> LogoutNotice {
        LogoutNotice(
            sessionID: try text(0), clientID: try text(1), subject: try text(2), queuedAt: try instant(3),
            attempts: Int(try integer(4)), due: try instant(5))
    }
}
