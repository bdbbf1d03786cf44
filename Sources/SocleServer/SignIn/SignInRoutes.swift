// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
package import Logging
package import SocleCrypto
package import SocleIdentity
package import SocleOIDC

/// The pages by which people sign in and out, and the launcher: decode, call a step, dispatch.
package struct SignInRoutes: Sendable {
    let signIn: SignIn
    let ownAccount: OwnAccount
    let issuer: CodeIssuer
    let clients: any ClientRecords
    let logout: any LogoutRecords
    let keys: any SigningKeyRing
    let endpoints: Endpoints
    let services: @Sendable (Account) async throws(RecordsUnavailable) -> [ServiceLink]
    let random: SecureRandom
    let clock: @Sendable () -> Instant
    let logger: Logger
    let cookies: CookieNames

    /// - Parameter services: what the launcher lists for a person.
    package init(
        signIn: SignIn, ownAccount: OwnAccount, issuer: CodeIssuer, clients: any ClientRecords,
        logout: any LogoutRecords,
        keys: any SigningKeyRing, endpoints: Endpoints,
        services: @escaping @Sendable (Account) async throws(RecordsUnavailable) -> [ServiceLink],
        random: SecureRandom, clock: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.signIn = signIn
        self.ownAccount = ownAccount
        self.issuer = issuer
        self.clients = clients
        self.logout = logout
        self.keys = keys
        self.endpoints = endpoints
        self.services = services
        self.random = random
        self.clock = clock
        self.logger = logger
        cookies = CookieNames(secure: endpoints.issuer.hasPrefix("https://"))
    }

    package var routes: [Route] {
        loginRoutes + accountRoutes + ownAccountRoutes + passwordRoutes + secondFactorRoutes + logoutRoutes
            + Stylesheet.routes
    }

    /// What `/oauth2/authorize` needs of the pages.
    package var authorizePages: AuthorizePages {
        AuthorizePages(
            begin: { asked, _, request in await begin(asked, request) },
            refuse: { error, request in refuse(error, request) })
    }

    func language(_ request: WebRequest, chosen: String? = nil, uiLocales: [String] = []) -> Language {
        Language(chosen: chosen, uiLocales: uiLocales, accepted: request.headers[.acceptLanguage])
    }

    /// Calls a body that reads and writes records; when they cannot be reached, says so and nothing else.
    func available(
        _ request: WebRequest, _ body: () async throws(RecordsUnavailable) -> WebResponse
    ) async -> WebResponse {
        do throws(RecordsUnavailable) {
            return try await body()
        } catch {
            logger.error("unavailable", metadata: ["id": "\(request.id)", "detail": "\(error.detail)"])
            var response = fault(\.unavailable, .serviceUnavailable, request)
            response.headers[.retryAfter] = "5"
            return response
        }
    }

    /// A page that says the request cannot be served.
    func fault(
        _ fault: KeyPath<Texts.Faults, (title: String, text: String)>, _ status: HTTPResponse.Status,
        _ request: WebRequest, detail: String? = nil
    ) -> WebResponse {
        let texts = Texts.of(language(request))
        return AccountPages(texts: texts)
            .fault(texts.faults[keyPath: fault], status: status, detail: detail, reference: request.id)
            .response(texts)
    }

    /// A refusal that may not be sent to the application.
    func refuse(_ error: ProtocolError, _ request: WebRequest) -> WebResponse {
        guard error.code != .temporarilyUnavailable, error.code != .serverError else {
            var response = fault(\.unavailable, .serviceUnavailable, request)
            response.headers[.retryAfter] = "5"
            return response
        }
        return fault(\.invalid, .badRequest, request, detail: "\(error.code.rawValue): \(error.wireMessage)")
    }

    func answer(_ page: Page, _ texts: Texts, _ browser: Browser?) -> WebResponse {
        setting(browser, page.response(texts))
    }

    func setting(_ browser: Browser?, _ response: WebResponse) -> WebResponse {
        guard let browser, browser.isNew else { return response }
        return response.setting(Cookie(cookies.browser, browser.value, secure: cookies.secure))
    }

    /// The cookie of a session that was just given, and what the session frame reads of it.
    func sessionCookies(_ value: String, of session: Session?) -> [Cookie] {
        [Cookie(cookies.session, value, secure: cookies.secure)]
            + (session.map {
                [Cookie(cookies.state, SessionState.browserState(of: $0), secure: cookies.secure, framed: true)]
            } ?? [])
    }

    var endedSessionCookies: [Cookie] {
        [
            Cookie(cookies.session, "", maximumAge: .zero, secure: cookies.secure),
            Cookie(cookies.state, "", maximumAge: .zero, secure: cookies.secure, framed: true),
        ]
    }
}
