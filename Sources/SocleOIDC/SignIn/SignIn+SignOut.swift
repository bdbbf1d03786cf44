// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
import SocleJSON

extension SignIn {
    /// Ends a session, and with it at once every grant that rests on it.
    /// - Parameter reason: for the journal: `person`, `person_elsewhere`, `client`, `replaced`.
    /// - Returns: false when it was ended before.
    package func signOut(
        _ session: Session, reason: String, client: String? = nil, now: Instant
    ) async throws(RecordsUnavailable) -> Bool {
        var details: JSONObject = [
            "event": "signed_out", "session": .string(session.id), "reason": .string(reason),
        ]
        if let client { details["client"] = .string(client) }
        let outcome = try await commit(
            Submission(
                changes: [SignInChange.endSession(id: session.id, at: now)],
                entry: EntryDraft(kind: .signOut, instant: now, actor: session.subject, details: details)))
        if case .committed = outcome { return true }
        return false
    }

    /// The `sub` by which that application knows an account: a hint names people by it.
    package func issuedSubject(
        of account: String, to client: String
    ) async throws(RecordsUnavailable) -> String {
        try await applications.issuedSubject(of: account, to: client)
    }

    package func session(id: String) async throws(RecordsUnavailable) -> Session? {
        try await sessions.session(id: id)
    }
}
