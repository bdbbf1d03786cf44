// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// A signed-in browser. Created only when every factor has been given: there is no half session.
package struct Session: Hashable, Sendable {
    /// The `sid` of tokens: random, public within tokens; not the cookie.
    package var id: String
    /// SHA-256 of the cookie's 256-bit value, base64url. Replaced at each step up.
    package var cookieDigest: String
    package var subject: String
    package var startedAt: Instant
    /// nil when the browser did not say.
    package var device: Device?
    /// When the person last gave their factors (`auth_time`).
    package var authenticatedAt: Instant
    /// RFC 8176 values, for instance `pwd`, `otp`, `mfa`.
    package var methods: [String]
    /// `eidas1` for password and TOTP.
    package var acr: String
    /// The exercise situation chosen: the structure's identifier, nil when none was (or needed to be) chosen.
    package var situation: String?
    package var lastSeen: Instant
    /// The absolute limit.
    package var expires: Instant
    package var endedAt: Instant?
    package var revision: Int64

    package init(
        id: String, cookieDigest: String, subject: String, authenticatedAt: Instant, methods: [String], acr: String,
        situation: String? = nil, lastSeen: Instant, expires: Instant, endedAt: Instant? = nil, revision: Int64 = 0,
        startedAt: Instant? = nil, device: Device? = nil
    ) {
        self.id = id
        self.cookieDigest = cookieDigest
        self.subject = subject
        self.startedAt = startedAt ?? authenticatedAt
        self.device = device
        self.authenticatedAt = authenticatedAt
        self.methods = methods
        self.acr = acr
        self.situation = situation
        self.lastSeen = lastSeen
        self.expires = expires
        self.endedAt = endedAt
        self.revision = revision
    }
}
