// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleStore
import Testing

@Suite("Store drivers · DESIGN 6")
struct DriverContractTests {
    @Test("parameters are bound by number, not by order of appearance") func numbered() async throws {
        try await withDatabases { name, database in
            let row = try await database.row("SELECT $2, $1", [.text("first"), .text("second")])
            #expect(row == Row([.text("second"), .text("first")]), "\(name)")
            let quoted = try await database.row("SELECT '$1', $1", [.text("x")])
            #expect(quoted == Row([.text("$1"), .text("x")]), "\(name)")
        }
    }

    @Test("every value comes back as it was written") func roundTrip() async throws {
        let values: [DatabaseValue] = [
            .null, .integer(0), .integer(-1), .integer(.max), .integer(.min), .text(""), .text("é 漢字 👩‍⚕️ '$1\" \\"),
            .blob([]), .blob([0, 1, 255, 0]), .blob([UInt8](repeating: 0x27, count: 100_000)),
            .text(String(repeating: "ä", count: 50_000)),
        ]
        try await withDatabases { name, database in
            try database.write { connection throws(StoreError) in
                _ = try connection.execute("CREATE TABLE t (n BIGINT PRIMARY KEY, i BIGINT, s TEXT, b BYTEA)")
                for (index, value) in values.enumerated() {
                    var columns: [DatabaseValue] = [.null, .null, .null]
                    switch value {
                    case .null: break
                    case .integer: columns[0] = value
                    case .text: columns[1] = value
                    case .blob: columns[2] = value
                    }
                    let changed = try connection.execute(
                        "INSERT INTO t (n, i, s, b) VALUES ($1, $2, $3, $4)", [.integer(Int64(index))] + columns)
                    #expect(changed == 1)
                }
            }
            for (index, value) in values.enumerated() {
                let row = try #require(
                    try await database.row("SELECT i, s, b FROM t WHERE n = $1", [.integer(Int64(index))]))
                let found = row.values.first { $0 != .null } ?? .null
                #expect(found == value, "\(name), value \(index)")
            }
        }
    }

    @Test("a text that holds U+0000 is refused and leaves nothing") func nulCharacter() async throws {
        try await withDatabases { name, database in
            #expect(throws: StoreError.self, "\(name)") {
                try database.write { connection throws(StoreError) in
                    _ = try connection.execute("CREATE TABLE t (s TEXT)")
                    _ = try connection.execute("INSERT INTO t (s) VALUES ($1)", [.text("a\u{0}b")])
                }
            }
            let count = try await database.integer("SELECT COUNT(*) FROM t")
            #expect(count == 0, "\(name)")
        }
    }

    @Test("a broken constraint says so, without the value") func constraint() async throws {
        try await withDatabases { name, database in
            try database.write { connection throws(StoreError) in
                _ = try connection.execute("CREATE TABLE t (s TEXT PRIMARY KEY)")
                _ = try connection.execute("INSERT INTO t (s) VALUES ($1)", [.text("secret-value")])
                do throws(StoreError) {
                    _ = try connection.execute("INSERT INTO t (s) VALUES ($1)", [.text("secret-value")])
                    Issue.record("accepted twice by \(name)")
                } catch {
                    #expect(error.kind == .constraint)
                    #expect(!error.description.contains("secret-value"))
                }
            }
        }
    }

    @Test("a wrong statement or a wrong number of parameters is an error, and the connection stays usable")
    func wrongStatement() async throws {
        try await withDatabases { name, database in
            await #expect(throws: StoreError.self, "\(name)") { try await database.row("SELEKT 1") }
            await #expect(throws: StoreError.self, "\(name)") { try await database.row("SELECT $1", []) }
            let one = try await database.integer("SELECT 1")
            #expect(one == 1, "\(name)")
        }
    }

    @Test("a read sees one state, whatever is written meanwhile") func snapshot() async throws {
        try await withDatabases { name, database in
            try database.write { connection throws(StoreError) in
                _ = try connection.execute("CREATE TABLE t (n BIGINT)")
                _ = try connection.execute("INSERT INTO t (n) VALUES (1)")
            }
            let seen = try await database.read { connection throws(StoreError) in
                let before = try connection.row("SELECT COUNT(*) FROM t")?.integer(0)
                _ = try database.write { writer throws(StoreError) in
                    try writer.execute("INSERT INTO t (n) VALUES (2)")
                }
                return [before, try connection.row("SELECT COUNT(*) FROM t")?.integer(0)]
            }
            #expect(seen == [1, 1], "\(name)")
            #expect(try await database.integer("SELECT COUNT(*) FROM t") == 2, "\(name)")
        }
    }

    @Test("a read cannot write") func readOnly() async throws {
        try await withDatabases { name, database in
            try database.write { connection throws(StoreError) in
                _ = try connection.execute("CREATE TABLE t (n BIGINT)")
            }
            await #expect(throws: StoreError.self, "\(name)") {
                try await database.read { connection throws(StoreError) in
                    try connection.execute("INSERT INTO t (n) VALUES (1)")
                }
            }
            await #expect(throws: StoreError.self, "\(name)") {
                try await database.rows("INSERT INTO t (n) VALUES (1) RETURNING n", [])
            }
            let count = try await database.integer("SELECT COUNT(*) FROM t")
            #expect(count == 0, "\(name)")
        }
    }

    @Test("a write that throws inside a transaction leaves nothing of it") func rolledBack() async throws {
        try await withDatabases { name, database in
            try database.write { connection throws(StoreError) in
                _ = try connection.execute("CREATE TABLE t (n BIGINT)")
            }
            #expect(throws: StoreError.self, "\(name)") {
                try database.write { connection throws(StoreError) in
                    try connection.transaction { () throws(StoreError) in
                        _ = try connection.execute("INSERT INTO t (n) VALUES (1)")
                        throw StoreError(.failed, "on purpose")
                    }
                }
            }
            let count = try await database.integer("SELECT COUNT(*) FROM t")
            #expect(count == 0, "\(name)")
        }
    }

    @Test("a value of another type than expected throws, never a default") func accessors() throws {
        let row = Row([.text("a"), .integer(2), .null, .blob([1])])
        #expect(throws: StoreError.self) { try row.integer(0) }
        #expect(throws: StoreError.self) { try row.text(1) }
        #expect(throws: StoreError.self) { try row.bool(1) }
        #expect(throws: StoreError.self) { try row.text(2) }
        #expect(throws: StoreError.self) { try row.text(3) }
        #expect(throws: StoreError.self) { try row.text(4) }
        #expect(throws: StoreError.self) { try row.value(0, as: RecordKey.Kind.self) }
        #expect(try row.optionalText(2) == nil)
        #expect(try row.optionalText(0) == "a")
    }

    @Test("revisions start at 0, grow by one, and many are read at once") func revisions() async throws {
        try await withStores { store in
            let keys = (0..<300).map { RecordKey(.patient, "p\($0)") }
            try store.database.write { connection throws(StoreError) in
                for key in keys.prefix(290) { try connection.bump(key) }
                for key in keys.prefix(7) { try connection.bump(key) }
                try connection.bump(.person, "p0")
            }
            for count in [1, 2, 3, 8, 9, 64, 65, 300] {
                let taken = Array(keys.prefix(count))
                let stamp = try await store.database.read { connection throws(StoreError) in
                    try connection.revision(of: taken)
                }
                #expect(stamp.revisions.count == count)
                for (index, key) in taken.enumerated() {
                    #expect(stamp.revisions[key] == (index < 7 ? 2 : index < 290 ? 1 : 0), "\(store.name) \(index)")
                }
            }
        }
    }
}
