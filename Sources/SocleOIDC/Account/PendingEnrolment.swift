// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
package import SocleIdentity

/// Leave to enrol a second factor at the next sign-in, given by an administrator with a code that the person is told
/// apart from their password.
package struct PendingEnrolment: Hashable, Sendable {
    /// SHA-256 of the code, base64url.
    package var digest: String
    package var expires: Instant

    package init(digest: String, expires: Instant) {
        self.digest = digest
        self.expires = expires
    }

    /// Of the code as a person types it: white space and case are the keyboard's affair.
    package static func digest(of code: String) -> String {
        let typed = code.filter { !$0.isWhitespace }.lowercased()
        return Base64URL.encode(SHA256.digest(Array("socle enrolment:\(typed)".utf8)))
    }
}
