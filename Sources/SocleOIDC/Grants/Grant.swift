// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// What a person allowed a client in one sign-in: every token issued from it names it and dies with it.
///
/// A client acting for itself has no stored grant: the client's registration is its grant, and a grant row appears
/// only when one of its tokens is revoked (`OAuthChange.revokeClientToken`). So a token without a row is live only
/// when its client is its subject.
package struct Grant: Hashable, Sendable {
    /// Random; the `socle_grant` claim of access tokens.
    package var id: String
    package var clientID: String
    /// The account's own `sub`, whatever tokens say.
    package var subject: String
    /// The `sid` of the tokens.
    package var sessionID: String
    package var scopes: [String]
    /// Granted `offline_access`: the grant outlives its session (OpenID Connect Core §11).
    package var offline: Bool
    package var authenticatedAt: Instant
    package var acr: String
    package var methods: [String]
    package var situation: String?
    package var terms: GrantTerms
    package var createdAt: Instant
    package var expires: Instant
    package var revokedAt: Instant?

    package init(
        id: String, clientID: String, subject: String, sessionID: String, scopes: [String], authenticatedAt: Instant,
        acr: String, methods: [String], situation: String?, terms: GrantTerms = GrantTerms(), createdAt: Instant,
        expires: Instant, revokedAt: Instant? = nil
    ) {
        self.id = id
        self.clientID = clientID
        self.subject = subject
        self.sessionID = sessionID
        self.scopes = scopes
        self.offline = scopes.contains(Scope.offlineAccess)
        self.authenticatedAt = authenticatedAt
        self.acr = acr
        self.methods = methods
        self.situation = situation
        self.terms = terms
        self.createdAt = createdAt
        self.expires = expires
        self.revokedAt = revokedAt
    }

    /// The `sub` that tokens name: the account's own, or the client's pairwise one.
    package var issuedSubject: String { terms.pairwiseSubject ?? subject }
}
