// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleOIDC

/// `GrantRecords` on either store: what is asked for and what it rests on, by primary key, in one snapshot.
///
/// What stands behind an access token is kept with its revisions, which are read again at each use: whatever ends a
/// grant, a session, an account or a client moves one of them in its own transaction.
package struct StoredGrants: GrantRecords {
    private struct Asked: Hashable {
        var grant: String
        var client: String
    }

    private let database: any Database
    private let standings: StampedMemory<Asked, Standing>
    private let clientStandings: StampedMemory<Asked, ClientStanding>

    /// - Parameter remembering: how many grants, and how many tokens of clients, are kept at most.
    package init(_ database: any Database, remembering: Int = 8192) {
        self.database = database
        standings = StampedMemory(limit: remembering)
        clientStandings = StampedMemory(limit: remembering)
    }

    package func code(
        _ digest: String
    ) async throws(RecordsUnavailable) -> (code: AuthorizationCode, standing: Standing)? {
        try await database.readForOAuth { connection throws(StoreError) in
            guard let row = try connection.row(Self.code, [.text(digest)]) else { return nil }
            let code = AuthorizationCode(
                digest: digest, grant: try row.grant(from: 3), redirectURI: try row.text(15),
                codeChallenge: try row.optionalText(16), nonce: try row.optionalText(17),
                expires: try row.instant(18), redeemedAt: try row.optionalInstant(19))
            return (code: code, standing: try Self.standing(row, code.grant, connection))
        }
    }

    package func refreshToken(
        _ digest: String
    ) async throws(RecordsUnavailable) -> (token: RefreshToken, standing: Standing)? {
        try await database.readForOAuth { connection throws(StoreError) in
            guard let row = try connection.row(Self.refreshToken, [.text(digest)]) else { return nil }
            var grant = try row.grant(from: 3)
            grant.revokedAt = try row.optionalInstant(15)
            let token = RefreshToken(
                digest: digest, grantID: grant.id, clientID: grant.clientID, createdAt: try row.instant(16),
                expires: try row.instant(17), usedAt: try row.optionalInstant(18))
            return (token: token, standing: try Self.standing(row, grant, connection))
        }
    }

    package func standing(ofGrant id: String, client: String) async throws(RecordsUnavailable) -> Standing {
        let asked = Asked(grant: id, client: client)
        if let standing = try await known(asked, in: standings) { return standing }
        let standing = try await database.readForOAuth { connection throws(StoreError) in
            guard let row = try connection.row(Self.grant, [.text(id), .text(client)]) else {
                return Standing(grant: nil, clientDisabled: true, subjectDisabled: true, sessionEnded: true)
            }
            var grant = try row.grant(from: 3)
            grant.revokedAt = try row.optionalInstant(15)
            return try Self.standing(row, grant, connection)
        }
        // Nothing tells when a grant that is not there comes to be.
        if standing.grant != nil { standings.remember(asked, standing, stamp: standing.stamp) }
        return standing
    }

    package func standing(ofClientToken id: String, client: String) async throws(RecordsUnavailable) -> ClientStanding {
        let asked = Asked(grant: id, client: client)
        if let standing = try await known(asked, in: clientStandings) { return standing }
        let standing = try await database.readForOAuth { connection throws(StoreError) in
            let row = try connection.row(Self.clientToken, [.text(id), .text(client)])
            return ClientStanding(
                stands: row != nil,
                stamp: try connection.revision(of: [RecordKey(.client, client), RecordKey(.grant, id)]))
        }
        clientStandings.remember(asked, standing, stamp: standing.stamp)
        return standing
    }

    /// What is kept, if every record it rests on is still as it was read.
    private func known<Value>(
        _ asked: Asked, in kept: StampedMemory<Asked, Value>
    ) async throws(RecordsUnavailable) -> Value? {
        guard let entry = kept[asked] else { return nil }
        return try await forOAuth { () async throws(StoreError) in
            try await database.stands(entry) ? entry.value : nil
        }
    }

    private static func standing(
        _ row: Row, _ grant: Grant, _ connection: any Connection
    ) throws(StoreError) -> Standing {
        Standing(
            grant: grant, clientDisabled: try row.optionalBool(0) ?? true,
            subjectDisabled: try row.optionalBool(1) ?? true, sessionEnded: try row.integer(2) == 0,
            stamp: try connection.revision(
                of: [
                    RecordKey(.grant, grant.id), RecordKey(.client, grant.clientID),
                    RecordKey(.account, grant.subject), RecordKey(.session, grant.sessionID),
                ]))
    }

    /// What a grant rests on, in the first three columns: is the client disabled, is the account, is the session live.
    /// A client or account that is gone is null.
    private static func select(_ columns: String, from table: String) -> String {
        let grant = OAuthTables.grantColumns.map { "g.\($0)" }.joined(separator: ", ")
        return """
            SELECT clients.disabled, accounts.disabled,
                CASE WHEN sessions.id IS NOT NULL AND sessions.ended_at IS NULL THEN 1 ELSE 0 END, \(grant), \(columns)
            FROM \(table)
            LEFT JOIN clients ON clients.id = g.client_id
            LEFT JOIN accounts ON accounts.subject = g.subject
            LEFT JOIN sessions ON sessions.id = g.session_id
            """
    }

    private static let code = Statement(
        select("redirect_uri, code_challenge, nonce, code_expires, redeemed_at", from: "authorization_codes g")
            + " WHERE digest = $1")
    private static let refreshToken = Statement(
        select(
            "revoked_at, r.created_at, r.expires, r.used_at",
            from: "refresh_tokens r JOIN grants g ON g.grant_id = r.grant_id") + " WHERE r.digest = $1")
    private static let grant = Statement(
        select("revoked_at", from: "grants g") + " WHERE g.grant_id = $1 AND g.client_id = $2")
    private static let clientToken: Statement = """
        SELECT 1 FROM clients
        WHERE id = $2 AND disabled = 0 AND NOT EXISTS (SELECT 1 FROM revoked_client_tokens WHERE id = $1)
        """
}
