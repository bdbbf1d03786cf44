// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The scopes Socle knows. A client may be granted only those it is registered for.
package enum Scope {
    package static let openID = "openid"
    package static let profile = "profile"
    package static let email = "email"
    package static let address = "address"
    package static let phone = "phone"
    /// The grant outlives the browser's session (OpenID Connect Core §11). Registering it is the consent: Sesan does.
    package static let offlineAccess = "offline_access"
    /// Releases national identifiers, under Pro Santé Connect's names.
    package static let nationalIdentifiers = "rpps"
    package static let evaluate = "access:evaluate"
    /// The application may name the subject of a question itself (DESIGN 4.1).
    package static let assert = "access:assert"
    /// The client may introspect tokens of others.
    package static let introspect = "introspect"
    /// The client is the identity-matching server: it says which patients are one, and which are not after all.
    package static let matchIdentities = "identity:match"

    package static let known: Set<String> = [
        openID, profile, email, address, phone, offlineAccess, nationalIdentifiers, evaluate, assert, introspect,
        matchIdentities,
    ]
    /// Meaningless without a person.
    package static let ofPeople: Set<String> = [
        openID, profile, email, address, phone, offlineAccess, nationalIdentifiers,
    ]
    /// Never in a person's token: they say what an application may do on its own authority.
    package static let ofApplications: Set<String> = [assert, introspect, matchIdentities]

    /// Whether a client may be registered for it.
    package static func isKnown(_ scope: String) -> Bool { known.contains(scope) || SystemScope(scope) != nil }

    /// Whether it says what an application may do on its own authority.
    package static func isOfApplications(_ scope: String) -> Bool {
        ofApplications.contains(scope) || SystemScope(scope) != nil
    }

    /// Reads `scope` (RFC 6749 §3.3): words of printable ASCII without `"` and `\`, one space between, repeats dropped.
    /// - Throws: `invalid_scope` for any other text, or more than 32 words.
    package static func parse(_ text: String) throws(ProtocolError) -> [String] {
        var scopes: [String] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            guard !word.isEmpty, word.utf8.allSatisfy(isScopeByte), scopes.count < 32 else {
                throw ProtocolError(.invalidScope, "`scope` is malformed")
            }
            let scope = String(word)
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        return scopes
    }

    static func isScopeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x5B, 0x5D...0x7E: true
        default: false
        }
    }
}
