// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
import SocleConsent
import SocleIdentity
import SocleJSON

extension EventChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .subscribe(let subscription):
            try connection.execute(
                EventStatements.subscribe,
                [
                    .text(subscription.client), .text(subscription.endpoint), .text(subscription.audience),
                    .text(JSONValue(subscription.kinds.map(\.rawValue).sorted()).text),
                ])
            return true
        case .unsubscribe(let client):
            try connection.execute(EventStatements.forget, [.text(client)])
            return try connection.execute(EventStatements.unsubscribe, [.text(client)]) == 1
        case .lease(let holder, let now, let until):
            return try connection.execute(
                EventStatements.lease, [.text(holder), .instant(now), .instant(until)]) == 1
        case .delivered(let pending):
            return try connection.execute(EventStatements.delivered, EventChange.address(pending)) == 1
        case .postponed(let pending, let due):
            return try connection.execute(
                EventStatements.postpone,
                EventChange.address(pending) + [
                    .integer(Int64(pending.attempts) + 1), .instant(due), .instant(pending.queuedAt),
                ]) == 1
        }
    }

    private static func address(_ pending: PendingEvent) -> [DatabaseValue] {
        [.text(pending.client), .text(pending.event.patient.value), .integer(pending.event.position)]
    }
}
