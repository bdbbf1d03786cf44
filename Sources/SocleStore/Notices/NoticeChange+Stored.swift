// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleConsent
import SocleIdentity

extension NoticeChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        guard case .queue(let notice) = self else { return false }
        try connection.execute(
            NoticeStatements.queue, NoticeStatements.address(notice) + [.instant(notice.createdAt)])
        return true
    }
}

/// The rest of the tables of notices: how each delivery goes, and who delivers.
enum NoticeTables {
    static let migrations = [
        Migration(
            "notices-1-delivery",
            "ALTER TABLE notices ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE notices ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE notices ADD COLUMN failure TEXT",
            "ALTER TABLE notices ADD COLUMN delivered_to TEXT",
            """
            CREATE TABLE notifiers (
                subject TEXT PRIMARY KEY, client_id TEXT NOT NULL, endpoint TEXT NOT NULL, audience TEXT NOT NULL)
            """)
    ]
}

enum NoticeStatements {
    static func address(_ notice: Notice) -> [DatabaseValue] {
        [
            .text(notice.patient.value), .text(notice.subject.rawValue), .text(notice.about),
            .text(notice.recipient.text),
        ]
    }

    static let queue: Statement = """
        INSERT INTO notices (patient, subject, about, recipient, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (patient, subject, about, recipient) DO NOTHING
        """
    static let delivered: Statement = """
        UPDATE notices SET delivered_at = $5, delivered_to = $6
        WHERE patient = $1 AND subject = $2 AND about = $3 AND recipient = $4 AND delivered_at IS NULL
        """
    static let postpone: Statement = """
        UPDATE notices SET attempts = $5, due_at = $6, failure = $7
        WHERE patient = $1 AND subject = $2 AND about = $3 AND recipient = $4 AND delivered_at IS NULL
        """
    static let register: Statement = """
        INSERT INTO notifiers (subject, client_id, endpoint, audience) VALUES ($1, $2, $3, $4)
        ON CONFLICT (subject) DO UPDATE SET client_id = excluded.client_id, endpoint = excluded.endpoint,
            audience = excluded.audience
        """
    static let hasten: Statement = "UPDATE notices SET due_at = 0 WHERE subject = $1 AND delivered_at IS NULL"
    static let unregister: Statement = "DELETE FROM notifiers WHERE subject = $1"
    static let forget: Statement = "DELETE FROM notifiers WHERE client_id = $1"
    static let notifiers: Statement = "SELECT subject, client_id, endpoint, audience FROM notifiers ORDER BY subject"

    /// A notice with the name and the kind of whom it is about: the professional of the emergency, or the member who was
    /// added.
    private static let columns = """
        n.patient, n.subject, n.about, n.recipient, n.created_at, n.attempts,
            coalesce(ep.name, mp.name, ms.name), coalesce(m.member_kind, 'professional'), m.period_start
        """
    private static let names = """
        LEFT JOIN emergency_episodes e ON e.id = n.about AND n.subject <> 'member_added'
        LEFT JOIN professionals ep ON ep.id = e.professional
        LEFT JOIN memberships m ON m.patient = n.patient AND m.id = n.about AND n.subject = 'member_added'
        LEFT JOIN professionals mp ON mp.id = m.member AND m.member_kind = 'professional'
        LEFT JOIN structures ms ON ms.id = m.member AND m.member_kind = 'structure'
        """
    /// The head of each patient's queue at one destination: what is behind it waits, due or not, for some days.
    static let due = Statement(
        """
        SELECT \(columns) FROM notices n JOIN notifiers t ON t.subject = n.subject \(names)
        WHERE n.delivered_at IS NULL AND n.due_at <= $4 AND t.client_id = $1 AND t.endpoint = $2 AND t.audience = $3
            AND NOT EXISTS (
                SELECT 1 FROM notices b JOIN notifiers u ON u.subject = b.subject
                WHERE b.delivered_at IS NULL AND b.patient = n.patient AND b.created_at > $6
                    AND u.client_id = $1 AND u.endpoint = $2 AND u.audience = $3
                    AND (b.created_at, b.subject, b.about, b.recipient)
                        < (n.created_at, n.subject, n.about, n.recipient))
        ORDER BY n.created_at, n.patient LIMIT $5
        """)
    /// Those not delivered first, the oldest first.
    static let all = followed("", limit: "$1")
    static let ofPatient = followed("WHERE n.patient = $1", limit: "$2")
    static let waiting = followed("WHERE n.delivered_at IS NULL", limit: "$1")

    private static func followed(_ condition: String, limit: String) -> Statement {
        Statement(
            """
            SELECT \(columns), n.failure, n.delivered_at, n.delivered_to, t.client_id
            FROM notices n LEFT JOIN notifiers t ON t.subject = n.subject \(names)
            \(condition) ORDER BY n.delivered_at IS NOT NULL, n.created_at, n.patient, n.subject, n.about, n.recipient
            LIMIT \(limit)
            """)
    }
}
