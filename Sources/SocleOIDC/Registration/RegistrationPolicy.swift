// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a registration may ask for.
///
/// An application that registers itself gets little. Everything else takes an administrator of Sesan: national
/// identifiers, decisions, tokens of others, acting without a person, not asking the person, an address on this network.
package struct RegistrationPolicy: Hashable, Sendable {
    package var scopes: Set<String> = [
        Scope.openID, Scope.profile, Scope.email, Scope.address, Scope.phone, Scope.offlineAccess,
    ]
    package var grantTypes: Set<Client.GrantType> = [.authorizationCode, .refreshToken]
    package var redirectURIs = 16
    /// Whether an administrator vouches for what it says.
    package private(set) var isVouchedFor = false

    package init() {}

    /// Of a file an administrator has read. Any scope there is; what a scope or a grant needs is checked by
    /// `ClientRegistration`, as for every client.
    package static var administrator: RegistrationPolicy {
        var policy = RegistrationPolicy()
        // What it gets where it says nothing.
        policy.scopes = [Scope.openID, Scope.profile]
        policy.grantTypes = Set(Client.GrantType.allCases)
        policy.redirectURIs = 32
        policy.isVouchedFor = true
        return policy
    }
}

/// Why a registration is refused (RFC 7591 §3.2.2).
package struct RegistrationRefusal: Error, Hashable, Sendable {
    package enum Code: String, Sendable {
        case invalidRedirectURI = "invalid_redirect_uri"
        case invalidClientMetadata = "invalid_client_metadata"
        /// Of the bearer token, answered as RFC 6750 §3.1 has it.
        case invalidToken = "invalid_token"
        case unavailable = "temporarily_unavailable"
    }

    package var code: Code
    package var message: String
    package var detail: String?

    package init(_ code: Code, _ message: String, detail: String? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
    }

    static func metadata(_ message: String) -> RegistrationRefusal {
        RegistrationRefusal(.invalidClientMetadata, message)
    }

    static let token = RegistrationRefusal(.invalidToken, "the access token is not valid")
}
