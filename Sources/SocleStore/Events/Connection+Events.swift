// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleCrypto
import SocleIdentity

extension Connection {
    /// A client that is disabled or gone is told nothing more; what it should have delivered waits for another.
    func forgetSubscriber(_ client: String) throws(StoreError) {
        for statement in [EventStatements.forget, EventStatements.unsubscribe, NoticeStatements.forget] {
            try execute(statement, [.text(client)])
        }
    }

    /// Queues an event for each application that wants its kind, in the transaction of the change it tells of.
    ///
    /// The patient's position is one row, locked until that transaction ends: events are numbered as their changes
    /// are committed, on whichever node.
    func enqueue(
        _ kind: ChangeEvent.Kind, of patient: PatientIdentifier, change: String, about: String? = nil,
        effective: Instant? = nil, until: Instant? = nil
    ) throws(StoreError) {
        var clients: [String] = []
        for row in try rows(EventStatements.subscribers) {
            if try row.strings(1).contains(kind.rawValue) { clients.append(try row.text(0)) }
        }
        guard !clients.isEmpty else { return }
        guard let position = try row(EventStatements.position, [.text(patient.value)])?.integer(0)
        else {
            throw StoreError(.failed, "an event has no position")
        }
        let seed = "\(patient.value) \(position) \(kind.rawValue) \(change)"
        let id = Base64URL.encode(SHA256.digest(Array(seed.utf8)).prefix(16))
        for client in clients {
            try execute(
                EventStatements.enqueue,
                [
                    .text(client), .text(patient.value), .integer(position), .text(id), .text(kind.rawValue),
                    .text(change), .optional(about), .optional(effective), .optional(until),
                ])
        }
    }
}

enum EventStatements {
    static let subscribers: Statement =
        "SELECT client_id, kinds FROM event_subscriptions ORDER BY client_id"
    static let position: Statement = """
        INSERT INTO event_positions (patient, position) VALUES ($1, 1)
        ON CONFLICT (patient) DO UPDATE SET position = event_positions.position + 1 RETURNING position
        """
    /// Due at once. When it was queued is set by the first node that sees it: the lane's thread looks at no clock.
    static let enqueue: Statement = """
        INSERT INTO event_deliveries
            (client_id, patient, position, id, kind, change, about, effective, ends, due_at, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)
        """
    /// A row when there is such a client, and it may be told and tell.
    static let isInUse: Statement = "SELECT 1 FROM clients WHERE id = $1 AND disabled = 0"
    static let subscribe: Statement = """
        INSERT INTO event_subscriptions (client_id, endpoint, audience, kinds) VALUES ($1, $2, $3, $4)
        ON CONFLICT (client_id) DO UPDATE SET endpoint = excluded.endpoint, audience = excluded.audience,
            kinds = excluded.kinds
        """
    static let unsubscribe: Statement = "DELETE FROM event_subscriptions WHERE client_id = $1"
    static let forget: Statement = "DELETE FROM event_deliveries WHERE client_id = $1"
    static let lease: Statement = """
        INSERT INTO event_lease (slot, holder, until) VALUES ('delivery', $1, $3)
        ON CONFLICT (slot) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE event_lease.holder = excluded.holder OR event_lease.until <= $2
        """
    static let release: Statement = "DELETE FROM event_lease WHERE slot = 'delivery' AND holder = $1"
    static let delivered: Statement = """
        DELETE FROM event_deliveries WHERE client_id = $1 AND patient = $2 AND position = $3
        """
    static let postpone: Statement = """
        UPDATE event_deliveries SET attempts = $4, due_at = $5, queued_at = $6
        WHERE client_id = $1 AND patient = $2 AND position = $3
        """
    static let subscriptions: Statement = """
        SELECT client_id, endpoint, audience, kinds FROM event_subscriptions ORDER BY client_id
        """
    /// The head of each patient's queue: what is behind it waits, due or not.
    static let due: Statement = """
        SELECT d.patient, d.position, d.id, d.kind, d.change, d.about, d.effective, d.ends, d.queued_at,
            d.attempts
        FROM event_deliveries d
        WHERE d.client_id = $1 AND d.due_at <= $2 AND NOT EXISTS (
            SELECT 1 FROM event_deliveries earlier
            WHERE earlier.client_id = d.client_id AND earlier.patient = d.patient AND earlier.position < d.position)
        ORDER BY d.due_at, d.patient LIMIT $3
        """
}
