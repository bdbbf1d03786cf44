// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

/// Every change to the records of this protocol. The store says how each is written.
package enum OAuthChange: RecordChange {
    /// Refused when the identifier is taken.
    case createClient(Client)
    /// Refused when there is none.
    case disableClient(id: String)
    /// The whole registration, save whether it is disabled. Refused when there is none.
    case replaceClient(Client)
    /// Refused when there is none.
    case removeClient(id: String)
    case addInitialAccessToken(InitialAccessToken)
    /// One atomic statement. Refused unless the token is there, not used up and unexpired at the instant.
    case useInitialAccessToken(digest: String, at: Instant)
    /// Refused when that client used an assertion of that `jti` before (RFC 7523 §3).
    case useAssertion(clientID: String, digest: String, expires: Instant)

    case storeCode(AuthorizationCode)
    /// One atomic statement. Refused unless the code is there, unredeemed and unexpired at the instant.
    case redeemCode(digest: String, at: Instant)
    case startGrant(Grant)
    /// Ends the grant and with it every token of it. Done already or never started: still holds afterwards.
    case revokeGrant(id: String, at: Instant)
    /// Ends every grant of a person but those of that session, offline ones too, and codes not redeemed yet. Holds
    /// afterwards, whether there was any.
    case revokeGrants(subject: String, exceptSession: String?, at: Instant)
    /// Ends one token a client got for itself, until it would have expired anyway.
    case revokeClientToken(grantID: String, clientID: String, at: Instant, expires: Instant)

    /// In place of what the person agreed to before with that client.
    case giveConsent(ApplicationConsent)
    /// Ends every grant of that person to that client too, and codes not redeemed yet. Refused when there is neither consent nor grant.
    case withdrawConsent(subject: String, clientID: String, at: Instant)

    case storeRefreshToken(RefreshToken)
    /// One atomic statement. Refused unless the token is there, unused and unexpired at the instant.
    case useUpRefreshToken(digest: String, at: Instant)
    /// One atomic statement: a bound token lives on. Refused unless it is there, unused and unexpired at the instant.
    case keepRefreshToken(digest: String, at: Instant, until: Instant)

    /// Deletes at most `limit` rows, of all kinds together, that expired before the instant.
    case deleteExpired(before: Instant, limit: Int)
}
