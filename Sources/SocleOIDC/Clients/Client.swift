// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto

/// An application registered with Socle (RFC 6749 §2).
package struct Client: Hashable, Sendable {
    /// How the client proves itself at the token endpoint: exactly one way, the registered one.
    package enum Authentication: String, Sendable, CaseIterable {
        case basic = "client_secret_basic"
        case post = "client_secret_post"
        /// A JWT keyed with the secret: the secret itself is never sent (OpenID Connect Core §9).
        case secretJWT = "client_secret_jwt"
        /// A JWT signed with a key of the client's (RFC 7523 §2.2).
        case privateKeyJWT = "private_key_jwt"
        /// A public client: it holds no secret, so that PKCE is required of it and its refresh tokens rotate.
        case none

        /// Whether Socle and the client share a secret.
        package var usesSecret: Bool { self == .basic || self == .post || self == .secretJWT }

        /// The `alg` a client assertion may have; none for the other ways.
        package var assertionAlgorithms: [String] {
            switch self {
            case .privateKeyJWT: SignatureAlgorithm.allCases.map(\.rawValue)
            case .secretJWT: MACAlgorithm.allCases.map(\.rawValue)
            case .basic, .post, .none: []
            }
        }
    }

    package enum GrantType: String, Sendable, CaseIterable {
        case authorizationCode = "authorization_code"
        case refreshToken = "refresh_token"
        case clientCredentials = "client_credentials"
    }

    package var id: String
    /// What people read on pages.
    package var name: String
    package var authentication: Authentication
    /// Sealed by the vault with `client-secret:<id>` as associated data; nil for a public client.
    package var sealedSecret: [UInt8]?
    package var redirectURIs: [String]
    package var postLogoutRedirectURIs: [String]
    package var grantTypes: Set<GrantType>
    package var scopes: Set<String>
    package var idTokenAlgorithm: SignatureAlgorithm
    package var metadata: ClientMetadata
    package var disabled: Bool
    package var revision: Int64

    package init(
        id: String, name: String, authentication: Authentication, sealedSecret: [UInt8]? = nil,
        redirectURIs: [String] = [], postLogoutRedirectURIs: [String] = [], grantTypes: Set<GrantType>,
        scopes: Set<String>, idTokenAlgorithm: SignatureAlgorithm = .rs256,
        metadata: ClientMetadata = ClientMetadata(), disabled: Bool = false, revision: Int64 = 0
    ) {
        self.id = id
        self.name = name
        self.authentication = authentication
        self.sealedSecret = sealedSecret
        self.redirectURIs = redirectURIs
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.grantTypes = grantTypes
        self.scopes = scopes
        self.idTokenAlgorithm = idTokenAlgorithm
        self.metadata = metadata
        self.disabled = disabled
        self.revision = revision
    }

    package var isPublic: Bool { authentication == .none }

    /// Where people open it: the root of its first redirect URI's origin. nil for an application nobody signs in to,
    /// and for one on the person's own machine, which no link opens.
    package var home: String? {
        guard grantTypes.contains(.authorizationCode),
            let uri = redirectURIs.first(where: { !RedirectURI.isLoopback($0) })
        else { return nil }
        return RedirectURI.origin(of: uri).map { $0 + "/" }
    }

    /// The address that starts a sign-in to it: its own for that, with the issuer to sign in at (OpenID Connect Core §4),
    /// or its home.
    package func start(issuer: String) -> String? {
        guard let uri = metadata.initiateLoginURI else { return home }
        let escaped = issuer.replacing(":", with: "%3A").replacing("/", with: "%2F")
        return uri + (uri.contains("?") ? "&" : "?") + "iss=" + escaped
    }

    /// The origins from which scripts of this client may call (CORS): those of its redirect URIs.
    package var origins: Set<String> { Set(redirectURIs.compactMap(RedirectURI.origin(of:))) }
}
