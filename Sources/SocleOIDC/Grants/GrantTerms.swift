// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// What was agreed beyond scopes when a grant was made. Empty for most.
package struct GrantTerms: Hashable, Sendable {
    /// The `sub` its tokens name, for a client with pairwise subjects; nil when it is the account's own.
    package var pairwiseSubject: String?
    package var claims = ClaimsRequest()
    /// The protected resources its access tokens may be for (RFC 8707), the first unless a token request says
    /// otherwise; empty for Socle's access interface.
    package var resources: [String] = []

    package init() {}

    package var isEmpty: Bool { self == GrantTerms() }

    package var json: JSONObject {
        var object = JSONObject()
        object["sub"] = pairwiseSubject.map(JSONValue.string)
        if !claims.isEmpty { object["claims"] = .object(claims.json) }
        if !resources.isEmpty { object["resources"] = JSONValue(resources) }
        return object
    }

    /// nil for a member this version does not know.
    package init?(stored object: JSONObject) {
        for (name, value) in object.members {
            switch (name, value) {
            case ("sub", .string(let subject)): pairwiseSubject = subject
            case ("claims", .object(let object)):
                guard let claims = ClaimsRequest(object) else { return nil }
                self.claims = claims
            case ("resources", .array):
                guard let resources = value.strings else { return nil }
                self.resources = resources
            default: return nil
            }
        }
    }
}
