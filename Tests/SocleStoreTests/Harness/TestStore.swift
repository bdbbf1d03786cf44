// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleStore
import Synchronization

/// An empty, migrated store of one driver, with its lane, for one test.
struct TestStore: Sendable {
    /// `SQLite` or `PostgreSQL`, for messages and for what must differ.
    let name: String
    let database: any WritableDatabase
    let lane: StoreLane
    let clock: TestClock
    /// Opens the same store again, as another process would.
    let reopen: @Sendable () throws -> any WritableDatabase

    /// Another lane on the same store, as another process would have.
    func openLane(seed: UInt64, settings: StoreLane.Settings = StoreLane.Settings()) async throws -> StoreLane {
        try await StoreLane.open(
            reopen(), signer: .test, random: .fixed(seed: seed), clock: clock.now, settings: settings)
    }
}

/// Runs a contract on each driver present, each time on a new store.
func withStores(_ body: (TestStore) async throws -> Void) async throws {
    try await withReopenableDatabases { name, reopen in
        let database = try reopen()
        try database.migrate()
        let clock = TestClock()
        let lane = try await StoreLane.open(database, signer: .test, random: .fixed(seed: 1), clock: clock.now)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(
                try await body(TestStore(name: name, database: database, lane: lane, clock: clock, reopen: reopen)))
        } catch {
            outcome = .failure(error)
        }
        await lane.close()
        try outcome.get()
    }
}

/// Runs a contract on each driver present, each time on a database without a schema.
func withDatabases(_ body: (String, any WritableDatabase) async throws -> Void) async throws {
    try await withReopenableDatabases { name, reopen in try await body(name, try reopen()) }
}

/// The same, with what opens the database: several times, for several processes.
func withReopenableDatabases(
    _ body: (String, @escaping @Sendable () throws -> any WritableDatabase) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        try await body("SQLite", { try SQLiteDatabase(path: directory + "/socle.db") })
    }
    if let server = PostgresServer.shared {
        let conninfo = try server.emptySchema()
        try await body("PostgreSQL", { try PostgresDatabase(conninfo: conninfo) })
    }
}

func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("socle-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try await body(directory)
}

/// A clock that stands still until told. Starts at 2026-11-02T09:00:00Z.
final class TestClock: Sendable {
    private let instant = Mutex(Instant(seconds: 1_793_610_000))

    var now: @Sendable () -> Instant { { [self] in instant.withLock { $0 } } }
    func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }
}

extension SecureRandom {
    /// The same bytes at each run, never the same twice within one.
    static func fixed(seed: UInt64) -> SecureRandom {
        let counter = SeededCounter(seed)
        return SecureRandom { count in
            var bytes: [UInt8] = []
            while bytes.count < count { bytes += SHA256.digest(Array("\(seed) \(counter.next())".utf8)) }
            return Array(bytes.prefix(count))
        }
    }
}

private final class SeededCounter: Sendable {
    private let value: Mutex<UInt64>
    init(_ seed: UInt64) { value = Mutex(seed) }
    func next() -> UInt64 {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

extension JournalSigner {
    /// A keyed digest in place of a signature: fixed, and as good against a tamperer who has not the key.
    static let test = JournalSigner(
        keyID: "test-1", sign: { HMAC.sha256(key: Array("test".utf8), $0) },
        verify: { keyID, message, signature in
            keyID == "test-1" ? HMAC.sha256(key: Array("test".utf8), message) == signature : nil
        })
}

extension Database {
    /// The first column of the first row.
    func integer(_ statement: Statement, _ parameters: [DatabaseValue] = []) async throws -> Int64? {
        try await row(statement, parameters)?.integer(0)
    }
}
