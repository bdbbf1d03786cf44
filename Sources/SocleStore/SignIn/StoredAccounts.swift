// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
package import SocleOIDC

/// `AccountRecords` on either store.
package struct StoredAccounts: AccountRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func account(login: Login) async throws(RecordsUnavailable) -> Account? {
        try await one("WHERE login = $1", login.value)
    }

    package func account(subject: String) async throws(RecordsUnavailable) -> Account? {
        try await one("WHERE subject = $1", subject)
    }

    package func accounts(after login: Login?, limit: Int) async throws(RecordsUnavailable) -> [Account] {
        try await database.readForSignIn { connection throws(StoreError) in
            let rows = try connection.rows(
                Self.page, [.text(login?.value ?? ""), .integer(Int64(max(0, min(limit, 1000))))])
            var accounts: [Account] = []
            for row in rows { accounts.append(try Self.account(row, connection)) }
            return accounts
        }
    }

    private func one(_ condition: String, _ value: String) async throws(RecordsUnavailable) -> Account? {
        let statement = condition == "WHERE login = $1" ? Self.byLogin : Self.bySubject
        return try await database.readForSignIn { connection throws(StoreError) in
            guard let row = try connection.row(statement, [.text(value)]) else { return nil }
            return try Self.account(row, connection)
        }
    }

    static let columns = """
        accounts.subject, login, display_name, password_hash, sealed_totp_seed, last_totp_step, professional, \
        admin_roles, disabled, contact, password_since, password_expires, \
        second_factor_since, enrolment_digest, enrolment_expires
        """
    private static let byLogin = Statement("SELECT \(columns) FROM accounts WHERE login = $1")
    private static let bySubject = Statement("SELECT \(columns) FROM accounts WHERE subject = $1")
    private static let page = Statement("SELECT \(columns) FROM accounts WHERE login > $1 ORDER BY login LIMIT $2")

    /// The account of a row that starts with `columns`, from the column given.
    static func account(
        _ row: Row, _ connection: any Connection, from first: Int = 0
    ) throws(StoreError) -> Account {
        let subject = try row.text(first)
        var professional: ProfessionalIdentifier?
        if let text = try row.optionalText(first + 6) {
            guard let identifier = ProfessionalIdentifier(text) else {
                throw StoreError(.failed, "an account has a malformed professional identifier")
            }
            professional = identifier
        }
        var contact = ContactDetails()
        if let object = try row.optionalObject(first + 9) {
            guard let known = ContactDetails(stored: object) else {
                throw StoreError(.failed, "an account has contact details unknown here")
            }
            contact = known
        }
        var enrolment: PendingEnrolment?
        if let digest = try row.optionalText(first + 13), let expires = try row.optionalInstant(first + 14) {
            enrolment = PendingEnrolment(digest: digest, expires: expires)
        }
        return Account(
            subject: subject, login: try row.text(first + 1), displayName: try row.text(first + 2),
            passwordHash: try row.text(first + 3), sealedTOTPSeed: try row.blob(first + 4),
            lastTOTPStep: try row.integer(first + 5), professional: professional,
            adminRoles: try row.text(first + 7).split(separator: " ").map(String.init),
            contact: contact, disabled: try row.bool(first + 8),
            revision: try connection.revision(of: RecordKey(.account, subject)),
            passwordSince: try row.optionalInstant(first + 10), passwordExpires: try row.optionalInstant(first + 11),
            secondFactorSince: try row.optionalInstant(first + 12), enrolment: enrolment)
    }
}
