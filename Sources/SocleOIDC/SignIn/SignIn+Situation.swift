// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
import SocleJSON

extension SignIn {
    /// The situation in which the person works from now on, kept in the session and put in the tokens to come.
    /// - Returns: nil when it is recorded.
    package func choose(
        situation id: String, session: Session, account: Account, now: Instant
    ) async throws(RecordsUnavailable) -> Refusal? {
        let offered = try await situations.situations(of: account, at: now)
        guard offered.contains(where: { $0.id == id }) else { return .unknownSituation }
        let outcome = try await commit(
            Submission(
                changes: [SignInChange.chooseSituation(sessionID: session.id, situation: id)],
                entry: EntryDraft(
                    kind: .signIn, instant: now, actor: account.subject,
                    details: [
                        "event": "situation_chosen", "session": .string(session.id), "situation": .string(id),
                    ])))
        if case .committed = outcome { return nil }
        return .outOfStep
    }

    package func situations(
        of account: Account, now: Instant
    ) async throws(RecordsUnavailable) -> [ExerciseSituation] {
        try await situations.situations(of: account, at: now)
    }
}
