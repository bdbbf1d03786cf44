// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
import SocleJSON

extension OwnAccount {
    /// The sessions that count now, the last seen first.
    package func sessions(of account: Account, now: Instant) async throws(RecordsUnavailable) -> [Session] {
        try await activity.openSessions(of: account.subject, at: now)
            .filter { $0.isLive(at: now, limits: signIn.limits) }
    }

    /// Ends one of the person's sessions from another, as signing out there would.
    /// - Returns: false for a session that is over, that never was, or that is somebody else's: all the same here.
    package func end(
        session id: String, of account: Account, now: Instant
    ) async throws(RecordsUnavailable) -> Bool {
        guard let session = try await sessions(of: account, now: now).first(where: { $0.id == id }) else {
            return false
        }
        return try await signIn.signOut(session, reason: "person_elsewhere", now: now)
    }

    /// Ends every session of the person but this one, the idle ones too.
    package func endOthers(
        than current: Session, of account: Account, now: Instant
    ) async throws(RecordsUnavailable) {
        let others = try await activity.openSessions(of: account.subject, at: now).filter { $0.id != current.id }
        guard !others.isEmpty else { return }
        let outcome = try await signIn.commit(
            Submission(
                changes: [SignInChange.endSessions(subject: account.subject, except: current.id, at: now)],
                entry: EntryDraft(
                    kind: .signOut, instant: now, actor: account.subject,
                    details: [
                        "event": "signed_out", "reason": "person_elsewhere", "kept": .string(current.id),
                        "sessions": JSONValue(others.map(\.id)),
                    ])))
        guard case .committed = outcome else { throw RecordsUnavailable(detail: "the sessions were not ended") }
    }
}
