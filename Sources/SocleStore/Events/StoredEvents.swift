// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
import SocleConsent
package import SocleIdentity
import SocleJSON

/// The queue of change events, in the store.
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

    package func due(
        for client: String, at now: Instant, limit: Int
    ) async throws(RecordsUnavailable) -> [PendingEvent] {
        do throws(StoreError) {
            let rows = try await database.rows(
                EventStatements.due,
                [.text(client), .instant(now), .integer(Int64(max(0, min(limit, 1000))))])
            var pending: [PendingEvent] = []
            for row in rows {
                guard let patient = PatientIdentifier(try row.text(0)) else {
                    throw StoreError(.failed, "an event names no patient")
                }
                pending.append(
                    PendingEvent(
                        client: client,
                        event: ChangeEvent(
                            id: try row.text(2), kind: try row.value(3, as: ChangeEvent.Kind.self),
                            patient: patient,
                            position: try row.integer(1), change: try row.text(4), about: try row.optionalText(5),
                            effective: try row.optionalInstant(6)),
                        queuedAt: try row.optionalInstant(7) ?? now, attempts: Int(try row.integer(8))))
            }
            return pending
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }
}
