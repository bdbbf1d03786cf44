// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
import SocleJSON

/// What a grant comes to: tokens to sign, records to write and the entry that tells of them. Nothing of it is
/// answered before the submission is durable.
package struct TokenGrant: Sendable {
    package var accessToken: AccessTokenClaims
    package var idToken: IDTokenClaims?
    /// In clear, for the answer alone; the submission stores its digest.
    package var refreshToken: String?
    package var submission: Submission
    /// What ends if the lane finds the code or refresh token used meanwhile: that is a replay.
    package var replayed: Replay?

    package init(
        accessToken: AccessTokenClaims, idToken: IDTokenClaims? = nil, refreshToken: String? = nil,
        submission: Submission, replayed: Replay? = nil
    ) {
        self.accessToken = accessToken
        self.idToken = idToken
        self.refreshToken = refreshToken
        self.submission = submission
        self.replayed = replayed
    }
}

/// A single-use value came back: whoever holds what its first use issued may not be who should
/// (RFC 6749 §4.1.2 and §10.5; RFC 9700 §4.14.2).
package struct Replay: Hashable, Sendable {
    package enum Use: String, Sendable {
        case authorizationCode = "authorization_code"
        case refreshToken = "refresh_token"
    }
    package var use: Use
    package var grantID: String
    package var clientID: String

    package init(_ use: Use, grantID: String, clientID: String) {
        self.use = use
        self.grantID = grantID
        self.clientID = clientID
    }

    package func submission(at now: Instant) -> Submission {
        Submission(
            changes: [OAuthChange.revokeGrant(id: grantID, at: now)],
            entry: EntryDraft(
                kind: .token, instant: now, actor: clientID,
                details: [
                    "event": "replay_refused", "use": .string(use.rawValue), "client": .string(clientID),
                    "grant": .string(grantID), "outcome": "grant_revoked",
                ]))
    }
}

/// Why a grant gives nothing.
package enum GrantRefusal: Error, Hashable, Sendable {
    case refused(ProtocolError)
    case replayed(Replay)
}
