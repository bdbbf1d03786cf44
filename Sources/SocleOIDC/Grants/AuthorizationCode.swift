// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// A code as stored: the code itself is only ever in the redirect (RFC 6749 §4.1.2).
package struct AuthorizationCode: Hashable, Sendable {
    /// SHA-256 of the code, base64url.
    package var digest: String
    /// The grant that redeeming it starts, named already so that a replay finds what to revoke.
    package var grant: Grant
    /// As sent in the authorization request, to be repeated at redemption (RFC 6749 §4.1.3).
    package var redirectURI: String
    /// RFC 7636, S256; nil only for a confidential client that sent none.
    package var codeChallenge: String?
    package var nonce: String?
    package var expires: Instant
    package var redeemedAt: Instant?

    package init(
        digest: String, grant: Grant, redirectURI: String, codeChallenge: String?, nonce: String?,
        expires: Instant, redeemedAt: Instant? = nil
    ) {
        self.digest = digest
        self.grant = grant
        self.redirectURI = redirectURI
        self.codeChallenge = codeChallenge
        self.nonce = nonce
        self.expires = expires
        self.redeemedAt = redeemedAt
    }
}
