// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// What is known of a person beyond their account, for userinfo. The wiring gathers it from the accounts and, for a
/// professional, from the directory of professionals.
package struct PersonClaims: Hashable, Sendable {
    package var name: String?
    package var givenName: String?
    package var familyName: String?
    /// Under Pro Santé Connect's own names (`SubjectNameID`, `SubjectRole`, `SubjectOrganizationID`, ...): they hold
    /// national identifiers, and are released for the scope `rpps` alone.
    package var national: JSONObject

    package init(
        name: String? = nil, givenName: String? = nil, familyName: String? = nil, national: JSONObject = JSONObject()
    ) {
        self.name = name
        self.givenName = givenName
        self.familyName = familyName
        self.national = national
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
