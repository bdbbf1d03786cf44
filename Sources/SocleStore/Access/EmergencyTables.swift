// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The tables of emergencies: episodes with their review, accesses with their level, notices to deliver.
enum EmergencyTables {
    static let migrations = [
        Migration(
            "access-5-emergencies",
            """
            CREATE TABLE emergency_episodes (
                id TEXT PRIMARY KEY, kind TEXT NOT NULL, patient TEXT NOT NULL, professional TEXT NOT NULL,
                service TEXT NOT NULL, opened BIGINT NOT NULL, until BIGINT NOT NULL, justification TEXT,
                declared_capacity TEXT, immediate_risk BIGINT NOT NULL, call_id TEXT,
                reviewed_at BIGINT, reviewer TEXT, conclusion TEXT)
            """,
            """
            CREATE UNIQUE INDEX emergency_episodes_by_address
                ON emergency_episodes (patient, professional, service, kind, opened)
            """,
            "CREATE INDEX emergency_episodes_to_review ON emergency_episodes (opened, id) WHERE reviewed_at IS NULL",
            """
            CREATE TABLE emergency_accesses (
                id TEXT PRIMARY KEY, episode TEXT NOT NULL REFERENCES emergency_episodes (id), patient TEXT NOT NULL,
                professional TEXT NOT NULL, place TEXT, instant BIGINT NOT NULL, level TEXT NOT NULL,
                resolved_by TEXT)
            """,
            "CREATE INDEX emergency_accesses_by_episode ON emergency_accesses (episode)",
            "CREATE INDEX emergency_accesses_by_patient ON emergency_accesses (patient, professional)",
            """
            CREATE TABLE notices (
                patient TEXT NOT NULL, subject TEXT NOT NULL, about TEXT NOT NULL, recipient TEXT NOT NULL,
                created_at BIGINT NOT NULL, delivered_at BIGINT, PRIMARY KEY (patient, subject, about, recipient))
            """,
            "CREATE INDEX notices_to_deliver ON notices (created_at) WHERE delivered_at IS NULL")
    ]

    static let places = [
        Migration(
            "access-6-emergency-places",
            "ALTER TABLE emergency_accesses ADD COLUMN place_counts BIGINT NOT NULL DEFAULT 1",
            "CREATE INDEX emergency_accesses_by_place ON emergency_accesses (place)")
    ]
}
