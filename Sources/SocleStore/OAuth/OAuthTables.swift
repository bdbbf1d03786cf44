// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import SocleOIDC

/// The tables of clients, codes, grants and refresh tokens. Lists are texts: of words with spaces between, of URIs with
/// line ends between (neither holds the other).
enum OAuthTables {
    static let migrations = [
        Migration(
            "oauth-1",
            """
            CREATE TABLE clients (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, authentication TEXT NOT NULL, sealed_secret BYTEA,
                redirect_uris TEXT NOT NULL, post_logout_redirect_uris TEXT NOT NULL, grant_types TEXT NOT NULL,
                scopes TEXT NOT NULL, id_token_algorithm TEXT NOT NULL, disabled BIGINT NOT NULL)
            """,
            // CORS asks whether anyone has an origin: by key, not by reading every client.
            """
            CREATE TABLE client_origins (
                origin TEXT NOT NULL, client_id TEXT NOT NULL, PRIMARY KEY (origin, client_id))
            """,
            Statement(
                """
                CREATE TABLE authorization_codes (
                    digest TEXT PRIMARY KEY, \(grantColumnTypes), redirect_uri TEXT NOT NULL, code_challenge TEXT,
                    nonce TEXT, code_expires BIGINT NOT NULL, redeemed_at BIGINT)
                """),
            "CREATE INDEX authorization_codes_by_expiry ON authorization_codes (code_expires)",
            Statement("CREATE TABLE grants (\(grantColumnTypes), revoked_at BIGINT, PRIMARY KEY (grant_id))"),
            "CREATE INDEX grants_by_expiry ON grants (expires)",
            """
            CREATE TABLE refresh_tokens (
                digest TEXT PRIMARY KEY, grant_id TEXT NOT NULL, client_id TEXT NOT NULL, created_at BIGINT NOT NULL,
                expires BIGINT NOT NULL, used_at BIGINT)
            """,
            "CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires)",
            // A client's own tokens have no grant row: only those ended before their time are listed.
            """
            CREATE TABLE revoked_client_tokens (
                id TEXT PRIMARY KEY, client_id TEXT NOT NULL, revoked_at BIGINT NOT NULL, expires BIGINT NOT NULL)
            """,
            "CREATE INDEX revoked_client_tokens_by_expiry ON revoked_client_tokens (expires)")
    ]

    /// What most clients and grants have none of: one JSON text, null for none.
    static let metadata = [
        Migration(
            "oauth-2-metadata", "ALTER TABLE clients ADD COLUMN metadata TEXT",
            "ALTER TABLE grants ADD COLUMN terms TEXT", "ALTER TABLE authorization_codes ADD COLUMN terms TEXT",
            "CREATE INDEX grants_by_subject ON grants (subject, client_id)",
            """
            CREATE TABLE application_consents (
                subject TEXT NOT NULL, client_id TEXT NOT NULL, scopes TEXT NOT NULL, claims TEXT NOT NULL,
                given_at BIGINT NOT NULL, PRIMARY KEY (subject, client_id))
            """)
    ]

    static let registration = [
        Migration(
            "oauth-3-registration",
            """
            CREATE TABLE initial_access_tokens (
                digest TEXT PRIMARY KEY, label TEXT NOT NULL, expires BIGINT NOT NULL, uses BIGINT NOT NULL)
            """,
            "CREATE INDEX initial_access_tokens_by_expiry ON initial_access_tokens (expires)",
            """
            CREATE TABLE used_assertions (
                client_id TEXT NOT NULL, digest TEXT NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (client_id, digest))
            """,
            "CREATE INDEX used_assertions_by_expiry ON used_assertions (expires)")
    ]

    /// A grant, in its own table and in the code that will start it.
    private static let grantColumnTypes = """
        grant_id TEXT NOT NULL, client_id TEXT NOT NULL, subject TEXT NOT NULL, session_id TEXT NOT NULL,
        scopes TEXT NOT NULL, authenticated_at BIGINT NOT NULL, acr TEXT NOT NULL, methods TEXT NOT NULL,
        situation TEXT, created_at BIGINT NOT NULL, expires BIGINT NOT NULL
        """

    /// In the order that `Grant.values` and `Row.grant` keep.
    static let grantColumns = [
        "grant_id", "client_id", "subject", "session_id", "scopes", "authenticated_at", "acr", "methods", "situation",
        "created_at", "expires", "terms",
    ]
}

extension Grant {
    var values: [DatabaseValue] {
        [
            .text(id), .text(clientID), .text(subject), .text(sessionID), .text(scopes.joined(separator: " ")),
            .instant(authenticatedAt), .text(acr), .text(methods.joined(separator: " ")), .optional(situation),
            .instant(createdAt), .instant(expires),
            .optional(terms.isEmpty ? nil : JSONValue.object(terms.json).text),
        ]
    }
}

extension Row {
    /// A grant from the columns of `grantColumns`, the first one given.
    func grant(from column: Int) throws(StoreError) -> Grant {
        Grant(
            id: try text(column), clientID: try text(column + 1), subject: try text(column + 2),
            sessionID: try text(column + 3), scopes: try words(column + 4), authenticatedAt: try instant(column + 5),
            acr: try text(column + 6), methods: try words(column + 7), situation: try optionalText(column + 8),
            terms: try terms(column + 11), createdAt: try instant(column + 9), expires: try instant(column + 10))
    }

    private func terms(_ column: Int) throws(StoreError) -> GrantTerms {
        guard let object = try optionalObject(column) else { return GrantTerms() }
        guard let terms = GrantTerms(stored: object) else {
            throw StoreError(.failed, "column \(column) holds terms unknown here")
        }
        return terms
    }

    /// A JSON object kept as text; nil for null.
    func optionalObject(_ column: Int) throws(StoreError) -> JSONObject? {
        guard let text = try optionalText(column) else { return nil }
        guard let object = (try? JSONValue(parsing: text))?.object else {
            throw StoreError(.failed, "column \(column) is not a JSON object")
        }
        return object
    }

    func words(_ column: Int) throws(StoreError) -> [String] { try list(column, separatedBy: UInt8(ascii: " ")) }

    /// By bytes: to cut a text between its characters costs many times as much.
    func list(_ column: Int, separatedBy separator: UInt8) throws(StoreError) -> [String] {
        try text(column).utf8.split(separator: separator).map { String(Substring($0)) }
    }
}
