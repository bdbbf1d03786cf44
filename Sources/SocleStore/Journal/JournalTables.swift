// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity

/// The tables of the journal and how entries and checkpoints are written to them and read back.
enum JournalTables {
    static let migrations = [
        Migration(
            "core-2-journal",
            """
            CREATE TABLE journal_entries (
                chain TEXT NOT NULL, sequence BIGINT NOT NULL, instant BIGINT NOT NULL, kind TEXT NOT NULL,
                patient TEXT, body BYTEA, digest BYTEA NOT NULL, hash BYTEA NOT NULL,
                PRIMARY KEY (chain, sequence))
            """,
            """
            CREATE INDEX journal_entries_by_patient ON journal_entries (patient, instant) WHERE patient IS NOT NULL
            """,
            // What the lanes know of their chains: where each stands, how many groups it has committed (which tells
            // the outcome of one whose COMMIT was never answered) and up to where a checkpoint covers it.
            """
            CREATE TABLE journal_chains (
                chain TEXT PRIMARY KEY, opened BIGINT NOT NULL, sequence BIGINT NOT NULL, hash BYTEA NOT NULL,
                groups BIGINT NOT NULL, covered BIGINT NOT NULL)
            """,
            "CREATE INDEX journal_chains_uncovered ON journal_chains (chain) WHERE sequence > covered",
            """
            CREATE TABLE journal_checkpoints (
                number BIGINT PRIMARY KEY, body BYTEA NOT NULL, key_id TEXT NOT NULL, signature BYTEA NOT NULL)
            """)
    ]

    /// Whom an entry is about, where they are several. Those written before name them in their items alone: a start reads
    /// no journal (DESIGN 6).
    static let patients = [
        Migration(
            "core-4-journal-patients",
            Statement(
                postgres: """
                    CREATE TABLE journal_patients (
                        chain TEXT NOT NULL, sequence BIGINT NOT NULL, patient TEXT NOT NULL, instant BIGINT NOT NULL,
                        PRIMARY KEY (chain, sequence, patient))
                    """,
                // One b-tree less: the row is its key.
                sqlite: """
                    CREATE TABLE journal_patients (
                        chain TEXT NOT NULL, sequence BIGINT NOT NULL, patient TEXT NOT NULL, instant BIGINT NOT NULL,
                        PRIMARY KEY (chain, sequence, patient)) WITHOUT ROWID
                    """),
            "CREATE INDEX journal_patients_by_patient ON journal_patients (patient, instant)")
    ]

    static let insertEntry: Statement = """
        INSERT INTO journal_entries (chain, sequence, instant, kind, patient, body, digest, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    static let insertPatient: Statement = """
        INSERT INTO journal_patients (chain, sequence, patient, instant) VALUES ($1, $2, $3, $4)
        """
    static let openChain: Statement = """
        INSERT INTO journal_chains (chain, opened, sequence, hash, groups, covered) VALUES ($1, $2, $3, $4, 0, 0)
        """
    static let moveHead: Statement = """
        UPDATE journal_chains SET sequence = $2, hash = $3, groups = groups + 1 WHERE chain = $1
        """
    // Waits for a transaction of the lost connection that may still be committing.
    static let groups = Statement(
        postgres: "SELECT groups FROM journal_chains WHERE chain = $1 FOR UPDATE",
        sqlite: "SELECT groups FROM journal_chains WHERE chain = $1")
    static let uncovered: Statement = """
        SELECT chain, sequence, hash FROM journal_chains WHERE sequence > covered ORDER BY chain
        """
    static let cover: Statement = "UPDATE journal_chains SET covered = $2 WHERE chain = $1"

    static let lockCheckpoints = Statement(postgres: "SELECT pg_advisory_xact_lock(5061303)", sqlite: "SELECT 1")
    static let lastCheckpoint: Statement = """
        SELECT body, key_id, signature FROM journal_checkpoints ORDER BY number DESC LIMIT 1
        """
    static let insertCheckpoint: Statement = """
        INSERT INTO journal_checkpoints (number, body, key_id, signature) VALUES ($1, $2, $3, $4)
        """

    static let checkpointPage: Statement = """
        SELECT body, key_id, signature, number FROM journal_checkpoints WHERE number > $1 ORDER BY number LIMIT $2
        """
    static let openingPage: Statement = """
        SELECT chain, sequence, instant, kind, patient, body, digest, hash FROM journal_entries
        WHERE sequence = 1 AND chain > $1 ORDER BY chain LIMIT $2
        """
    static let entryPage: Statement = """
        SELECT chain, sequence, instant, kind, patient, body, digest, hash FROM journal_entries
        WHERE (chain, sequence) > ($1, $2) ORDER BY chain, sequence LIMIT $3
        """
    static let patientsBetween: Statement = """
        SELECT chain, sequence, patient, instant FROM journal_patients
        WHERE (chain, sequence) > ($1, $2) AND (chain, sequence) <= ($3, $4)
        """

    private static let columns = "e.chain, e.sequence, e.instant, e.kind, e.patient, e.body, e.digest, e.hash"
    static let entry = Statement("SELECT \(columns) FROM journal_entries e WHERE e.chain = $1 AND e.sequence = $2")

    /// Newest first, those before the place (instant, chain, sequence): entries about that patient alone, and those about
    /// several.
    static let ofPatient = [
        page(of: "journal_entries e", by: "e"),
        page(
            of: "journal_patients p JOIN journal_entries e ON e.chain = p.chain AND e.sequence = p.sequence", by: "p"),
    ]

    private static func page(of tables: String, by key: String) -> Statement {
        func text(_ collation: String) -> String {
            let chain = "\(key).chain COLLATE \(collation)"
            return """
                SELECT \(columns) FROM \(tables)
                WHERE \(key).patient = $1 AND \(key).instant >= $2 AND \(key).instant < $3
                    AND (\(key).instant < $4
                        OR (\(key).instant = $4 AND (\(chain) < $5 OR (\(key).chain = $5 AND \(key).sequence < $6))))
                ORDER BY \(key).instant DESC, \(chain) DESC, \(key).sequence DESC LIMIT $7
                """
        }
        return Statement(postgres: text("\"C\""), sqlite: text("BINARY"))
    }
}

extension Connection {
    func insert(_ entry: JournalEntry) throws(StoreError) {
        try execute(
            JournalTables.insertEntry,
            [
                .text(entry.position.chain), .integer(entry.position.sequence), .instant(entry.instant),
                .text(entry.kind), .optional(entry.patient), .optional(entry.body), .blob(entry.digest),
                .blob(entry.hash),
            ])
        for indexed in entry.patients {
            try execute(
                JournalTables.insertPatient,
                [
                    .text(entry.position.chain), .integer(entry.position.sequence), .text(indexed.patient),
                    .instant(indexed.instant),
                ])
        }
    }

    func lastCheckpoint() throws(StoreError) -> SignedCheckpoint? {
        try row(JournalTables.lastCheckpoint)?.checkpoint()
    }

    /// The heads that no checkpoint covers yet.
    func uncoveredHeads() throws(StoreError) -> [ChainHead] {
        var heads: [ChainHead] = []
        for row in try rows(JournalTables.uncovered) {
            heads.append(ChainHead(chain: try row.text(0), sequence: try row.integer(1), hash: try row.blob(2)))
        }
        return heads
    }
}

extension Row {
    func checkpoint() throws(StoreError) -> SignedCheckpoint {
        SignedCheckpoint(body: try blob(0), keyID: try text(1), signature: try blob(2))
    }
}
