// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A token request read once from its form (RFC 6749 §4.1.3, §4.4.2, §6).
package enum TokenRequest: Hashable, Sendable {
    case authorizationCode(code: String, redirectURI: String, verifier: String?)
    case refreshToken(String, scopes: [String]?)
    case clientCredentials(scopes: [String]?)

    package init(_ parameters: Parameters) throws(ProtocolError) {
        try parameters.refuseRepeated(save: "resource")
        switch try parameters.required("grant_type") {
        case Client.GrantType.authorizationCode.rawValue:
            self = .authorizationCode(
                code: try parameters.required("code"),
                redirectURI: try parameters.required("redirect_uri", limit: Parameters.Limit.uri),
                verifier: try parameters.value("code_verifier"))
        case Client.GrantType.refreshToken.rawValue:
            self = .refreshToken(try parameters.required("refresh_token"), scopes: try Self.scopes(parameters))
        case Client.GrantType.clientCredentials.rawValue:
            self = .clientCredentials(scopes: try Self.scopes(parameters))
        default:
            throw ProtocolError(.unsupportedGrantType, "the grant type is not supported")
        }
    }

    package var grantType: Client.GrantType {
        switch self {
        case .authorizationCode: .authorizationCode
        case .refreshToken: .refreshToken
        case .clientCredentials: .clientCredentials
        }
    }

    private static func scopes(_ parameters: Parameters) throws(ProtocolError) -> [String]? {
        try parameters.value("scope", limit: Parameters.Limit.scope).map { text throws(ProtocolError) in
            try Scope.parse(text)
        }
    }
}
