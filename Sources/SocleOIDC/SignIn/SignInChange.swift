// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

/// What signing in and out changes in the records.
package enum SignInChange: RecordChange, Hashable {
    /// Refused when the login or the subject is taken.
    case addAccount(Account)
    /// Refused when there is no such account.
    case setDisabled(subject: String, Bool)
    /// One's own without an end, a temporary one until then. Refused when there is no such account.
    case setPassword(subject: String, hash: String, expires: Instant?, at: Instant)
    /// With the step of the code that proved it. Refused when there is no such account, or it is disabled.
    case setSecondFactor(subject: String, sealedSeed: [UInt8], step: Int64, at: Instant)
    /// Nobody signs in until another is enrolled. Refused when there is no such account.
    case removeSecondFactor(subject: String, PendingEnrolment, at: Instant)
    /// One atomic statement: refused unless the step is later than the last accepted one and the account enabled.
    case acceptCode(subject: String, step: Int64)

    /// An interaction under way, new or as it now stands.
    case saveInteraction(Interaction)
    /// One atomic statement: refused when it is gone, so that an interaction gives one code only.
    case endInteraction(id: String)

    case startSession(Session)
    /// The same session after its factors were given again, under another cookie. Refused when it was ended.
    case renewSession(Session)
    /// Refused when it was ended.
    case chooseSituation(sessionID: String, situation: String?)
    case touchSession(id: String, at: Instant)
    /// Refused when there is none or it was ended before: one sign-out is told once.
    case endSession(id: String, at: Instant)
    /// Every session of a person but one, each told as by `endSession`. Holds afterwards, whether there was any.
    case endSessions(subject: String, except: String?, at: Instant)

    case countFailure(FailureCount)
    /// Refused when it counts something else by now.
    case reportFailures(FailureCount)
    /// Deletes at most `limit` rows, of all kinds together, that nothing needs after the instant. Refused when there is
    /// none.
    case deleteExpired(before: Instant, limit: Int)
}
