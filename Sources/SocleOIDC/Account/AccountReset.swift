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
        changes = [
            SignInChange.setPassword(subject: account.subject, hash: hash, expires: expires, at: now),
            SignInChange.endSessions(subject: account.subject, except: nil, at: now),
            OAuthChange.revokeGrants(subject: account.subject, exceptSession: nil, at: now),
        ]
        entry = EntryDraft(
            kind: .administration, instant: now, actor: actor,
            details: [
                "event": "password_reset", "account": .string(account.subject),
                "expires": .string(expires.description),
            ])
    }
}
