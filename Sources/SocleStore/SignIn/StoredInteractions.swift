// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleOIDC

/// `InteractionRecords` on either store. The request is one JSON text: it is read whole or not at all.
package struct StoredInteractions: InteractionRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func interaction(id: String) async throws(RecordsUnavailable) -> Interaction? {
        try await database.readForSignIn { connection throws(StoreError) in
            guard let row = try connection.row(Self.byID, [.text(id)]) else { return nil }
            guard let request = AuthorizationRequest(stored: try row.text(2)) else {
                throw StoreError(.failed, "an interaction holds an unreadable request")
            }
            return Interaction(
                id: try row.text(0), browserDigest: try row.text(1), request: request,
                createdAt: try row.instant(3), expires: try row.instant(4), passwordGivenBy: try row.optionalText(5),
                passwordGivenAt: try row.optionalInstant(6), codeGivenAt: try row.optionalInstant(9),
                sessionID: try row.optionalText(7),
                authenticatedHere: try row.bool(8))
        }
    }

    private static let byID: Statement = """
        SELECT id, browser_digest, request, created_at, expires, password_given_by, password_given_at, session_id,
            authenticated_here, code_given_at
        FROM interactions WHERE id = $1
        """
}
