// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// What the token endpoint answers (RFC 6749 §5.1).
package struct TokenResponse: Sendable {
    package var accessToken: String
    package var lifetime: Duration
    package var scopes: [String]
    package var refreshToken: String?
    package var idToken: String?

    package var json: [UInt8] {
        var writer = ClaimsWriter(reservingCapacity: 2048)
        writer.write("access_token", accessToken)
        writer.write("token_type", "Bearer")
        writer.write("expires_in", lifetime.milliseconds / 1000)
        writer.write("scope", scopes.joined(separator: " "))
        writer.write("refresh_token", refreshToken)
        writer.write("id_token", idToken)
        return writer.finish()
    }
}
