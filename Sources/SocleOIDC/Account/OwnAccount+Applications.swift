// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
import SocleJSON

extension OwnAccount {
    /// The applications that may know the person now, the region's own first, then by name.
    package func applications(of account: Account, now: Instant) async throws(RecordsUnavailable) -> [KnownApplication]
    {
        let open = Set(try await activity.openSessions(of: account.subject, at: now).map(\.id))
        var known = KnownApplication.all(
            consents: try await signIn.applications.consents.consents(of: account.subject),
            grants: try await activity.openGrants(of: account.subject, at: now), openSessions: open)
        for index in known.indices {
            known[index].client = try await signIn.applications.clients.client(known[index].clientID)
        }
        return known.sorted { a, b in
            guard a.isThirdParty == b.isThirdParty else { return b.isThirdParty }
            return (a.client?.name ?? a.clientID, a.clientID) < (b.client?.name ?? b.clientID, b.clientID)
        }
    }

    /// Forgets what the person agreed to with an application, and ends at once all it holds of theirs: grants, their
    /// access and refresh tokens, and codes not redeemed yet.
    /// - Returns: false when there is nothing to end, or nothing that is the person's to end.
    package func withdraw(
        from clientID: String, account: Account, now: Instant
    ) async throws(RecordsUnavailable) -> Bool {
        let known = try await applications(of: account, now: now).first { $0.clientID == clientID }
        guard let known, known.canBeEnded else { return false }
        let outcome = try await signIn.commit(
            Submission(
                changes: [OAuthChange.withdrawConsent(subject: account.subject, clientID: clientID, at: now)],
                entry: EntryDraft(
                    kind: .token, instant: now, actor: account.subject,
                    details: [
                        "event": "application_consent_withdrawn", "client": .string(clientID),
                        "grants": JSONValue(known.grants.map(\.id)),
                    ])))
        if case .committed = outcome { return true }
        return false
    }
}
