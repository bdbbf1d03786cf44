// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleIdentity

/// The revision of each record whose change can alter an answer: one table for all kinds.
/// A record never changed has no row, and revision 0.
extension Connection {
    /// Marks the record as changed. Called by every `StoredChange.apply`, once per record it alters.
    package func bump(_ key: RecordKey) throws(StoreError) {
        try execute(Revisions.bump, [.text(key.kind.rawValue), .text(key.id)])
    }

    package func bump(_ kind: RecordKey.Kind, _ id: String) throws(StoreError) { try bump(RecordKey(kind, id)) }

    /// Remembers that patients' records were changed at that instant of the clock of whoever changed them.
    func changed(_ patients: [PatientIdentifier], at instant: Instant) throws(StoreError) {
        for patient in patients { try execute(Revisions.changed, [.text(patient.value), .instant(instant)]) }
    }

    /// The last instant at which one of these patients' records was changed, by whatever clock.
    func lastChange(of patients: [PatientIdentifier]) throws(StoreError) -> Instant? {
        var last: Instant?
        for patient in patients {
            let found = try row(Revisions.lastChange, [.text(patient.value)])?.instant(0)
            last = [last, found].compactMap(\.self).max()
        }
        return last
    }

    /// That instant, or the first after the last change of one of these patients' records (decision 0031).
    func instant(_ instant: Instant, after patients: [String]) throws(StoreError) -> Instant {
        instant.after(try lastChange(of: patients.compactMap { PatientIdentifier($0) }))
    }

    package func revision(of key: RecordKey) throws(StoreError) -> Int64 {
        try row(Revisions.one, [.text(key.kind.rawValue), .text(key.id)])?.integer(0) ?? 0
    }

    /// The revisions of all those records. Call it in the snapshot that reads the facts, before them.
    package func revision(of keys: some Collection<RecordKey>) throws(StoreError) -> Stamp {
        try standing(of: keys).stamp
    }

    /// The same, with the last instant at which one of those that are patients was changed.
    func standing(of keys: some Collection<RecordKey>) throws(StoreError) -> (stamp: Stamp, changedAt: Instant?) {
        var stamp = Stamp()
        var changedAt: Instant?
        func note(_ key: RecordKey, _ revision: Int64, _ instant: Instant) {
            stamp.revisions[key] = revision
            if key.kind == .patient { changedAt = max(changedAt ?? instant, instant) }
        }
        for key in keys { stamp.revisions[key] = 0 }
        if keys.count == 1, let key = keys.first {
            if let row = try row(Revisions.one, [.text(key.kind.rawValue), .text(key.id)]) {
                note(key, try row.integer(0), try row.instant(1))
            }
            return (stamp, changedAt)
        }
        var waiting = Array(stamp.revisions.keys)[...]
        while let first = waiting.first {
            // Few widths, so that few statements are prepared; a short list repeats its first key.
            let statement = Revisions.several.first { $0.width >= waiting.count } ?? Revisions.widest
            let taken = waiting.prefix(statement.width)
            waiting = waiting.dropFirst(statement.width)
            var parameters: [DatabaseValue] = []
            parameters.reserveCapacity(2 * statement.width)
            for key in taken { parameters += [.text(key.kind.rawValue), .text(key.id)] }
            for _ in taken.count..<statement.width { parameters += [.text(first.kind.rawValue), .text(first.id)] }
            for row in try rows(statement.statement, parameters) {
                note(
                    RecordKey(try row.value(0, as: RecordKey.Kind.self), try row.text(1)), try row.integer(2),
                    try row.instant(3))
            }
        }
        return (stamp, changedAt)
    }
}

extension Connection {
    /// Those of the records that have another revision now than the one they were read at.
    func moved(since read: [RecordKey: Int64]) throws(StoreError) -> Set<RecordKey> {
        var moved: Set<RecordKey> = []
        var waiting = read.map { RecordRevisions.Element(key: $0.key, value: $0.value) }[...]
        while let first = waiting.first {
            let statement = Revisions.movedSeveral.first { $0.width >= waiting.count } ?? Revisions.movedWidest
            let taken = waiting.prefix(statement.width)
            waiting = waiting.dropFirst(statement.width)
            for row in try rows(statement.statement, Revisions.parameters(taken, or: first, width: statement.width)) {
                moved.insert(RecordKey(try row.value(0, as: RecordKey.Kind.self), try row.text(1)))
            }
        }
        return moved
    }
}

extension Database {
    /// Whether every record is at the revision it was read at: one statement, a snapshot by itself.
    package func stands(_ stamp: Stamp) async throws(StoreError) -> Bool {
        var waiting = Array(stamp.revisions)[...]
        while let first = waiting.first {
            let statement = Revisions.stands.first { $0.width >= waiting.count } ?? Revisions.standsWidest
            let taken = waiting.prefix(statement.width)
            waiting = waiting.dropFirst(statement.width)
            let parameters = Revisions.parameters(taken, or: first, width: statement.width)
            guard try await rows(statement.statement, parameters).isEmpty else { return false }
        }
        return true
    }
}

enum Revisions {
    static let bump: Statement = """
        INSERT INTO record_revisions (kind, id, revision) VALUES ($1, $2, 1)
        ON CONFLICT (kind, id) DO UPDATE SET revision = record_revisions.revision + 1
        """
    static let changed: Statement = """
        UPDATE record_revisions SET changed_at = $2 WHERE kind = 'patient' AND id = $1 AND changed_at < $2
        """
    static let lastChange: Statement = "SELECT changed_at FROM record_revisions WHERE kind = 'patient' AND id = $1"
    static let one: Statement = "SELECT revision, changed_at FROM record_revisions WHERE kind = $1 AND id = $2"
    /// The revision, which no other transaction can change before this one ends. SQLite has one writer at a time; in
    /// PostgreSQL the row is locked, and made first where there is none: an absent row cannot be locked.
    static let locked = Statement(
        postgres: """
            INSERT INTO record_revisions (kind, id, revision) VALUES ($1, $2, 0)
            ON CONFLICT (kind, id) DO UPDATE SET revision = record_revisions.revision RETURNING revision
            """,
        sqlite: "SELECT revision FROM record_revisions WHERE kind = $1 AND id = $2")

    static let several = [2, 4, 8, 16, 64].map { (width: $0, statement: statement(width: $0)) }
    static let widest = (width: 256, statement: statement(width: 256))

    /// A join, so that each key is looked up: SQLite answers `(kind, id) IN (VALUES ...)` by reading the whole table.
    private static func statement(width: Int) -> Statement {
        let pairs = (0..<width).map { "($\(2 * $0 + 1), $\(2 * $0 + 2))" }.joined(separator: ", ")
        return Statement(
            """
            WITH asked (kind, id) AS (VALUES \(pairs))
            SELECT r.kind, r.id, r.revision, r.changed_at FROM asked
            JOIN record_revisions r ON r.kind = asked.kind AND r.id = asked.id
            """)
    }

    static let stands = [1, 2, 4, 8].map { (width: $0, statement: stands(width: $0)) }
    static let standsWidest = (width: 32, statement: stands(width: 32))

    /// A row when one of the records has another revision than the one given.
    private static func stands(width: Int) -> Statement {
        let conditions = (0..<width).map { index in
            """
            COALESCE((SELECT revision FROM record_revisions WHERE kind = $\(3 * index + 1) AND id = $\(3 * index + 2)), 0)
                <> $\(3 * index + 3)
            """
        }
        return Statement("SELECT 1 WHERE \(conditions.joined(separator: " OR "))")
    }

    static let movedSeveral = [8, 32, 96].map { (width: $0, statement: moved(width: $0)) }
    static let movedWidest = (width: 256, statement: moved(width: 256))

    /// A row for each of the records that has another revision than the one given.
    private static func moved(width: Int) -> Statement {
        let asked = (0..<width).map { "($\(3 * $0 + 1), $\(3 * $0 + 2), CAST($\(3 * $0 + 3) AS BIGINT))" }
        return Statement(
            """
            WITH asked (kind, id, revision) AS (VALUES \(asked.joined(separator: ", ")))
            SELECT asked.kind, asked.id FROM asked
            LEFT JOIN record_revisions r ON r.kind = asked.kind AND r.id = asked.id
            WHERE COALESCE(r.revision, 0) <> asked.revision
            """)
    }

    /// Kind, identifier and revision of each; a short list repeats its first record.
    static func parameters(
        _ records: some RandomAccessCollection<RecordRevisions.Element>,
        or first: RecordRevisions.Element,
        width: Int
    ) -> [DatabaseValue] {
        var parameters: [DatabaseValue] = []
        parameters.reserveCapacity(3 * width)
        func append(_ record: RecordRevisions.Element) {
            parameters.append(.text(record.key.kind.rawValue))
            parameters.append(.text(record.key.id))
            parameters.append(.integer(record.value))
        }
        for record in records { append(record) }
        for _ in records.count..<width { append(first) }
        return parameters
    }

    static let migrations = [
        Migration(
            "core-1-revisions",
            Statement(
                postgres: """
                    CREATE TABLE record_revisions (
                        kind TEXT NOT NULL, id TEXT NOT NULL, revision BIGINT NOT NULL, PRIMARY KEY (kind, id))
                    """,
                // One b-tree instead of two: the row is its key.
                sqlite: """
                    CREATE TABLE record_revisions (
                        kind TEXT NOT NULL, id TEXT NOT NULL, revision BIGINT NOT NULL, PRIMARY KEY (kind, id)
                    ) WITHOUT ROWID
                    """))
    ]

    /// When patients' records were last changed: no answer is given as of an instant before.
    static let instants = [
        Migration(
            "core-5-changed-at", "ALTER TABLE record_revisions ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0")
    ]
}
