// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleConsent
package import SocleIdentity

/// Where tokens are pushed: one queue of one application.
package struct PushDestination: Hashable, Sendable {
    package enum Queue: String, Sendable { case events, notices }

    package var queue: Queue
    /// The OAuth client.
    package var client: String
    package var endpoint: String
    /// The `aud` of its tokens.
    package var audience: String

    package init(_ queue: Queue, client: String, endpoint: String, audience: String) {
        self.queue = queue
        self.client = client
        self.endpoint = endpoint
        self.audience = audience
    }
}

/// What one application has not acknowledged yet.
package struct PendingPush: Hashable, Sendable {
    package enum Message: Hashable, Sendable {
        case event(ChangeEvent)
        /// With the name of whom it is about, where the records have one.
        case notice(Notice, who: String?)

        package var patient: PatientIdentifier {
            switch self {
            case .event(let event): event.patient
            case .notice(let notice, _): notice.patient
            }
        }
    }

    package var client: String
    package var message: Message
    package var queuedAt: Instant
    /// Deliveries that failed.
    package var attempts: Int

    package init(client: String, message: Message, queuedAt: Instant, attempts: Int) {
        self.client = client
        self.message = message
        self.queuedAt = queuedAt
        self.attempts = attempts
    }
}

package protocol EventRecords: Sendable {
    /// Every queue that an application is registered for.
    func destinations() async throws(RecordsUnavailable) -> [PushDestination]
    /// The oldest of each patient that is due, for one destination.
    func due(for destination: PushDestination, at now: Instant, limit: Int) async throws(RecordsUnavailable)
        -> [PendingPush]
}
