// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

/// One application that is still to be told that a session ended (Back-Channel Logout 1.0 §2.5).
///
/// Queued by the store in the transaction that ends the session, whoever ends it and why: no end goes untold.
package struct LogoutNotice: Hashable, Sendable {
    package var sessionID: String
    package var clientID: String
    /// The `sub` this application knows.
    package var subject: String
    package var queuedAt: Instant
    /// How often it was tried.
    package var attempts: Int
    /// When to try next.
    package var due: Instant

    package init(
        sessionID: String, clientID: String, subject: String, queuedAt: Instant, attempts: Int = 0, due: Instant
    ) {
        self.sessionID = sessionID
        self.clientID = clientID
        self.subject = subject
        self.queuedAt = queuedAt
        self.attempts = attempts
        self.due = due
    }
}

/// Who is to be told of ended sessions.
package protocol LogoutRecords: Sendable {
    /// At most `limit` notices due by then, the longest due first; the application is nil when it was deleted.
    func due(at now: Instant, limit: Int) async throws(RecordsUnavailable) -> [(notice: LogoutNotice, client: Client?)]

    /// The enabled applications that were signed in to with that session, ended or not.
    func applications(ofSession id: String) async throws(RecordsUnavailable) -> [Client]
}

/// What delivering changes in the queue.
package enum LogoutChange: RecordChange, Hashable {
    /// One atomic statement: this node tries now, and again at `next` unless it is settled. Refused when another node
    /// took the notice, or settled it.
    case attempt(LogoutNotice, next: Instant)
    /// Takes the notice from the queue: told, or given up.
    case settle(LogoutNotice)
}
