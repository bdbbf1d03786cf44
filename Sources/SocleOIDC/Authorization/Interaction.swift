// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// An authorization request under way in one browser: what has been established so far.
/// Steps record here and return to the dispatcher, which alone decides what comes next.
package struct Interaction: Hashable, Sendable {
    /// Random; in the pages' URL.
    package var id: String
    /// SHA-256 (base64url) of the value of the browser's binding cookie: another browser cannot take it over.
    package var browserDigest: String
    package var request: AuthorizationRequest
    package var createdAt: Instant
    package var expires: Instant
    /// Who gave a right password in this interaction and when; the second factor is still due.
    package var passwordGivenBy: String?
    package var passwordGivenAt: Instant?
    /// When the second factor was given too, where a password is still to be chosen before a session starts.
    package var codeGivenAt: Instant?
    /// The session that this interaction created or took up, once every factor is in.
    package var sessionID: String?
    /// Whether the person authenticated in this very interaction (for `prompt=login` and `max_age`).
    package var authenticatedHere: Bool

    package init(
        id: String, browserDigest: String, request: AuthorizationRequest, createdAt: Instant, expires: Instant,
        passwordGivenBy: String? = nil, passwordGivenAt: Instant? = nil, codeGivenAt: Instant? = nil,
        sessionID: String? = nil, authenticatedHere: Bool = false
    ) {
        self.id = id
        self.browserDigest = browserDigest
        self.request = request
        self.createdAt = createdAt
        self.expires = expires
        self.passwordGivenBy = passwordGivenBy
        self.passwordGivenAt = passwordGivenAt
        self.codeGivenAt = codeGivenAt
        self.sessionID = sessionID
        self.authenticatedHere = authenticatedHere
    }

    /// What was given is no longer needed, or is somebody else's.
    mutating func forgetFactors() {
        passwordGivenBy = nil
        passwordGivenAt = nil
        codeGivenAt = nil
    }
}

/// Where the browser goes next, decided from the stored interaction and session alone.
package enum NextStep: Hashable, Sendable {
    case signIn(loginHint: String?)
    case secondFactor
    /// An administrator took the second factor away: another is enrolled with the code they gave.
    case enrolSecondFactor
    /// The password given is a temporary one: both factors are in, and no session is there yet.
    case choosePassword
    case chooseSituation([ExerciseSituation])
    /// The application is not one of the region's own: may it be told what it asks for?
    case askConsent
    /// Every condition holds: the authorization use case issues a code for this session.
    case issueCode(sessionID: String)
    case redirect(AuthorizationResponse)
}
