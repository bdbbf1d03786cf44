// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
package import SocleConsent
package import SocleIdentity

/// Notices in the store: what waits for a notifier, and what an operator and the patient read of them.
package struct StoredNotices: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func notifiers() async throws(RecordsUnavailable) -> [Notifier] {
        try await read { connection throws(StoreError) in
            var notifiers: [Notifier] = []
            for row in try connection.rows(NoticeStatements.notifiers) {
                notifiers.append(
                    Notifier(
                        subject: try row.value(0, as: Notice.Subject.self), client: try row.text(1),
                        endpoint: try row.text(2), audience: try row.text(3)))
            }
            return notifiers
        }
    }

    /// Those that wait first, the oldest first.
    /// - Parameter waitingOnly: those not delivered.
    package func followed(waitingOnly: Bool = false, limit: Int) async throws(RecordsUnavailable) -> [FollowedNotice] {
        let statement = waitingOnly ? NoticeStatements.waiting : NoticeStatements.all
        return try await read { connection throws(StoreError) in
            try connection.rows(statement, [.integer(StoredNotices.bounded(limit))]).followed()
        }
    }

    /// What one person was told, or is to be, under every identifier that is theirs.
    package func followed(
        of patient: PatientIdentifier, limit: Int
    ) async throws(RecordsUnavailable) -> [FollowedNotice] {
        try await read { connection throws(StoreError) in
            var found: [FollowedNotice] = []
            for id in try AccessReading.identifiers(of: patient, on: connection) {
                found += try connection.rows(
                    NoticeStatements.ofPatient, [.text(id.value), .integer(StoredNotices.bounded(limit))]
                ).followed()
            }
            return found
        }
    }

    func due(
        for destination: PushDestination, at now: Instant, limit: Int
    ) async throws(RecordsUnavailable) -> [PendingPush] {
        try await read { connection throws(StoreError) in
            let rows = try connection.rows(
                NoticeStatements.due,
                [
                    .text(destination.client), .text(destination.endpoint), .text(destination.audience), .instant(now),
                    .integer(StoredNotices.bounded(limit)), .instant(now - EventDelivery.keptTime),
                ])
            var pending: [PendingPush] = []
            for row in rows {
                let notice = try row.notice()
                pending.append(
                    PendingPush(
                        client: destination.client, message: .notice(notice, who: try row.optionalText(6)),
                        queuedAt: notice.createdAt, attempts: Int(try row.integer(5))))
            }
            return pending
        }
    }

    private static func bounded(_ limit: Int) -> Int64 { Int64(max(0, min(limit, 1000))) }

    private func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(RecordsUnavailable) -> Value {
        do throws(StoreError) {
            return try await database.read(body)
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }
}

extension Row {
    /// Columns `patient, subject, about, recipient, created_at`, `kind` in the eighth place, `begins` in the ninth.
    fileprivate func notice() throws(StoreError) -> Notice {
        guard let patient = PatientIdentifier(try text(0)), let recipient = Notice.Recipient(try text(3)) else {
            throw StoreError(.failed, "a notice cannot be read")
        }
        return Notice(
            patient: patient, recipient: recipient, subject: try value(1, as: Notice.Subject.self), about: try text(2),
            kind: try value(7, as: Party.Kind.self), createdAt: try instant(4),
            begins: try optionalInstant(8))
    }
}

extension [Row] {
    fileprivate func followed() throws(StoreError) -> [FollowedNotice] {
        var found: [FollowedNotice] = []
        for row in self {
            found.append(
                FollowedNotice(
                    notice: try row.notice(), who: try row.optionalText(6), notifier: try row.optionalText(12),
                    attempts: Int(try row.integer(5)), failure: try row.optionalText(9),
                    deliveredAt: try row.optionalInstant(10), deliveredTo: try row.optionalText(11)))
        }
        return found
    }
}
