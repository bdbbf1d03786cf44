// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto

/// By what an application's page learns that the person at the browser is no longer who signed in
/// (Session Management 1.0 §3): a digest that the provider's frame can compute again and nobody else can read from.
package enum SessionState {
    /// The value of the cookie that the frame reads: it names the session without giving it.
    package static func browserState(of session: Session) -> String {
        Base64URL.encode(SHA256.digest(Array("browser state \(session.id)".utf8)))
    }

    /// The `session_state` of an authorization response (§2).
    /// - Parameters:
    ///   - origin: of the redirect URI, as browsers send it.
    ///   - salt: random, without a dot.
    static func value(client: String, origin: String, browserState: String, salt: String) -> String {
        let text = "\(client) \(origin) \(browserState) \(salt)"
        return Base64URL.encode(SHA256.digest(Array(text.utf8))) + "." + salt
    }
}
