// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleConsent
package import SocleIdentity

/// An application that is told of changes, by HTTP push (RFC 8935).
package struct EventSubscription: Hashable, Sendable {
    /// The OAuth client.
    package var client: String
    /// Where tokens are posted: an `https` URL.
    package var endpoint: String
    /// The `aud` of its tokens.
    package var audience: String
    package var kinds: Set<ChangeEvent.Kind>

    package init(client: String, endpoint: String, audience: String, kinds: Set<ChangeEvent.Kind>) {
        self.client = client
        self.endpoint = endpoint
        self.audience = audience
        self.kinds = kinds
    }
}

/// An event one application has not acknowledged yet.
package struct PendingEvent: Hashable, Sendable {
    package var client: String
    package var event: ChangeEvent
    package var queuedAt: Instant
    /// Deliveries that failed.
    package var attempts: Int

    package init(client: String, event: ChangeEvent, queuedAt: Instant, attempts: Int) {
        self.client = client
        self.event = event
        self.queuedAt = queuedAt
        self.attempts = attempts
    }
}

/// Changes to subscriptions and to the queue of deliveries. Events enter the queue with the change they tell of.
package enum EventChange: RecordChange, Hashable {
    /// Replaces the subscription of that client: it is told of what changes from now on.
    case subscribe(EventSubscription)
    /// Ends it, and forgets what waits for it.
    case unsubscribe(client: String)
    /// One node delivers at a time, so that a patient's events keep their order; refused while another does.
    case lease(holder: String, now: Instant, until: Instant)
    /// The application has it.
    case delivered(PendingEvent)
    case postponed(PendingEvent, until: Instant)
}

package protocol EventRecords: Sendable {
    func subscriptions() async throws(RecordsUnavailable) -> [EventSubscription]
    /// The oldest event of each patient that is due, for one application.
    func due(for client: String, at now: Instant, limit: Int) async throws(RecordsUnavailable)
        -> [PendingEvent]
}
