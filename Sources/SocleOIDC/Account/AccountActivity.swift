// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// What an account is used for, read for the person it is.
package protocol AccountActivity: Sendable {
    /// The sessions that were not ended and have not expired, used or idle, the last seen first.
    func openSessions(of subject: String, at now: Instant) async throws(RecordsUnavailable) -> [Session]
    /// The grants that were not revoked and have not expired, whatever their session, the latest first.
    func openGrants(of subject: String, at now: Instant) async throws(RecordsUnavailable) -> [Grant]
}
