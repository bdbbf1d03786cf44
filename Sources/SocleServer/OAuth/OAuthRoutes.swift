// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
package import Logging
package import SocleIdentity
package import SocleOIDC

/// The routes of OAuth and OpenID Connect: decode, call the use case, encode. `/oauth2/logout` is the sign-in's.
package struct OAuthRoutes: Sendable {
    let authorization: AuthorizationEndpoint
    let token: TokenEndpoint
    let userInfo: UserInfoEndpoint
    let introspection: IntrospectionEndpoint
    let introspectionTokens: IntrospectionTokens
    let revocation: RevocationEndpoint
    let registration: RegistrationEndpoint
    let metadata: ProviderMetadata
    let keys: any SigningKeyRing
    let endpoints: Endpoints
    let crossOrigin: CrossOrigin
    let pages: AuthorizePages
    let clock: @Sendable () -> Instant
    let logger: Logger

    package init(
        authorization: AuthorizationEndpoint, token: TokenEndpoint, userInfo: UserInfoEndpoint,
        introspection: IntrospectionEndpoint, introspectionTokens: IntrospectionTokens,
        revocation: RevocationEndpoint,
        registration: RegistrationEndpoint, metadata: ProviderMetadata, keys: any SigningKeyRing,
        clients: any ClientRecords, endpoints: Endpoints, pages: AuthorizePages,
        clock: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.authorization = authorization
        self.token = token
        self.userInfo = userInfo
        self.introspection = introspection
        self.introspectionTokens = introspectionTokens
        self.revocation = revocation
        self.registration = registration
        self.metadata = metadata
        self.keys = keys
        self.endpoints = endpoints
        self.crossOrigin = CrossOrigin(clients: clients)
        self.pages = pages
        self.clock = clock
        self.logger = logger
    }

    package var routes: [Route] {
        authorizeRoutes + tokenRoutes + userInfoRoutes + metadataRoutes + registrationRoutes
    }

    /// What a refusal leaves in the security log: its code and cause, never what was sent.
    func log(_ error: ProtocolError, _ request: WebRequest, _ endpoint: Endpoints.Path) {
        let failed = error.code == .temporarilyUnavailable || error.code == .serverError
        logger.log(
            level: failed ? .error : .info, "refused",
            metadata: [
                "id": "\(request.id)", "endpoint": "\(endpoint.rawValue)", "error": "\(error.code.rawValue)",
                "detail": "\(error.detail ?? error.message)", "address": "\(request.address)",
            ])
    }
}

/// The pages that authorization needs, provided by the sign-in.
package struct AuthorizePages: Sendable {
    /// A request whose every check passed: dispatch it, to a page or back to the client.
    package var begin: @Sendable (AuthorizationRequest, Client, WebRequest) async -> WebResponse
    /// A request that may not be answered at the client: an error page.
    package var refuse: @Sendable (ProtocolError, WebRequest) -> WebResponse

    package init(
        begin: @escaping @Sendable (AuthorizationRequest, Client, WebRequest) async -> WebResponse,
        refuse: @escaping @Sendable (ProtocolError, WebRequest) -> WebResponse
    ) {
        self.begin = begin
        self.refuse = refuse
    }
}
