// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// A refresh token as stored. Its family is its grant.
package struct RefreshToken: Hashable, Sendable {
    /// SHA-256 of the token, base64url.
    package var digest: String
    package var grantID: String
    package var clientID: String
    package var createdAt: Instant
    /// The end of its idle time; never after the grant's own end.
    package var expires: Instant
    /// When it was exchanged for its successor (rotation, RFC 9700 §4.14.2); a bound token is never used up.
    package var usedAt: Instant?

    package init(
        digest: String, grantID: String, clientID: String, createdAt: Instant, expires: Instant, usedAt: Instant? = nil
    ) {
        self.digest = digest
        self.grantID = grantID
        self.clientID = clientID
        self.createdAt = createdAt
        self.expires = expires
        self.usedAt = usedAt
    }
}
