// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleStore
import Testing

@Suite("Durability asserted at start · DESIGN 6")
struct DurabilityTests {
    @Test("SQLite runs in WAL with synchronous FULL, and its file is its owner's alone") func sqlite() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/socle.db"
            let database = try SQLiteDatabase(path: path)
            let settings = try database.write { connection throws(StoreError) in
                [
                    try connection.row("PRAGMA journal_mode")?.values, try connection.row("PRAGMA synchronous")?.values,
                    try connection.row("PRAGMA foreign_keys")?.values,
                ]
            }
            #expect(settings == [[.text("wal")], [.integer(2)], [.integer(1)]])
            for suffix in ["", "-wal", "-shm"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
            }
        }
    }

    @Test(
        "a server copies the WAL into the file every thousand pages; a command leaves that to it",
        arguments: [(SQLiteDatabase.Checkpoints.own, true), (.left, false)])
    func checkpoints(_ checkpoints: SQLiteDatabase.Checkpoints, isCopied: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/socle.db"
            let database = try SQLiteDatabase(path: path, checkpoints: checkpoints)
            try database.write { connection throws(StoreError) in
                try connection.execute("CREATE TABLE pages (content BLOB)")
                for _ in 1...1500 {
                    try connection.execute("INSERT INTO pages VALUES ($1)", [.blob(Array(repeating: 7, count: 4000))])
                }
            }
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            #expect(((size ?? 0) > 1000 * 4096) == isCopied, "\(size ?? 0) bytes")
        }
    }

    @Test("SQLite weakened after it was opened is refused by the next lane") func weakened() async throws {
        try await withTemporaryDirectory { directory in
            let database = try SQLiteDatabase(path: directory + "/socle.db")
            try database.migrate()
            _ = try database.write { connection throws(StoreError) in
                try connection.execute("PRAGMA synchronous = NORMAL")
            }
            await #expect(throws: StoreError.self) {
                try await StoreLane.open(database, signer: .test, random: .fixed(seed: 1), clock: TestClock().now)
            }
        }
    }

    @Test("a folder that is not there, or a file that is not a database, is an error that names it")
    func unreadable() async throws {
        try await withTemporaryDirectory { directory in
            #expect(throws: StoreError.self) { try SQLiteDatabase(path: directory + "/none/socle.db") }
            try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: directory + "/text.db"))
            #expect(throws: StoreError.self) { try SQLiteDatabase(path: directory + "/text.db") }
        }
    }

    @Test(
        "a PostgreSQL server that could lose what it answered is refused, with the setting to change",
        arguments: ["fsync", "full_page_writes", "synchronous_commit"])
    func postgres(_ setting: String) throws {
        guard PostgresServer.shared != nil, let binaries = PostgresServer.binaries else { return }
        let server = try PostgresServer(binaries, settings: ["\(setting)=off"])
        do {
            _ = try PostgresDatabase(conninfo: server.conninfo)
            Issue.record("accepted")
        } catch {
            #expect(error.kind == .failed)
            #expect(error.detail.contains("`\(setting)` is `off`"))
        }
    }

    @Test("a PostgreSQL server that does not answer is unavailable, and the password is not told") func unreachable() {
        do {
            _ = try PostgresDatabase(conninfo: "host=/nonexistent user=u password=hunter2 connect_timeout=2")
            Issue.record("accepted")
        } catch {
            #expect(error.kind == .unavailable)
            #expect(!error.description.contains("hunter2"))
        }
    }
}
