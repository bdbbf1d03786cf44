// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleIdentity
import SocleOIDC

/// `/oauth2/logout` (RP-Initiated Logout 1.0) and the launcher's own signing out.
extension SignInRoutes {
    var logoutRoutes: [Route] {
        let path = Endpoints.Path.logout.rawValue
        return [
            Route(.get, path) { request in await logout(request) },
            Route(.post, path) { request in
                // From another site's form, without our cookies: the same request again as a GET comes with them.
                guard let form = try? Form(body: request) else { return fault(\.invalid, .badRequest, request) }
                return .redirect(to: Form.append(form.fields.map { (name: $0.name, value: $0.value) }, to: path))
            },
            Route(.post, "/account/sign-out") { request in await confirmed(request) },
            Route(.get, Endpoints.Path.session.rawValue) { [frame = SessionFrame(cookie: cookies.state).response] _ in
                frame
            },
        ]
    }

    private func logout(_ request: WebRequest) async -> WebResponse {
        guard let form = try? Form(query: request.query) else { return fault(\.invalid, .badRequest, request) }
        let asked: LogoutRequest
        do throws(ProtocolError) {
            asked = try await read(form)
        } catch {
            return refuse(error, request)
        }
        return await available(request) { () async throws(RecordsUnavailable) in
            let now = clock()
            let current = try await signIn.current(cookie: request.cookie(cookies.session), now: now)?.session
            if let session = try await hinted(asked, current: current) {
                _ = try await signIn.signOut(session, reason: "client", client: asked.clientID, now: now)
                return try await after(asked, session, request)
            }
            guard current != nil else { return try await after(asked, nil, request) }
            return try await confirmation(asked, form, request)
        }
    }

    /// The session a verified hint names: the browser's own, or by its `sid` the one of a browser that shows none.
    private func hinted(
        _ asked: LogoutRequest, current: Session?
    ) async throws(RecordsUnavailable) -> Session? {
        guard let subject = asked.subject, let client = asked.clientID else { return nil }
        let session: Session
        if let current {
            guard asked.sessionID == nil || asked.sessionID == current.id else { return nil }
            session = current
        } else {
            guard let id = asked.sessionID, let named = try await signIn.session(id: id), named.endedAt == nil else {
                return nil
            }
            session = named
        }
        return try await signIn.issuedSubject(of: session.subject, to: client) == subject ? session : nil
    }

    /// Without a hint of this very session the person is asked: another site must not sign them out.
    private func confirmation(
        _ asked: LogoutRequest, _ form: Form, _ request: WebRequest
    ) async throws(RecordsUnavailable) -> WebResponse {
        let client: Client? = if let id = asked.clientID { try await clients.client(id) } else { nil }
        let texts = Texts.of(
            language(request, uiLocales: (form["ui_locales"] ?? "").split(separator: " ").map(String.init)))
        let browser = Browser(request, cookies: cookies, random: random)
        var page = AccountPages(texts: texts).confirmSignOut(
            application: client?.name, request: request.query ?? "",
            form: FormContext(browser: browser, purpose: "sign-out"))
        page.formTargets = (asked.redirect?.redirectURI).flatMap(RedirectURI.origin(of:)).map { [$0] } ?? []
        return answer(page, texts, browser)
    }

    private func confirmed(_ request: WebRequest) async -> WebResponse {
        guard let form = try? Form(body: request), form.duplicates.isEmpty else {
            return fault(\.invalid, .badRequest, request)
        }
        guard request.isSameOrigin(endpoints.issuer), let browser = Browser(known: request, cookies: cookies),
            browser.accepts(form["csrf"], purpose: "sign-out", interaction: nil)
        else { return fault(\.foreign, .forbidden, request) }
        var asked = LogoutRequest()
        if let query = form["request"] {
            do {
                asked = try await read(try Form(query: query))
            } catch {
                return fault(\.invalid, .badRequest, request)
            }
        }
        let confirmed = asked
        return await available(request) { () async throws(RecordsUnavailable) in
            let now = clock()
            let session = try await signIn.current(cookie: request.cookie(cookies.session), now: now)?.session
            if let session {
                _ = try await signIn.signOut(session, reason: "person", client: confirmed.clientID, now: now)
            }
            return try await after(confirmed, session, request)
        }
    }

    private func read(_ form: Form) async throws(ProtocolError) -> LogoutRequest {
        try await LogoutRequest(
            validating: Parameters(form), clients: clients, keys: keys, issuer: endpoints.issuer)
    }

    /// Where a signed-out browser goes: through the pages of the applications that it is to be signed out of there,
    /// then to the registered address it was asked for, or to a page that says so.
    private func after(
        _ asked: LogoutRequest, _ session: Session?, _ request: WebRequest
    ) async throws(RecordsUnavailable) -> WebResponse {
        let texts = Texts.of(language(request))
        var response: WebResponse
        let applications = if let session { try await framed(session) } else { [(name: String, frame: String)]() }
        if !applications.isEmpty {
            let next = asked.redirect.map { Form.append($0.parameters, to: $0.redirectURI) }
            response = answer(SigningOutPage(texts: texts).page(applications, next: next), texts, nil)
        } else if let redirect = asked.redirect {
            response = .redirect(to: redirect)
        } else {
            response = answer(AccountPages(texts: texts).signedOut(), texts, nil)
        }
        for cookie in endedSessionCookies { response.set(cookie) }
        return response
    }

    /// The applications of a session that are signed out of in the browser, each with the address to frame
    /// (Front-Channel Logout 1.0 §2).
    private func framed(
        _ session: Session
    ) async throws(RecordsUnavailable) -> [(name: String, frame: String)] {
        try await logout.applications(ofSession: session.id).compactMap { client in
            client.metadata.frontChannelLogoutURI.map { uri in
                let pairs = [(name: "iss", value: endpoints.issuer), (name: "sid", value: session.id)]
                return (name: client.name, frame: Form.append(pairs, to: uri))
            }
        }
    }
}
