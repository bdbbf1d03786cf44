// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The tables of change events: who is told, the order of each patient's events, and what waits to be delivered.
enum EventTables {
    static let migrations = [
        Migration(
            "events-1-queue",
            """
            CREATE TABLE event_subscriptions (
                client_id TEXT PRIMARY KEY, endpoint TEXT NOT NULL, audience TEXT NOT NULL, kinds TEXT NOT NULL)
            """,
            "CREATE TABLE event_positions (patient TEXT PRIMARY KEY, position BIGINT NOT NULL)",
            """
            CREATE TABLE event_deliveries (
                client_id TEXT NOT NULL, patient TEXT NOT NULL, position BIGINT NOT NULL, id TEXT NOT NULL,
                kind TEXT NOT NULL, change TEXT NOT NULL, about TEXT, effective BIGINT, queued_at BIGINT,
                due_at BIGINT NOT NULL, attempts BIGINT NOT NULL, PRIMARY KEY (client_id, patient, position))
            """,
            "CREATE INDEX event_deliveries_due ON event_deliveries (client_id, due_at)",
            "CREATE TABLE event_lease (slot TEXT PRIMARY KEY, holder TEXT NOT NULL, until BIGINT NOT NULL)"
        )
    ]
    /// When what an event tells of ends by itself. A client out of use is told nothing, and delivers nothing.
    static let ends = [
        Migration(
            "events-2-ends", "ALTER TABLE event_deliveries ADD COLUMN ends BIGINT",
            "DELETE FROM event_deliveries WHERE client_id NOT IN (SELECT id FROM clients WHERE disabled = 0)",
            "DELETE FROM event_subscriptions WHERE client_id NOT IN (SELECT id FROM clients WHERE disabled = 0)",
            "DELETE FROM notifiers WHERE client_id NOT IN (SELECT id FROM clients WHERE disabled = 0)")
    ]
}
