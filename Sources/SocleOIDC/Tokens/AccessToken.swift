// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit

/// An access token that was verified and whose grant stood when it was read.
package struct AccessToken: Hashable, Sendable {
    package var claims: AccessTokenClaims
    /// The grant, client, account and session it rests on, with their revisions: merged into the stamp of an answer,
    /// so that a revocation acknowledged before the answer's journal entry undoes the answer.
    package var stamp: Stamp
    /// The account behind a person's token, where the token names it by another `sub`.
    private let account: String?
    package var terms: GrantTerms

    /// - Parameter grant: the one behind a person's token.
    package init(claims: AccessTokenClaims, stamp: Stamp, grant: Grant? = nil) {
        self.claims = claims
        self.stamp = stamp
        account = grant?.terms.pairwiseSubject == nil ? nil : grant?.subject
        terms = grant?.terms ?? GrantTerms()
    }

    /// The account of a person's token, whatever `sub` it names; the client when it acts for itself.
    package var subject: String { account ?? claims.subject }
    package var clientID: String { claims.clientID }
    package var scopes: [String] { claims.scopes }
    package func has(_ scope: String) -> Bool { claims.scopes.contains(scope) }
    /// Whether a person stands behind it; otherwise the client acts for itself.
    package var isUserToken: Bool { claims.person != nil }
    package var sessionID: String? { claims.person?.sessionID }
    package var situation: String? { claims.person?.situation }
    package var acr: String? { claims.person?.acr }
    package var methods: [String] { claims.person?.methods ?? [] }
}
