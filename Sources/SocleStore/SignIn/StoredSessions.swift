// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleOIDC

/// `SessionRecords` on either store.
package struct StoredSessions: SessionRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func session(
        cookieDigest: String
    ) async throws(RecordsUnavailable) -> (session: Session, account: Account)? {
        try await database.readForSignIn { connection throws(StoreError) in
            guard let row = try connection.row(Self.withAccount, [.text(cookieDigest)]) else { return nil }
            return (
                session: try Self.session(row, connection),
                account: try StoredAccounts.account(row, connection, from: Self.columnCount)
            )
        }
    }

    package func session(id: String) async throws(RecordsUnavailable) -> Session? {
        try await database.readForSignIn { connection throws(StoreError) in
            guard let row = try connection.row(Self.byID, [.text(id)]) else { return nil }
            return try Self.session(row, connection)
        }
    }

    static let columns = """
        sessions.id, cookie_digest, sessions.subject, authenticated_at, methods, acr, situation, last_seen, expires, \
        ended_at, started_at, device
        """
    private static let columnCount = 12
    private static let byID = Statement("SELECT \(columns) FROM sessions WHERE id = $1")
    private static let withAccount = Statement(
        """
        SELECT \(columns), \(StoredAccounts.columns) FROM sessions
        JOIN accounts ON accounts.subject = sessions.subject WHERE cookie_digest = $1
        """)

    static func session(_ row: Row, _ connection: any Connection) throws(StoreError) -> Session {
        let id = try row.text(0)
        return Session(
            id: id, cookieDigest: try row.text(1), subject: try row.text(2), authenticatedAt: try row.instant(3),
            methods: try row.words(4), acr: try row.text(5),
            situation: try row.optionalText(6), lastSeen: try row.instant(7), expires: try row.instant(8),
            endedAt: try row.optionalInstant(9), revision: try connection.revision(of: RecordKey(.session, id)),
            startedAt: try row.optionalInstant(10), device: try row.optionalText(11).flatMap(Device.init(stored:)))
    }
}
