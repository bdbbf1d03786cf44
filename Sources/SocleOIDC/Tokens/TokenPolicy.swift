// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// How long what is issued lives. One value tree, given at start.
package struct TokenPolicy: Hashable, Sendable {
    /// DESIGN section 5: five minutes, for those who check a token alone.
    package var accessToken: Duration = .minutes(5)
    package var idToken: Duration = .minutes(10)
    /// RFC 6749 §4.1.2 allows ten minutes; a browser needs seconds.
    package var authorizationCode: Duration = .seconds(60)
    /// A refresh token unused for that long is dead.
    package var refreshIdle: Duration = .days(14)
    /// The end of a grant with `offline_access`, however busy; any other ends with its session.
    package var offlineGrant: Duration = .days(90)

    package init() {}
}
