// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
package import SocleIdentity
import SocleJSON

extension OwnAccount {
    /// Within what time of both factors a second factor may be replaced.
    package static let recent = Duration.minutes(5)

    /// Whether the person gave both factors lately: somebody at a screen left open did not.
    package func isRecent(_ session: Session, now: Instant) -> Bool {
        now < session.authenticatedAt + Self.recent
    }

    /// A new seed for the page, or the one that page showed already.
    package func offer(
        _ sealed: String?, to account: Account, in session: Session, now: Instant
    ) -> (offer: SecondFactorOffer, sealed: String) {
        signIn.offer(sealed, to: account, place: session.id, now: now)
    }

    /// Another authenticator application in place of the present one, by who has both: a professional's second factor
    /// is replaced, never removed. Every other session ends, as after a change of password.
    /// - Returns: nil when it is done.
    package func replaceSecondFactor(
        of account: Account, in session: Session, sealed: String, present: String, code: String, address: String,
        now: Instant
    ) async throws(RecordsUnavailable) -> SignIn.Refusal? {
        guard isRecent(session, now: now),
            let offer = SecondFactorOffer(
                sealed: sealed, subject: account.subject, place: session.id, vault: signIn.vault, now: now)
        else { return .outOfStep }
        guard let step = offer.step(of: code, now: now) else { return .wrongNewCode }
        defer { signIn.throttle.end(account: account.subject, address: address) }
        if let wait = try await signIn.throttle.begin(account: account.subject, address: address, at: now) {
            return .wait(wait)
        }
        guard let proven = signIn.acceptedStep(present, account: account, now: now) else {
            try await signIn.throttle.failed(account: account.subject, address: address, at: now)
            return .wrongCode
        }
        let others = try await activity.openSessions(of: account.subject, at: now).filter { $0.id != session.id }
        let outcome = try await signIn.commit(
            Submission(
                changes: [
                    SignInChange.acceptCode(subject: account.subject, step: proven),
                    signIn.enrolment(of: offer, account: account, step: step, now: now),
                    SignInChange.endSessions(subject: account.subject, except: session.id, at: now),
                    OAuthChange.revokeGrants(subject: account.subject, exceptSession: session.id, at: now),
                ],
                entry: EntryDraft(
                    kind: .signIn, instant: now, actor: account.subject,
                    details: [
                        "event": "second_factor_replaced", "session": .string(session.id),
                        "address": .string(address), "ended": JSONValue(others.map(\.id)),
                    ]),
                stamp: Stamp([
                    RecordKey(.account, account.subject): account.revision,
                    RecordKey(.session, session.id): session.revision,
                ])))
        switch outcome {
        case .committed: return nil
        case .refused(changeIndex: 0): return .wrongCode
        case .refused, .conflict: return .outOfStep
        }
    }
}
