// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
import SocleConsent
package import SocleIdentity
import SocleJSON

/// The queues of change events and of notices, in the store.
package struct StoredEvents: EventRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func subscriptions() async throws(RecordsUnavailable) -> [EventSubscription] {
        do throws(StoreError) {
            var subscriptions: [EventSubscription] = []
            for row in try await database.rows(EventStatements.subscriptions, []) {
                subscriptions.append(
                    EventSubscription(
                        client: try row.text(0), endpoint: try row.text(1), audience: try row.text(2),
                        kinds: Set(try row.strings(3).compactMap(ChangeEvent.Kind.init(rawValue:)))))
            }
            return subscriptions
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }

    package func destinations() async throws(RecordsUnavailable) -> [PushDestination] {
        var destinations = try await subscriptions().map {
            PushDestination(.events, client: $0.client, endpoint: $0.endpoint, audience: $0.audience)
        }
        for notifier in try await StoredNotices(database).notifiers() {
            // One queue for the subjects that one application delivers at one place: a patient's order is kept in it.
            let destination = PushDestination(
                .notices, client: notifier.client, endpoint: notifier.endpoint, audience: notifier.audience)
            if !destinations.contains(destination) { destinations.append(destination) }
        }
        return destinations
    }

    package func due(
        for destination: PushDestination, at now: Instant, limit: Int
    ) async throws(RecordsUnavailable) -> [PendingPush] {
        switch destination.queue {
        case .events: try await events(due: now, for: destination.client, limit: limit)
        case .notices: try await StoredNotices(database).due(for: destination, at: now, limit: limit)
        }
    }

    private func events(
        due now: Instant, for client: String, limit: Int
    ) async throws(RecordsUnavailable) -> [PendingPush] {
        do throws(StoreError) {
            let rows = try await database.rows(
                EventStatements.due,
                [.text(client), .instant(now), .integer(Int64(max(0, min(limit, 1000))))])
            var pending: [PendingPush] = []
            for row in rows {
                guard let patient = PatientIdentifier(try row.text(0)) else {
                    throw StoreError(.failed, "an event names no patient")
                }
                let event = ChangeEvent(
                    id: try row.text(2), kind: try row.value(3, as: ChangeEvent.Kind.self), patient: patient,
                    position: try row.integer(1), change: try row.text(4), about: try row.optionalText(5),
                    effective: try row.optionalInstant(6), until: try row.optionalInstant(7))
                pending.append(
                    PendingPush(
                        client: client, message: .event(event), queuedAt: try row.optionalInstant(8) ?? now,
                        attempts: Int(try row.integer(9))))
            }
            return pending
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }
}
