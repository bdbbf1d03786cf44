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
            guard try connection.row(EventStatements.isInUse, [.text(subscription.client)]) != nil else { return false }
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
        case .release(let holder):
            return try connection.execute(EventStatements.release, [.text(holder)]) == 1
        case .register(let notifier):
            guard try connection.row(EventStatements.isInUse, [.text(notifier.client)]) != nil else { return false }
            try connection.execute(
                NoticeStatements.register,
                [
                    .text(notifier.subject.rawValue), .text(notifier.client), .text(notifier.endpoint),
                    .text(notifier.audience),
                ])
            // Whoever is registered anew is asked at once.
            try connection.execute(NoticeStatements.hasten, [.text(notifier.subject.rawValue)])
            return true
        case .unregister(let subject):
            return try connection.execute(NoticeStatements.unregister, [.text(subject.rawValue)]) == 1
        case .delivered(let pending, let instant):
            switch pending.message {
            case .event(let event):
                return try connection.execute(
                    EventStatements.delivered, EventChange.address(event, of: pending.client)) == 1
            case .notice(let notice, _):
                return try connection.execute(
                    NoticeStatements.delivered,
                    NoticeStatements.address(notice) + [.instant(instant), .text(pending.client)]) == 1
            }
        case .postponed(let pending, let due, let why):
            let attempts = DatabaseValue.integer(Int64(pending.attempts) + 1)
            switch pending.message {
            case .event(let event):
                return try connection.execute(
                    EventStatements.postpone,
                    EventChange.address(event, of: pending.client)
                        + [attempts, .instant(due), .instant(pending.queuedAt)]) == 1
            case .notice(let notice, _):
                return try connection.execute(
                    NoticeStatements.postpone,
                    NoticeStatements.address(notice) + [attempts, .instant(due), .text(String(why.prefix(200)))]) == 1
            }
        }
    }

    private static func address(_ event: ChangeEvent, of client: String) -> [DatabaseValue] {
        [.text(client), .text(event.patient.value), .integer(event.position)]
    }
}
