// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// A notice with what became of it: what an operator and the patient read.
package struct FollowedNotice: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Not tried yet, or nobody is registered to deliver it.
        case pending
        /// Tried, and tried again until it is delivered: a notice is never given up.
        case failing
        case delivered
    }

    package var notice: Notice
    /// The name of the professional or the place that it is about, where the records have one.
    package var who: String?
    /// The application that delivers notices of this subject now.
    package var notifier: String?
    /// Deliveries that failed.
    package var attempts: Int
    /// Why the last one did.
    package var failure: String?
    package var deliveredAt: Instant?
    /// The application that took it.
    package var deliveredTo: String?

    package init(
        notice: Notice, who: String?, notifier: String?, attempts: Int, failure: String?, deliveredAt: Instant?,
        deliveredTo: String?
    ) {
        self.notice = notice
        self.who = who
        self.notifier = notifier
        self.attempts = attempts
        self.failure = failure
        self.deliveredAt = deliveredAt
        self.deliveredTo = deliveredTo
    }

    package var state: State {
        if deliveredAt != nil { return .delivered }
        return attempts > 0 ? .failing : .pending
    }

    package var text: NoticeText { NoticeText(notice, who: who) }
}
