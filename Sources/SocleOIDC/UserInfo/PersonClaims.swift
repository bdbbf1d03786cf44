// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// What is known of a person beyond their account, for userinfo. The wiring gathers it from the accounts and, for a
/// professional, from the directory of professionals.
package struct PersonClaims: Hashable, Sendable {
    package var name: String?
    package var givenName: String?
    package var familyName: String?
    package var contact: ContactDetails
    /// Under Pro Santé Connect's own names (`SubjectNameID`, `SubjectRole`, `SubjectOrganizationID`, ...): they hold
    /// national identifiers, and are released for the scope `rpps` alone.
    package var national: JSONObject

    package init(
        name: String? = nil, givenName: String? = nil, familyName: String? = nil,
        contact: ContactDetails = ContactDetails(), national: JSONObject = JSONObject()
    ) {
        self.name = name
        self.givenName = givenName
        self.familyName = familyName
        self.contact = contact
        self.national = national
    }

    /// What a scope releases and no more (OpenID Connect Core §5.4).
    func claims(of scope: String) -> JSONObject {
        if scope == Scope.nationalIdentifiers { return national }
        let all = standard
        var claims = JSONObject()
        for name in Scope.claims[scope] ?? [] { claims[name] = all[name] }
        return claims
    }

    /// One claim by its name, if it is known.
    subscript(name: String) -> JSONValue? { standard[name] ?? national[name] }

    private var standard: JSONObject {
        var claims = contact.claims
        claims["name"] = name.map(JSONValue.string)
        claims["given_name"] = givenName.map(JSONValue.string)
        claims["family_name"] = familyName.map(JSONValue.string)
        return claims
    }
}

extension Scope {
    /// The standard claims that Socle can know, by the scope that releases them.
    static let claims = [
        profile: ["name", "given_name", "family_name"],
        email: ["email", "email_verified"],
        phone: ["phone_number", "phone_number_verified"],
        address: ["address"],
    ]

    /// Those of Pro Santé Connect, which `rpps` releases.
    static let nationalClaims: Set<String> = [
        "SubjectNameID", "SubjectRole", "SubjectOrganizationID", "SubjectOrganization", "Secteur_Activite",
    ]

    /// The scope that releases a claim; nil for one that nothing releases.
    static func releasing(_ claim: String) -> String? {
        if nationalClaims.contains(claim) { return nationalIdentifiers }
        return claims.first { $0.value.contains(claim) }?.key
    }
}

/// Where the claims of a person come from.
package struct ClaimsSource: Sendable {
    /// By subject and exercise situation; nil when there is no such account.
    package var claims:
        @Sendable (_ subject: String, _ situation: String?) async throws(RecordsUnavailable) -> PersonClaims?

    package init(
        claims: @escaping @Sendable (String, String?) async throws(RecordsUnavailable) -> PersonClaims?
    ) {
        self.claims = claims
    }
}
