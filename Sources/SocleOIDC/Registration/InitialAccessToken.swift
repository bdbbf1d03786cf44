// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Leave to register applications, given by Sesan to an editor (RFC 7591 §1.2). The token itself is shown once.
package struct InitialAccessToken: Hashable, Sendable {
    /// SHA-256 of the token, base64url.
    package var digest: String
    /// To whom it was given: for the journal and the list.
    package var label: String
    package var expires: Instant
    /// How many applications it may still register.
    package var uses: Int64

    package init(digest: String, label: String, expires: Instant, uses: Int64) {
        self.digest = digest
        self.label = label
        self.expires = expires
        self.uses = uses
    }
}

/// The tokens given, read. Written by `OAuthChange`.
package protocol InitialAccessTokenRecords: Sendable {
    /// Used up and expired ones too.
    func initialAccessToken(_ digest: String) async throws(RecordsUnavailable) -> InitialAccessToken?
}
