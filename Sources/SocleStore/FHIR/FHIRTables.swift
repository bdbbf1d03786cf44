// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The tables of FHIR resources: every version as it was taken, which one is current, and what each is found by.
enum FHIRTables {
    static let migrations = [
        Migration(
            "fhir-1-resources",
            """
            CREATE TABLE fhir_versions (
                type TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, instant BIGINT NOT NULL,
                content TEXT NOT NULL, PRIMARY KEY (type, id, version))
            """,
            """
            CREATE TABLE fhir_current (
                type TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (type, id))
            """,
            // A date has its bounds, everything else its text. An open side of a period is null.
            """
            CREATE TABLE fhir_index (
                type TEXT NOT NULL, id TEXT NOT NULL, parameter TEXT NOT NULL, text TEXT NOT NULL, low BIGINT,
                high BIGINT)
            """,
            "CREATE INDEX fhir_index_by_resource ON fhir_index (type, id)",
            "CREATE INDEX fhir_index_by_text ON fhir_index (type, parameter, text, id)")
    ]
    /// Patients whose records changed by other means than a resource, until resources say so.
    static let presentation = [
        Migration(
            "fhir-2-pending", "CREATE TABLE fhir_pending (patient TEXT PRIMARY KEY)",
            "INSERT INTO fhir_pending (patient) SELECT patient FROM memberships UNION SELECT patient FROM choices")
    ]

    /// What splits left of directives before resources showed it.
    static let refusals = [
        Migration(
            "fhir-3-refusals",
            """
            INSERT INTO fhir_pending (patient)
            SELECT DISTINCT patient FROM choices WHERE kind = 'directive' AND details LIKE '%"refuses_only":true%'
            ON CONFLICT (patient) DO NOTHING
            """)
    ]

    static let mark: Statement = "INSERT INTO fhir_pending (patient) VALUES ($1) ON CONFLICT (patient) DO NOTHING"
    static let presented: Statement = "DELETE FROM fhir_pending WHERE patient = $1"
    static let pending: Statement = "SELECT patient FROM fhir_pending LIMIT $1"
    static let isPending: Statement = "SELECT 1 FROM fhir_pending WHERE patient = $1"
    /// The current resources of one type about a patient (`Patient/ID`).
    static let ofPatient: Statement = """
        SELECT DISTINCT v.id, v.version, v.instant, v.content FROM fhir_index i
        JOIN fhir_current c ON c.type = i.type AND c.id = i.id
        JOIN fhir_versions v ON v.type = c.type AND v.id = c.id AND v.version = c.version
        WHERE i.type = $1 AND i.parameter = 'patient' AND i.text = $2 ORDER BY v.id
        """

    static let currentVersion: Statement = "SELECT version FROM fhir_current WHERE type = $1 AND id = $2"
    static let setCurrent: Statement = """
        INSERT INTO fhir_current (type, id, version) VALUES ($1, $2, $3)
        ON CONFLICT (type, id) DO UPDATE SET version = excluded.version
        """
    static let insertVersion: Statement = """
        INSERT INTO fhir_versions (type, id, version, instant, content) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (type, id, version) DO NOTHING
        """
    static let clearIndex: Statement = "DELETE FROM fhir_index WHERE type = $1 AND id = $2"
    static let insertIndex: Statement = """
        INSERT INTO fhir_index (type, id, parameter, text, low, high) VALUES ($1, $2, $3, $4, $5, $6)
        """

    static let current: Statement = """
        SELECT v.id, v.version, v.instant, v.content FROM fhir_current c
        JOIN fhir_versions v ON v.type = c.type AND v.id = c.id AND v.version = c.version
        WHERE c.type = $1 AND c.id = $2
        """
    static let version: Statement = """
        SELECT id, version, instant, content FROM fhir_versions WHERE type = $1 AND id = $2 AND version = $3
        """
    static let history: Statement = """
        SELECT id, version, instant, content FROM fhir_versions WHERE type = $1 AND id = $2 AND version < $3
        ORDER BY version DESC LIMIT $4
        """
}
