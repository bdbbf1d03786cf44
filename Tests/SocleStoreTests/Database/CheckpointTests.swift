// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleStore
import Testing

@Suite("Checkpoints of SQLite · the WAL is copied beside the writer", .timeLimit(.minutes(2)))
struct CheckpointTests {
    /// Fifty pages of a WAL that is copied from a hundred on.
    private static let blob = [UInt8](repeating: 7, count: 200_000)

    private func withTable(_ body: (SQLiteDatabase, String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/socle.db"
            let database = try SQLiteDatabase(path: path, walPages: 100)
            _ = try database.write { connection throws(StoreError) in
                try connection.execute("CREATE TABLE kept (number BIGINT PRIMARY KEY, body BYTEA NOT NULL)")
            }
            try await body(database, path)
        }
    }

    private func write(_ number: Int64, to database: SQLiteDatabase) throws {
        _ = try database.write { connection throws(StoreError) in
            try connection.execute("INSERT INTO kept VALUES ($1, $2)", [.integer(number), .blob(Self.blob)])
        }
    }

    /// The salts of a WAL change each time it starts again at its beginning (walformat.html §1).
    private func salts(_ path: String) throws -> Data {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path + "-wal"))
        defer { try? file.close() }
        return try file.read(upToCount: 24)?.suffix(8) ?? Data()
    }

    /// Writes until the WAL has started again that often, or for as long as it takes to say that it does not.
    private func writeUntilRestarted(_ times: Int, _ database: SQLiteDatabase, _ path: String) async throws -> Int64 {
        var restarts = 0
        var last = try salts(path)
        for number in 1...2000 as ClosedRange<Int64> {
            try write(number, to: database)
            let now = try salts(path)
            if now != last { restarts += 1 }
            last = now
            if restarts == times { return number }
            // A machine that is busy gets time for the other thread.
            if number > 100 { try await Task.sleep(for: .milliseconds(10)) }
        }
        Issue.record("the WAL started again \(restarts) times")
        return 2000
    }

    private func expectWhole(_ path: String, _ count: Int64) async throws {
        let again = try SQLiteDatabase(path: path)
        #expect(try await again.integer("SELECT count(*) FROM kept WHERE length(body) = 200000") == count)
        #expect(try await again.row("PRAGMA integrity_check")?.text(0) == "ok")
    }

    @Test("under writes without a pause the WAL starts again and again, and nothing is lost") func restarts()
        async throws
    {
        try await withTable { database, path in
            let count = try await writeUntilRestarted(3, database, path)
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            #expect(try #require(size) > 3 * 100 * 4096, "the file itself has what the WAL no longer has")
            try await expectWhole(path, count)
        }
    }

    @Test("a reader of an old snapshot keeps it, whatever is copied meanwhile; the WAL starts again after it")
    func snapshot() async throws {
        try await withTable { database, path in
            try write(-1, to: database)
            let before = try salts(path)
            let seen = try await database.read { connection throws(StoreError) in
                let count: Statement = "SELECT count(*) FROM kept"
                var seen = [try connection.row(count)?.integer(0)]
                for number in -20..<(-1) as Range<Int64> {
                    do { try write(number, to: database) } catch { throw StoreError(.failed, "\(error)") }
                }
                Thread.sleep(forTimeInterval: 0.2)
                seen.append(try connection.row(count)?.integer(0))
                return seen
            }
            #expect(seen == [1, 1])
            #expect(try salts(path) == before, "pages that a reader may need are still in the WAL")
            let count = try await writeUntilRestarted(1, database, path)
            try await expectWhole(path, 20 + count)
        }
    }

    @Test("a file that is gone while it is copied is no fault of a commit") func gone() async throws {
        try await withTable { database, path in
            try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
            for number in 1...10 as ClosedRange<Int64> { try write(number, to: database) }
            try await Task.sleep(for: .milliseconds(100))
            // Read where it was written: there is no file to open.
            let count = try database.write { connection throws(StoreError) in
                try connection.row("SELECT count(*) FROM kept")?.integer(0)
            }
            #expect(count == 10)
        }
    }
}
