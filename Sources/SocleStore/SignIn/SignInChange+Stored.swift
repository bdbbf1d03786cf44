// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleJSON
package import SocleOIDC

extension SignInChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .addAccount(let account):
            return try Self.add(account, on: connection)
        case .setDisabled(let subject, let disabled):
            return try connection.changing(
                .account, subject, "UPDATE accounts SET disabled = $2 WHERE subject = $1",
                [.text(subject), .bool(disabled)])
        case .setPassword(let subject, let hash, let expires, let instant):
            return try connection.changing(
                .account, subject,
                "UPDATE accounts SET password_hash = $2, password_expires = $3, password_since = $4 WHERE subject = $1",
                [.text(subject), .text(hash), .optional(expires), .instant(instant)])
        case .setSecondFactor(let subject, let seed, let step, let instant):
            return try connection.changing(
                .account, subject,
                """
                UPDATE accounts SET sealed_totp_seed = $2, last_totp_step = $3, second_factor_since = $4,
                    enrolment_digest = NULL, enrolment_expires = NULL
                WHERE subject = $1 AND disabled = 0
                """, [.text(subject), .blob(seed), .integer(step), .instant(instant)])
        case .removeSecondFactor(let subject, let enrolment, let instant):
            return try connection.changing(
                .account, subject,
                """
                UPDATE accounts SET sealed_totp_seed = $2, enrolment_digest = $3, enrolment_expires = $4,
                    second_factor_since = $5
                WHERE subject = $1
                """,
                [
                    .text(subject), .blob([]), .text(enrolment.digest), .instant(enrolment.expires),
                    .instant(instant),
                ])
        case .acceptCode(let subject, let step):
            // No bump: the step alters no answer, and would send every question of a person signing in back to gather.
            return try connection.execute(
                "UPDATE accounts SET last_totp_step = $2 WHERE subject = $1 AND last_totp_step < $2 AND disabled = 0",
                [.text(subject), .integer(step)]) == 1
        case .saveInteraction(let interaction):
            try Self.save(interaction, on: connection)
            return true
        case .endInteraction(let id):
            return try connection.execute("DELETE FROM interactions WHERE id = $1", [.text(id)]) == 1
        case .startSession(let session):
            return try Self.start(session, on: connection)
        case .renewSession(let session):
            return try Self.renew(session, on: connection)
        case .chooseSituation(let id, let situation):
            return try connection.changing(
                .session, id, "UPDATE sessions SET situation = $2 WHERE id = $1 AND ended_at IS NULL",
                [.text(id), .optional(situation)])
        case .touchSession(let id, let instant):
            // No bump: being used changes no answer.
            try connection.execute(
                "UPDATE sessions SET last_seen = $2 WHERE id = $1 AND last_seen < $2", [.text(id), .instant(instant)])
            return true
        case .endSession(let id, let instant):
            return try Self.end(session: id, at: instant, on: connection)
        case .endSessions(let subject, let kept, let instant):
            let open: Statement = "SELECT id FROM sessions WHERE subject = $1 AND ended_at IS NULL"
            for row in try connection.rows(open, [.text(subject)]) {
                let id = try row.text(0)
                if id != kept { _ = try Self.end(session: id, at: instant, on: connection) }
            }
            return true
        case .countFailure(let count):
            try Self.count(count, on: connection)
            return true
        case .reportFailures(let count):
            return try connection.execute(
                """
                UPDATE sign_in_failures SET reported = failures
                WHERE account = $1 AND address = $2 AND minute = $3 AND failures = $4 AND reported = $5
                """,
                [
                    .text(count.account), .text(count.address), .integer(count.minute), .integer(count.count),
                    .integer(count.reported),
                ]) == 1
        case .deleteExpired(let instant, let limit):
            return try Self.deleteExpired(before: instant, limit: limit, on: connection) > 0
        }
    }

    private static func end(
        session id: String, at instant: Instant, on connection: any Connection
    ) throws(StoreError) -> Bool {
        let isEnded = try connection.changing(
            .session, id, "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL",
            [.text(id), .instant(instant)])
        if isEnded { try LogoutChange.queue(session: id, at: instant, on: connection) }
        return isEnded
    }

    private static func add(_ account: Account, on connection: any Connection) throws(StoreError) -> Bool {
        try connection.changing(
            .account, account.subject,
            """
            INSERT INTO accounts (subject, login, display_name, password_hash, sealed_totp_seed, last_totp_step,
                professional, admin_roles, disabled, contact, password_since, password_expires,
                second_factor_since, enrolment_digest, enrolment_expires)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING
            """,
            [
                .text(account.subject), .text(account.login), .text(account.displayName), .text(account.passwordHash),
                .blob(account.sealedTOTPSeed), .integer(account.lastTOTPStep),
                .optional(account.professional?.value), .text(account.adminRoles.joined(separator: " ")),
                .bool(account.disabled),
                .optional(account.contact == ContactDetails() ? nil : JSONValue.object(account.contact.claims).text),
                .optional(account.passwordSince), .optional(account.passwordExpires),
                .optional(account.secondFactorSince), .optional(account.enrolment?.digest),
                .optional(account.enrolment?.expires),
            ])
    }

    private static func save(_ interaction: Interaction, on connection: any Connection) throws(StoreError) {
        try connection.execute(
            """
            INSERT INTO interactions (id, browser_digest, request, created_at, expires, password_given_by,
                password_given_at, session_id, authenticated_here, code_given_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO UPDATE SET password_given_by = excluded.password_given_by,
                password_given_at = excluded.password_given_at, session_id = excluded.session_id,
                authenticated_here = excluded.authenticated_here, code_given_at = excluded.code_given_at
            """,
            [
                .text(interaction.id), .text(interaction.browserDigest), .text(interaction.request.stored),
                .instant(interaction.createdAt), .instant(interaction.expires),
                .optional(interaction.passwordGivenBy), .optional(interaction.passwordGivenAt),
                .optional(interaction.sessionID), .bool(interaction.authenticatedHere),
                .optional(interaction.codeGivenAt),
            ])
    }

    private static func start(_ session: Session, on connection: any Connection) throws(StoreError) -> Bool {
        try connection.changing(
            .session, session.id,
            """
            INSERT INTO sessions (id, cookie_digest, subject, authenticated_at, methods, acr, situation, last_seen,
                expires, device, started_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING
            """, values(session) + [.instant(session.startedAt)])
    }

    private static func renew(_ session: Session, on connection: any Connection) throws(StoreError) -> Bool {
        try connection.changing(
            .session, session.id,
            """
            UPDATE sessions SET cookie_digest = $2, authenticated_at = $4, methods = $5, acr = $6, situation = $7,
                last_seen = $8, expires = $9, device = $10
            WHERE id = $1 AND subject = $3 AND ended_at IS NULL
            """, values(session))
    }

    private static func values(_ session: Session) -> [DatabaseValue] {
        [
            .text(session.id), .text(session.cookieDigest), .text(session.subject),
            .instant(session.authenticatedAt), .text(session.methods.joined(separator: " ")), .text(session.acr),
            .optional(session.situation), .instant(session.lastSeen), .instant(session.expires),
            .optional(session.device?.stored),
        ]
    }

    private static func count(_ count: FailureCount, on connection: any Connection) throws(StoreError) {
        try connection.execute(
            """
            INSERT INTO sign_in_failures (account, address, minute, failures, reported, last_at)
            VALUES ($1, $2, $3, $4, 0, $5)
            ON CONFLICT (account, address, minute) DO UPDATE SET
                failures = sign_in_failures.failures + excluded.failures, last_at = excluded.last_at
            """,
            [
                .text(count.account), .text(count.address), .integer(count.minute), .integer(count.count),
                .instant(count.last),
            ])
    }

    private static func deleteExpired(
        before instant: Instant, limit: Int, on connection: any Connection
    ) throws(StoreError) -> Int {
        try connection.delete(
            [
                Expiry(
                    statement:
                        "DELETE FROM interactions WHERE id IN (SELECT id FROM interactions WHERE expires < $1 LIMIT $2)",
                    before: .instant(instant)),
                // A grant rests on its session: the session goes only when every grant of it has expired by itself.
                Expiry(
                    statement: "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires < $1 LIMIT $2)",
                    before: .instant(instant)),
                Expiry(
                    statement: """
                        DELETE FROM sign_in_failures WHERE (account, address, minute) IN (
                            SELECT account, address, minute FROM sign_in_failures
                            WHERE minute < $1 AND reported = failures LIMIT $2)
                        """,
                    before: .integer(FailureCount.minute(of: instant))),
            ], limit: limit)
    }
}

extension Connection {
    /// Runs a change of one record and bumps its revision when a row was changed.
    fileprivate func changing(
        _ kind: RecordKey.Kind, _ id: String, _ statement: Statement, _ parameters: [DatabaseValue]
    ) throws(StoreError) -> Bool {
        guard try execute(statement, parameters) == 1 else { return false }
        try bump(RecordKey(kind, id))
        return true
    }
}
