// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// What a person agreed that an application may be told (OpenID Connect Core §3.1.2.4). Not a patient's consent, which
/// is `SocleConsent`'s: this one opens no record of care.
package struct ApplicationConsent: Hashable, Sendable {
    /// The account's own.
    package var subject: String
    package var clientID: String
    package var scopes: Set<String>
    /// The claims asked for one by one.
    package var claims: Set<String>
    package var givenAt: Instant

    package init(subject: String, clientID: String, scopes: Set<String>, claims: Set<String>, givenAt: Instant) {
        self.subject = subject
        self.clientID = clientID
        self.scopes = scopes
        self.claims = claims
        self.givenAt = givenAt
    }

    /// Whether nothing is asked that was not agreed to.
    package func covers(_ request: AuthorizationRequest) -> Bool {
        scopes.isSuperset(of: request.scopes) && claims.isSuperset(of: request.claims.names)
    }
}

/// The consents given, read. Written by `OAuthChange`.
package protocol ApplicationConsentRecords: Sendable {
    func consent(of subject: String, to client: String) async throws(RecordsUnavailable) -> ApplicationConsent?
    /// All of a person's, by client.
    func consents(of subject: String) async throws(RecordsUnavailable) -> [ApplicationConsent]
}

/// How an application stands towards the person who signs in to it.
package struct ApplicationStanding: Hashable, Sendable {
    /// nil when the client is gone.
    package var client: Client?
    /// The `sub` it knows the person by.
    package var issuedSubject: String
    /// The person must be asked before anything is told.
    package var isConsentDue: Bool
}

/// Where that comes from.
package struct Applications: Sendable {
    let clients: any ClientRecords
    let consents: any ApplicationConsentRecords
    let subjects: PairwiseSubjects

    package init(
        clients: any ClientRecords, consents: any ApplicationConsentRecords, subjects: PairwiseSubjects
    ) {
        self.clients = clients
        self.consents = consents
        self.subjects = subjects
    }

    /// The `sub` by which an application knows an account: the account's own for one with public subjects.
    package func issuedSubject(
        of account: String, to client: String
    ) async throws(RecordsUnavailable) -> String {
        guard let client = try await clients.client(client) else { return account }
        return subjects.subject(of: account, for: client) ?? account
    }

    /// - Parameter since: when the request began: `prompt=consent` is met by a consent given after that.
    package func standing(
        _ request: AuthorizationRequest, subject: String, since: Instant
    ) async throws(RecordsUnavailable) -> ApplicationStanding {
        guard let client = try await clients.client(request.clientID) else {
            return ApplicationStanding(client: nil, issuedSubject: subject, isConsentDue: false)
        }
        var standing = ApplicationStanding(
            client: client, issuedSubject: subjects.subject(of: subject, for: client) ?? subject, isConsentDue: false)
        // The region's own applications are part of the service people signed up for: Sesan answers for them.
        guard client.metadata.isThirdParty else { return standing }
        guard let given = try await consents.consent(of: subject, to: client.id), given.covers(request) else {
            standing.isConsentDue = true
            return standing
        }
        standing.isConsentDue = request.prompts.contains(.consent) && given.givenAt < since
        return standing
    }
}
