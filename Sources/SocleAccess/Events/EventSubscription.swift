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

/// The application that delivers notices of one subject to people: the region's messaging, a portal. Socle itself
/// sends no mail. A subject has one, so that a person is told once.
package struct Notifier: Hashable, Sendable {
    package var subject: Notice.Subject
    /// The OAuth client.
    package var client: String
    /// Where tokens are posted: an `https` URL.
    package var endpoint: String
    /// The `aud` of its tokens.
    package var audience: String

    package init(subject: Notice.Subject, client: String, endpoint: String, audience: String) {
        self.subject = subject
        self.client = client
        self.endpoint = endpoint
        self.audience = audience
    }
}

/// Changes to who is told, and to the queues of deliveries. What is delivered enters its queue with the change it
/// tells of.
package enum EventChange: RecordChange, Hashable {
    /// Replaces the subscription of that client: it is told of what changes from now on.
    case subscribe(EventSubscription)
    /// Ends it, and forgets what waits for it.
    case unsubscribe(client: String)
    /// Replaces the notifier of that subject: it is given what waits, too.
    case register(Notifier)
    /// Nobody delivers notices of that subject any more: they wait.
    case unregister(Notice.Subject)
    /// One node delivers at a time, so that a patient's events keep their order; refused while another does.
    case lease(holder: String, now: Instant, until: Instant)
    /// A node that stops lets the next one deliver at once.
    case release(holder: String)
    /// The application has it.
    case delivered(PendingPush, at: Instant)
    case postponed(PendingPush, until: Instant, why: String)
}
