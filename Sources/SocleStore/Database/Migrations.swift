// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The schema as one ordered list. Each area keeps its migrations beside its records and has one line here.
/// A migration may use the tables of the areas above it.
package enum Migrations {
    package static let all: [Migration] = [
        Revisions.migrations,
        JournalTables.migrations,
        VaultKeyRecords.migrations,
        OAuthTables.migrations,
        AccessTables.migrations,
        SignInTables.migrations,
        OAuthTables.metadata,
        SignInTables.contact,
        OAuthTables.registration,
        SearchTables.migrations,
        FHIRTables.migrations,
        PolicyVersions.migrations,
        EmergencyTables.migrations,
        EventTables.migrations,
        LogoutTables.migrations,
        AccessTables.traces,
        SignInTables.devices,
        NoticeTables.migrations,
        FHIRTables.presentation,
        SignInTables.passwords,
        SignInTables.secondFactors,
        JournalTables.patients,
        EventTables.ends,
        SearchTables.directives,
        AccessTables.finess,
        Revisions.instants,
        EmergencyTables.places,
        AccessTables.roles,
        AccessTables.choicesOfBefore,
        FHIRTables.refusals,
    ].flatMap(\.self)

    static let lock = Statement(postgres: "SELECT pg_advisory_xact_lock(5061302)", sqlite: "SELECT 1")
    static let createTable: Statement = "CREATE TABLE IF NOT EXISTS schema_migrations (id TEXT PRIMARY KEY)"
    static let applied: Statement = "SELECT id FROM schema_migrations"
    static let record: Statement = "INSERT INTO schema_migrations (id) VALUES ($1)"

    /// - Returns: false when another process, or an earlier start, has already applied it.
    static func apply(
        _ migration: Migration, known: [Migration], on connection: any Connection
    ) throws(StoreError) -> Bool {
        var present: Set<String> = []
        for row in try connection.rows(applied) { present.insert(try row.text(0)) }
        if let unknown = present.subtracting(known.map(\.id)).min() {
            throw StoreError(
                .failed, "the database holds the migration `\(unknown)`, unknown here: run a newer version of Socle")
        }
        guard !present.contains(migration.id) else { return false }
        for statement in migration.statements { try connection.execute(statement) }
        try connection.execute(record, [.text(migration.id)])
        return true
    }
}
