// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity

/// What stands behind a token or a code at one moment, read in one snapshot.
package struct Standing: Hashable, Sendable {
    /// The one stored; for a code, the one it would start.
    package var grant: Grant?
    package var clientDisabled: Bool
    /// The account is disabled or gone.
    package var subjectDisabled: Bool
    /// The session was ended, or is gone.
    package var sessionEnded: Bool
    /// The grant, client, account and session with the revisions they were read at.
    package var stamp: Stamp

    package init(
        grant: Grant?, clientDisabled: Bool, subjectDisabled: Bool, sessionEnded: Bool, stamp: Stamp = Stamp()
    ) {
        self.grant = grant
        self.clientDisabled = clientDisabled
        self.subjectDisabled = subjectDisabled
        self.sessionEnded = sessionEnded
        self.stamp = stamp
    }

    /// Whether a person's grant still stands: nothing it rests on has ended. With `offline_access` it does not
    /// rest on its session.
    package func stands(at now: Instant) -> Bool {
        guard let grant, !clientDisabled, !subjectDisabled else { return false }
        return grant.revokedAt == nil && now < grant.expires && (grant.offline || !sessionEnded)
    }
}

/// Codes, grants and refresh tokens, read by the endpoints: each call is one snapshot, by primary key.
package protocol GrantRecords: Sendable {
    /// The code of that digest, redeemed or not, and what its grant would rest on.
    func code(_ digest: String) async throws(RecordsUnavailable) -> (code: AuthorizationCode, standing: Standing)?

    /// The refresh token of that digest, used or not, and its grant.
    func refreshToken(_ digest: String) async throws(RecordsUnavailable) -> (token: RefreshToken, standing: Standing)?

    /// What stands behind an access token of a person.
    func standing(ofGrant id: String, client: String) async throws(RecordsUnavailable) -> Standing

    /// What stands behind an access token a client got for itself: its registration, and no revocation of that token.
    func standing(ofClientToken id: String, client: String) async throws(RecordsUnavailable) -> ClientStanding
}

/// What stands behind a token a client got for itself.
package struct ClientStanding: Hashable, Sendable {
    /// The client is registered and enabled, and the token was not revoked.
    package var stands: Bool
    package var stamp: Stamp

    package init(stands: Bool, stamp: Stamp = Stamp()) {
        self.stands = stands
        self.stamp = stamp
    }
}
