// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The tables of sign-in: accounts, sessions, interactions and failures.
enum SignInTables {
    static let migrations = [
        Migration(
            "sign-in-1",
            """
            CREATE TABLE accounts (
                subject TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL,
                password_hash TEXT NOT NULL, sealed_totp_seed BYTEA NOT NULL, last_totp_step BIGINT NOT NULL,
                professional TEXT, admin_roles TEXT NOT NULL, disabled BIGINT NOT NULL)
            """,
            """
            CREATE TABLE sessions (
                id TEXT PRIMARY KEY, cookie_digest TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,
                authenticated_at BIGINT NOT NULL, methods TEXT NOT NULL, acr TEXT NOT NULL, situation TEXT,
                last_seen BIGINT NOT NULL, expires BIGINT NOT NULL, ended_at BIGINT)
            """,
            "CREATE INDEX sessions_by_expiry ON sessions (expires)",
            """
            CREATE TABLE interactions (
                id TEXT PRIMARY KEY, browser_digest TEXT NOT NULL, request TEXT NOT NULL, created_at BIGINT NOT NULL,
                expires BIGINT NOT NULL, password_given_by TEXT, password_given_at BIGINT, session_id TEXT,
                authenticated_here BIGINT NOT NULL)
            """,
            "CREATE INDEX interactions_by_expiry ON interactions (expires)",
            """
            CREATE TABLE sign_in_failures (
                account TEXT NOT NULL, address TEXT NOT NULL, minute BIGINT NOT NULL, failures BIGINT NOT NULL,
                reported BIGINT NOT NULL, last_at BIGINT NOT NULL, PRIMARY KEY (account, address, minute))
            """,
            "CREATE INDEX sign_in_failures_by_address ON sign_in_failures (address, minute)",
            "CREATE INDEX sign_in_failures_unreported ON sign_in_failures (minute) WHERE reported < failures",
            "CREATE INDEX sign_in_failures_by_minute ON sign_in_failures (minute)")
    ]

    /// When and where each session began, and whose it is, for the person to see.
    static let devices = [
        Migration(
            "sign-in-3-devices", "ALTER TABLE sessions ADD COLUMN started_at BIGINT",
            "ALTER TABLE sessions ADD COLUMN device TEXT", "CREATE INDEX sessions_by_subject ON sessions (subject)")
    ]

    /// Since when a password counts, and until when one that an administrator gave.
    static let passwords = [
        Migration(
            "sign-in-4-passwords", "ALTER TABLE accounts ADD COLUMN password_since BIGINT",
            "ALTER TABLE accounts ADD COLUMN password_expires BIGINT",
            "ALTER TABLE interactions ADD COLUMN code_given_at BIGINT")
    ]

    /// Since when a second factor counts, and leave to enrol another.
    static let secondFactors = [
        Migration(
            "sign-in-5-second-factors", "ALTER TABLE accounts ADD COLUMN second_factor_since BIGINT",
            "ALTER TABLE accounts ADD COLUMN enrolment_digest TEXT",
            "ALTER TABLE accounts ADD COLUMN enrolment_expires BIGINT")
    ]

    /// How people are reached: one JSON text, null for nothing known.
    static let contact = [Migration("sign-in-2-contact", "ALTER TABLE accounts ADD COLUMN contact TEXT")]
}
