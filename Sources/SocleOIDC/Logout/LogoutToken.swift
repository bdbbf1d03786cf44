// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleJSON

/// What an application is told when a session ended (Back-Channel Logout 1.0 §2.4): a JWT of its own type, without
/// `nonce`, so that it can be taken for no ID token, nor an ID token for it.
struct LogoutToken {
    static let type = "logout+jwt"
    static let lifetime = Duration.minutes(2)

    var issuer: String
    var audience: String
    var subject: String
    var sessionID: String
    var issuedAt: Instant
    /// Random: the receiver may refuse a replay by it.
    var id: String

    var payload: [UInt8] {
        var writer = ClaimsWriter()
        writer.write("iss", issuer)
        writer.write("sub", subject)
        writer.write("aud", audience)
        writer.write("iat", issuedAt)
        writer.write("exp", issuedAt + Self.lifetime)
        writer.write("jti", id)
        writer.write("sid", sessionID)
        writer.write(["events": ["http://schemas.openid.net/event/backchannel-logout": [:]]])
        return writer.finish()
    }
}
