// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes

/// A cookie to set. `HttpOnly`, `SameSite=Lax` and `Path=/`, but for the one that a script within another site's page
/// has to read.
package struct Cookie: Hashable, Sendable {
    package var name: String
    /// base64url text: nothing to quote.
    package var value: String
    /// nil for a cookie of the browser session, zero to delete.
    package var maximumAge: Duration?
    package var secure: Bool
    /// Read by script, and sent to a frame of ours in another site's page: it must name nothing of worth.
    package var framed = false

    package init(
        _ name: String, _ value: String, maximumAge: Duration? = nil, secure: Bool, framed: Bool = false
    ) {
        self.name = name
        self.value = value
        self.maximumAge = maximumAge
        self.secure = secure
        self.framed = framed
    }

    /// The `Set-Cookie` field (RFC 6265 §4.1).
    package var field: String {
        // Browsers take `None` with `Secure` alone.
        let reach = !framed ? "HttpOnly; SameSite=Lax" : secure ? "SameSite=None" : "SameSite=Lax"
        var text = "\(name)=\(value); Path=/; \(reach)"
        if let maximumAge { text += "; Max-Age=\(maximumAge.components.seconds)" }
        if secure { text += "; Secure" }
        return text
    }
}

/// The cookies of one issuer. On HTTPS their names carry `__Host-`: no other host or subdomain can set them, and the
/// browser refuses them without `Secure`. On `http://localhost` the same names go without.
package struct CookieNames: Sendable {
    package let secure: Bool
    package let session: String
    package let browser: String
    /// What the session frame reads.
    package let state: String

    package init(secure: Bool) {
        self.secure = secure
        let prefix = secure ? "__Host-" : ""
        session = prefix + "socle_session"
        browser = prefix + "socle_browser"
        state = prefix + "socle_state"
    }
}

extension WebRequest {
    /// The value of a cookie; nil when absent, and when sent twice with two values: nothing depends on which one wins.
    package func cookie(_ name: String) -> String? {
        var found: Substring?
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                guard let separator = pair.firstIndex(of: "="), pair[..<separator] == name else { continue }
                let value = pair[pair.index(after: separator)...]
                if let found, found != value { return nil }
                found = value
            }
        }
        return found.map(String.init)
    }
}

extension WebResponse {
    package mutating func set(_ cookie: Cookie) {
        headers.append(HTTPField(name: .setCookie, value: cookie.field))
    }

    package func setting(_ cookie: Cookie) -> WebResponse {
        var response = self
        response.set(cookie)
        return response
    }
}
