// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
import SocleJSON

extension OwnAccount {
    /// Another password, by who gives the present one. Every other session ends, and with it all that applications
    /// hold of the person but what rests on this session: who knew the old password keeps nothing.
    /// - Returns: nil when it is done.
    package func changePassword(
        of account: Account, in session: Session, current: String, new: String, repeated: String, address: String,
        now: Instant
    ) async throws(RecordsUnavailable) -> SignIn.Refusal? {
        if let fault = PasswordRules.fault(new, repeated: repeated, login: account.login, current: current) {
            return .password(fault)
        }
        defer { signIn.throttle.end(account: account.subject, address: address) }
        if let wait = try await signIn.throttle.begin(account: account.subject, address: address, at: now) {
            return .wait(wait)
        }
        guard let right = await signIn.passwords.verify(current, account.passwordHash) else { return .busy }
        guard right else {
            try await signIn.throttle.failed(account: account.subject, address: address, at: now)
            return .wrongPassword
        }
        guard let hash = await signIn.passwords.hash(new) else { return .busy }
        let others = try await activity.openSessions(of: account.subject, at: now).filter { $0.id != session.id }
        let outcome = try await signIn.commit(
            Submission(
                changes: [
                    SignInChange.setPassword(subject: account.subject, hash: hash, expires: nil, at: now),
                    SignInChange.endSessions(subject: account.subject, except: session.id, at: now),
                    OAuthChange.revokeGrants(subject: account.subject, exceptSession: session.id, at: now),
                ],
                entry: EntryDraft(
                    kind: .signIn, instant: now, actor: account.subject,
                    details: [
                        "event": "password_changed", "session": .string(session.id), "address": .string(address),
                        "ended": JSONValue(others.map(\.id)),
                    ]),
                // A session ended, or an account reset meanwhile, changes nothing any more.
                stamp: Stamp([
                    RecordKey(.account, account.subject): account.revision,
                    RecordKey(.session, session.id): session.revision,
                ])))
        if case .committed = outcome { return nil }
        return .outOfStep
    }
}
