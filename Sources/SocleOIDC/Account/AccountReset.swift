// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
import SocleJSON

/// What an administrator does for somebody who lost a factor: it is replaced at the next sign-in, and nobody stays
/// signed in with the one before.
package struct AccountReset: Sendable {
    package var changes: [any RecordChange]
    package var entry: EntryDraft

    /// A temporary password in place of the present one.
    /// - Parameters:
    ///   - hash: of the temporary password.
    ///   - actor: for the journal.
    package init(passwordOf account: Account, hash: String, until expires: Instant, actor: String, now: Instant) {
        self.init(
            of: account,
            change: .setPassword(subject: account.subject, hash: hash, expires: expires, at: now),
            event: "password_reset", until: expires, actor: actor, now: now)
    }

    /// No second factor, until another is enrolled at a sign-in with the password and a code.
    /// - Parameter code: told to the person apart from their password.
    package init(secondFactorOf account: Account, code: String, until expires: Instant, actor: String, now: Instant) {
        let enrolment = PendingEnrolment(digest: PendingEnrolment.digest(of: code), expires: expires)
        self.init(
            of: account, change: .removeSecondFactor(subject: account.subject, enrolment, at: now),
            event: "second_factor_reset", until: expires, actor: actor, now: now)
    }

    private init(
        of account: Account, change: SignInChange, event: String, until expires: Instant, actor: String, now: Instant
    ) {
        changes = [
            change, SignInChange.endSessions(subject: account.subject, except: nil, at: now),
            OAuthChange.revokeGrants(subject: account.subject, exceptSession: nil, at: now),
        ]
        entry = EntryDraft(
            kind: .administration, instant: now, actor: actor,
            details: [
                "event": .string(event), "account": .string(account.subject),
                "expires": .string(expires.description),
            ])
    }
}
