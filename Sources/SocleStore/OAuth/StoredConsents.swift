// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleOIDC

/// `ApplicationConsentRecords` on either store. Scopes and claim names are words: neither holds a space.
package struct StoredConsents: ApplicationConsentRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func consent(
        of subject: String, to client: String
    ) async throws(RecordsUnavailable) -> ApplicationConsent? {
        try await forOAuth { () async throws(StoreError) in
            try await database.row(Self.one, [.text(subject), .text(client)])?.consent()
        }
    }

    package func consents(of subject: String) async throws(RecordsUnavailable) -> [ApplicationConsent] {
        try await forOAuth { () async throws(StoreError) in
            var consents: [ApplicationConsent] = []
            for row in try await database.rows(Self.all, [.text(subject)]) { consents.append(try row.consent()) }
            return consents
        }
    }

    private static let select = "SELECT subject, client_id, scopes, claims, given_at FROM application_consents"
    private static let one = Statement("\(select) WHERE subject = $1 AND client_id = $2")
    private static let all = Statement("\(select) WHERE subject = $1 ORDER BY client_id LIMIT 1000")
}

extension Row {
    fileprivate func consent() throws(StoreError) -> ApplicationConsent {
        ApplicationConsent(
            subject: try text(0), clientID: try text(1), scopes: Set(try words(2)), claims: Set(try words(3)),
            givenAt: try instant(4))
    }
}
