// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// How a person is reached, for the scopes `email`, `phone` and `address` (OpenID Connect Core §5.1, §5.4).
package struct ContactDetails: Hashable, Sendable {
    package var email: String?
    /// Whether somebody proved that the address is theirs.
    package var emailVerified = false
    /// E.164, for instance `+33140000000`.
    package var phoneNumber: String?
    package var phoneVerified = false
    /// The members of §5.1.1: `street_address`, `postal_code`, `locality`, `country`.
    package var address: [String: String] = [:]

    package init() {}

    package static let addressMembers = ["street_address", "postal_code", "locality", "region", "country"]

    /// Under the names of the claims, those that are known.
    package var claims: JSONObject {
        var claims = JSONObject()
        if let email {
            claims["email"] = .string(email)
            claims["email_verified"] = .bool(emailVerified)
        }
        if let phoneNumber {
            claims["phone_number"] = .string(phoneNumber)
            claims["phone_number_verified"] = .bool(phoneVerified)
        }
        if !address.isEmpty {
            var members = JSONObject()
            for name in Self.addressMembers { members[name] = address[name].map(JSONValue.string) }
            claims["address"] = .object(members)
        }
        return claims
    }

    /// Reads `claims` back; nil for anything it would not write.
    package init?(stored object: JSONObject) {
        for (name, value) in object.members {
            switch (name, value) {
            case ("email", .string(let text)): email = text
            case ("email_verified", .bool(let flag)): emailVerified = flag
            case ("phone_number", .string(let text)): phoneNumber = text
            case ("phone_number_verified", .bool(let flag)): phoneVerified = flag
            case ("address", .object(let members)):
                for (name, value) in members.members {
                    guard Self.addressMembers.contains(name), let text = value.string else { return nil }
                    address[name] = text
                }
            default: return nil
            }
        }
    }
}
