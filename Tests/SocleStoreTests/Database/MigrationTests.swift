// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleStore
import Testing

@Suite("Migrations · DESIGN 6")
struct MigrationTests {
    @Test("the whole list applies once, and a second time does nothing") func twice() async throws {
        try await withDatabases { name, database in
            let first = try database.migrate()
            #expect(first == Migrations.all.map(\.id), "\(name)")
            let second = try database.migrate()
            #expect(second == [], "\(name)")
        }
    }

    @Test("identifiers are unique") func unique() {
        #expect(Set(Migrations.all.map(\.id)).count == Migrations.all.count)
    }

    @Test("several processes starting at once apply each migration once") func concurrently() async throws {
        try await withReopenableDatabases { name, reopen in
            let databases = try (0..<4).map { _ in try reopen() }
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for database in databases { group.addTask { try database.migrate() } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == Migrations.all.map(\.id).sorted(), "\(name)")
        }
    }

    @Test("a migration that fails leaves nothing, and those before it stay") func failing() async throws {
        try await withDatabases { name, database in
            let good = Migration("a-1", "CREATE TABLE a (n BIGINT)")
            let bad = Migration("a-2", "CREATE TABLE b (n BIGINT)", "CREATE TABLE a (n BIGINT)")
            #expect(throws: StoreError.self, "\(name)") { try database.migrate([good, bad]) }
            let mended = Migration("a-2", "CREATE TABLE b (n BIGINT)")
            let applied = try database.migrate([good, mended])
            #expect(applied == ["a-2"], "\(name)")
        }
    }

    @Test("a database newer than the binary is refused") func newer() async throws {
        try await withDatabases { name, database in
            try database.migrate([Migration("a-1", "CREATE TABLE a (n BIGINT)")])
            #expect(throws: StoreError.self, "\(name)") { try database.migrate() }
        }
    }

    /// What the release before left in a database, read by this one.
    private func upgrading(
        to migration: String, writing statements: Statement..., reading query: Statement
    ) async throws -> [[String]] {
        var found: [[String]] = []
        try await withDatabases { _, database in
            try database.migrate(Array(Migrations.all.prefix { $0.id != migration }))
            try database.write { connection throws(StoreError) in
                for statement in statements { try connection.execute(statement) }
            }
            try database.migrate()
            found.append(try await database.rows(query, []).map { row throws(StoreError) in try row.text(0) })
        }
        return found
    }

    @Test("whom a patient informed by a kind of place stays informed when the kinds change their words")
    func recipients() async throws {
        let found = try await upgrading(
            to: "access-8-recipients",
            writing: """
                INSERT INTO choices (patient, id, version, kind, details, period_start, recorded_at) VALUES
                    ('P', 'a', 1, 'team_information', '{"recipients":["etab_mco","dac","STR-1"]}', 1, 1),
                    ('P', 'b', 1, 'team_consent', '{"recipients":["ssiad_pa","labm"]}', 1, 1),
                    ('P', 'c', 1, 'mask', '{"category":"labm"}', 1, 1)
                """,
            reading: "SELECT details FROM choices ORDER BY id")
        for details in found {
            #expect(
                details == [
                    #"{"recipients":["hopital_public","dac","STR-1"]}"#, #"{"recipients":["ssiad","laboratoire"]}"#,
                    #"{"category":"labm"}"#,
                ])
        }
        #expect(!found.isEmpty)
    }

    @Test("patients of whom a split left refusals are presented again") func refusals() async throws {
        let found = try await upgrading(
            to: "fhir-3-refusals",
            writing: """
                INSERT INTO choices (patient, id, version, kind, details, period_start, recorded_at) VALUES
                    ('P', 'split/Q/d', 1, 'directive', '{"refuses_only":true,"root":{}}', 1, 1),
                    ('Q', 'd', 1, 'directive', '{"root":{}}', 1, 1)
                """,
            reading: "SELECT patient FROM fhir_pending")
        for patients in found { #expect(patients == ["P"]) }
        #expect(!found.isEmpty)
    }

    @Test("what was withdrawn held until then; what was written in error never did") func withdrawals() async throws {
        let found = try await upgrading(
            to: "access-9-withdrawals",
            writing: """
                INSERT INTO choices
                    (patient, id, version, kind, details, period_start, period_end, recorded_at)
                VALUES
                    ('P', 'taken', 1, 'opposition_to_sharing', '{}', 10, NULL, 10),
                    ('P', 'taken', 2, 'opposition_to_sharing', '{}', 30, 30, 30),
                    ('P', 'taken', 3, 'opposition_to_sharing', '{}', 40, 40, 40),
                    ('P', 'error', 1, 'opposition_to_sharing', '{}', 10, NULL, 10),
                    ('P', 'error', 2, 'opposition_to_sharing', '{}', 10, 10, 30),
                    ('P', 'never', 1, 'opposition_to_sharing', '{}', 20, 20, 20),
                    ('P', 'over', 1, 'opposition_to_sharing', '{}', 10, 15, 10),
                    ('P', 'over', 2, 'opposition_to_sharing', '{}', 30, 30, 30)
                """,
            reading: """
                SELECT id || ' ' || version || ': ' || period_start || ' to ' || coalesce(period_end, 0)
                FROM choices WHERE version > 1 OR id = 'never' ORDER BY id, version
                """)
        for periods in found {
            #expect(
                periods == [
                    "error 2: 10 to 10", "never 1: 20 to 20", "over 2: 10 to 30", "taken 2: 10 to 30",
                    "taken 3: 10 to 40",
                ])
        }
        #expect(!found.isEmpty)
    }
}
