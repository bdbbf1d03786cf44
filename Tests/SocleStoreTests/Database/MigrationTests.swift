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
}
