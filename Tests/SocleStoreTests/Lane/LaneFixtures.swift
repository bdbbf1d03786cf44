// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleJSON
import SocleStore

/// Changes of a record made for these tests: a counter per name.
enum CounterChange: StoredChange {
    case create(String)
    case add(String, Int64)
    /// Holds only when the counter has that value.
    case require(String, Int64)
    /// A statement that fails.
    case broken

    func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .create(let name):
            try connection.execute("INSERT INTO counters (name, value) VALUES ($1, 0)", [.text(name)])
            return true
        case .add(let name, let amount):
            try connection.bump(.patient, name)
            return try connection.execute(
                "UPDATE counters SET value = value + $2 WHERE name = $1", [.text(name), .integer(amount)]) == 1
        case .require(let name, let value):
            return try connection.row("SELECT value FROM counters WHERE name = $1", [.text(name)])?.integer(0) == value
        case .broken:
            try connection.execute("INSERT INTO no_such_table (n) VALUES (1)")
            return true
        }
    }

    static let migration = Migration(
        "test-1-counters", "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)")
}

/// A change nobody stores.
struct UnknownChange: RecordChange {}

extension TestStore {
    func makeCounters(_ names: String...) async throws {
        try database.migrate(Migrations.all + [CounterChange.migration])
        for name in names {
            _ = try await lane.commit(Submission(changes: [CounterChange.create(name)], entry: nil))
        }
    }

    func counter(_ name: String) async throws -> Int64? {
        try await database.row("SELECT value FROM counters WHERE name = $1", [.text(name)])?.integer(0)
    }

    func draft(_ note: String = "a test", patient: String? = nil) -> EntryDraft {
        EntryDraft(
            kind: .decision, instant: clock.now(), actor: "tester", patient: patient.flatMap { PatientIdentifier($0) },
            details: ["note": .string(note)])
    }

    /// The sequences of the chain, in order.
    func sequences(of chain: String) async throws -> [Int64] {
        let rows = try await database.rows(
            "SELECT sequence FROM journal_entries WHERE chain = $1 ORDER BY sequence", [.text(chain)])
        return try rows.map { try $0.integer(0) }
    }
}
