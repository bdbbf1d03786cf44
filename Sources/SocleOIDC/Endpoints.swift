// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Where each endpoint of this provider is, from the configured issuer alone: never from a request.
///
/// - Source: DESIGN section 3 fixes the paths; RFC 9207 and RFC 8414 the issuer's form.
package struct Endpoints: Hashable, Sendable {
    /// `https://host[:port]`, without path, query, fragment or final slash; `http` only on a loopback host.
    package let issuer: String
    /// The audience of access tokens: Socle's access interface, which is also userinfo's audience.
    package let accessInterface: String

    package init(issuer: String) {
        self.issuer = issuer
        accessInterface = issuer + "/access"
    }

    package func url(_ path: Path) -> String { issuer + path.rawValue }

    package enum Path: String, CaseIterable, Sendable {
        case authorize = "/oauth2/authorize"
        case token = "/oauth2/token"
        case introspect = "/oauth2/introspect"
        case revoke = "/oauth2/revoke"
        case userInfo = "/oauth2/userinfo"
        case keys = "/oauth2/jwks"
        /// A client's own registration is one segment below.
        case register = "/oauth2/register"
        case logout = "/oauth2/logout"
        case session = "/oauth2/session"
        case openIDConfiguration = "/.well-known/openid-configuration"
        case authorizationServer = "/.well-known/oauth-authorization-server"
        case protectedResource = "/.well-known/oauth-protected-resource"
    }
}
