// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit

/// The revision of each record whose change can alter an answer: one table for all kinds.
/// A record never changed has no row, and revision 0.
extension Connection {
    /// Marks the record as changed. Called by every `StoredChange.apply`, once per record it alters.
    package func bump(_ key: RecordKey) throws(StoreError) {
        try execute(Revisions.bump, [.text(key.kind.rawValue), .text(key.id)])
    }

    package func bump(_ kind: RecordKey.Kind, _ id: String) throws(StoreError) { try bump(RecordKey(kind, id)) }

    package func revision(of key: RecordKey) throws(StoreError) -> Int64 {
        try row(Revisions.one, [.text(key.kind.rawValue), .text(key.id)])?.integer(0) ?? 0
    }

    /// The revisions of all those records. Call it in the snapshot that reads the facts, before them.
    package func revision(of keys: some Collection<RecordKey>) throws(StoreError) -> Stamp {
        var stamp = Stamp()
        for key in keys { stamp.revisions[key] = 0 }
        if keys.count == 1, let key = keys.first {
            stamp.revisions[key] = try revision(of: key)
            return stamp
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
                stamp.revisions[RecordKey(try row.value(0, as: RecordKey.Kind.self), try row.text(1))] =
                    try row.integer(2)
            }
        }
        return stamp
    }
}

enum Revisions {
    static let bump: Statement = """
        INSERT INTO record_revisions (kind, id, revision) VALUES ($1, $2, 1)
        ON CONFLICT (kind, id) DO UPDATE SET revision = record_revisions.revision + 1
        """
    static let one: Statement = "SELECT revision FROM record_revisions WHERE kind = $1 AND id = $2"
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
            SELECT r.kind, r.id, r.revision FROM asked
            JOIN record_revisions r ON r.kind = asked.kind AND r.id = asked.id
            """)
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
}
