// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// How long each thing of a sign-in lasts. Reasons: docs/operations.md.
package struct SignInLimits: Hashable, Sendable {
    /// A session nobody used for that long has ended: a ward PC is left open.
    package var idle: Duration
    /// A session ends after a working day whatever its use.
    package var absolute: Duration
    /// An interaction is given up after that long.
    package var interaction: Duration
    /// A right password must be followed by the second factor within that time.
    package var passwordToCode: Duration
    /// A password or a second factor to be replaced must be within that time of those given.
    package var newCredentials: Duration

    package init(
        idle: Duration = .minutes(30), absolute: Duration = .hours(10), interaction: Duration = .minutes(30),
        passwordToCode: Duration = .minutes(5), newCredentials: Duration = .minutes(15)
    ) {
        self.idle = idle
        self.absolute = absolute
        self.interaction = interaction
        self.passwordToCode = passwordToCode
        self.newCredentials = newCredentials
    }
}

extension Session {
    /// Whether the session still counts: not ended, used lately, and within its absolute limit.
    package func isLive(at now: Instant, limits: SignInLimits) -> Bool {
        endedAt == nil && now < expires && now < lastSeen + limits.idle
    }
}
