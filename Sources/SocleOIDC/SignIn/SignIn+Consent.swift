// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
import SocleJSON

extension SignIn {
    /// Remembers that the person agrees to what the application asks.
    package func agree(
        to request: AuthorizationRequest, account: Account, now: Instant
    ) async throws(RecordsUnavailable) {
        let consent = ApplicationConsent(
            subject: account.subject, clientID: request.clientID, scopes: Set(request.scopes),
            claims: request.claims.names, givenAt: now)
        try await record(
            .giveConsent(consent), "application_consent_given", request, account, now: now)
    }

    /// Tells the journal that the person does not; what was agreed before stays as it is.
    package func decline(
        _ request: AuthorizationRequest, account: Account, now: Instant
    ) async throws(RecordsUnavailable) {
        try await record(nil, "application_consent_refused", request, account, now: now)
    }

    private func record(
        _ change: OAuthChange?, _ event: String, _ request: AuthorizationRequest, _ account: Account, now: Instant
    ) async throws(RecordsUnavailable) {
        let outcome = try await commit(
            Submission(
                changes: change.map { [$0] } ?? [],
                entry: EntryDraft(
                    kind: .token, instant: now, actor: account.subject,
                    details: [
                        "event": .string(event), "client": .string(request.clientID),
                        "scope": .string(request.scopes.joined(separator: " ")),
                        "claims": JSONValue(request.claims.names.sorted()),
                    ])))
        guard case .committed = outcome else { throw RecordsUnavailable(detail: "the consent was not stored") }
    }
}
