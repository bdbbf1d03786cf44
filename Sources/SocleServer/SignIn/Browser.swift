// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleOIDC

/// One browser, known by a random value in a cookie of its own: what ties interactions and forms to it before and
/// after sign-in. It proves nothing about who uses it; the session cookie does.
package struct Browser: Sendable {
    /// 256 random bits, base64url.
    let value: String
    /// Whether the answer must set the cookie.
    let isNew: Bool

    /// The browser of a request; a new one when its cookie is absent or not of our making.
    init(_ request: WebRequest, cookies: CookieNames, random: SecureRandom) {
        if let known = Browser(known: request, cookies: cookies) {
            self = known
        } else {
            value = random.token()
            isNew = true
        }
    }

    /// nil when the browser does not show the cookie of a page of ours.
    init?(known request: WebRequest, cookies: CookieNames) {
        guard let value = request.cookie(cookies.browser), Base64URL.decode(value)?.count == 32 else { return nil }
        self.value = value
        isNew = false
    }

    /// As stored in an interaction.
    var digest: String { SignIn.digest(value) }

    /// The token of a form: only a page shown to this browser, for this interaction and step, holds it.
    func token(purpose: String, interaction: String?) -> String {
        let key = Array(value.utf8)
        return Base64URL.encode(HMAC.sha256(key: key, Array("form:\(purpose):\(interaction ?? "")".utf8)))
    }

    func accepts(_ token: String?, purpose: String, interaction: String?) -> Bool {
        guard let token else { return false }
        return ConstantTime.equals(token, self.token(purpose: purpose, interaction: interaction))
    }
}

extension WebRequest {
    /// Whether the browser says that the request comes from a page of this origin. A browser that says nothing is
    /// old: the form's token alone decides then.
    func isSameOrigin(_ origin: String) -> Bool {
        if let site = headers[.fetchSite], site != "same-origin" { return false }
        if let from = headers[.origin], from != origin { return false }
        return true
    }
}
