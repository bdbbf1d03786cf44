// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A page of a person's own account, by its path: where a sign-in asked for by one of them comes back to.
package enum AccountPart: String, CaseIterable, Sendable {
    case overview = "/account"
    case password = "/account/password"
    case sessions = "/account/sessions"
    case applications = "/account/applications"
    case secondFactor = "/account/second-factor"
    case replaceSecondFactor = "/account/second-factor/replace"
}

extension AuthorizationRequest {
    /// A sign-in for a page of the account: no application, so no code.
    /// - Parameters:
    ///   - person: who must sign in, when somebody is known to be signed in.
    ///   - maximumAge: in seconds; both factors are asked again when they were given longer ago.
    package static func home(
        returningTo part: AccountPart, person: String? = nil, maximumAge: Int64? = nil
    ) -> AuthorizationRequest {
        var request = AuthorizationRequest.home
        request.redirectURI = part.rawValue
        request.hintedSubject = person
        request.maximumAge = maximumAge
        return request
    }

    /// Where a sign-in without an application ends: one of our own pages, whatever was stored.
    package var homePath: String {
        AccountPart(rawValue: redirectURI)?.rawValue ?? AuthorizationRequest.home.redirectURI
    }
}
