// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleIdentity
import SocleOIDC

/// From an interaction's position to an answer: the one way out of every step.
extension SignInRoutes {
    /// A valid authorization request, at its beginning.
    func begin(_ asked: AuthorizationRequest, _ request: WebRequest) async -> WebResponse {
        // Sent by another site's form, a POST comes without our cookies (`SameSite=Lax`): the same request again as a
        // GET comes with them.
        if request.method == .post {
            guard let form = try? Form(body: request) else { return fault(\.invalid, .badRequest, request) }
            let pairs = form.fields.map { (name: $0.name, value: $0.value) }
            return .redirect(to: Form.append(pairs, to: Endpoints.Path.authorize.rawValue))
        }
        return await available(request) { () async throws(RecordsUnavailable) in
            let browser = Browser(request, cookies: cookies, random: random)
            let interaction = signIn.interaction(asked, browserDigest: browser.digest, now: clock())
            let cookie = request.cookie(cookies.session)
            let position = try await signIn.position(interaction, cookie: cookie, now: clock())
            switch position.step {
            case .redirect, .issueCode:
                return try await leave(position, request)
            case .signIn, .secondFactor, .enrolSecondFactor, .choosePassword, .chooseSituation, .askConsent:
                try await signIn.save(interaction)
                return setting(browser, .redirect(to: page(of: interaction, language: nil)))
            }
        }
    }

    /// After a step was recorded: the next page, or back to the application.
    /// - Parameter fresh: the value of a session cookie to set.
    func proceed(
        _ interaction: Interaction, fresh: String?, language: String?, _ request: WebRequest
    ) async throws(RecordsUnavailable) -> WebResponse {
        let cookie = fresh ?? request.cookie(cookies.session)
        let position = try await signIn.position(interaction, cookie: cookie, now: clock())
        var response: WebResponse
        switch position.step {
        case .redirect, .issueCode:
            response = try await finish(position, request)
        case .signIn, .secondFactor, .enrolSecondFactor, .choosePassword, .chooseSituation, .askConsent:
            response = .redirect(to: page(of: interaction, language: language))
        }
        if let fresh { for cookie in sessionCookies(fresh, of: position.facts.session) { response.set(cookie) } }
        return response
    }

    /// Ends a stored interaction, then leaves: of two requests at once, one gets the code.
    func finish(
        _ position: SignIn.Position, _ request: WebRequest
    ) async throws(RecordsUnavailable) -> WebResponse {
        guard try await signIn.claim(position.facts.interaction) else { return fault(\.expired, .gone, request) }
        return try await leave(position, request)
    }

    /// The URL of an interaction: it shows whichever step is due.
    func page(of interaction: Interaction, language: String?) -> String {
        var pairs = [(name: "i", value: interaction.id)]
        if let language { pairs.append((name: "lang", value: language)) }
        return Form.append(pairs, to: "/login")
    }

    private func leave(
        _ position: SignIn.Position, _ request: WebRequest
    ) async throws(RecordsUnavailable) -> WebResponse {
        if case .redirect(let response) = position.step { return .redirect(to: response) }
        let interaction = position.facts.interaction
        guard !interaction.request.isHome else { return .redirect(to: interaction.request.homePath) }
        guard let session = position.facts.session, let account = position.facts.account else {
            return fault(\.expired, .gone, request)
        }
        do throws(ProtocolError) {
            return .redirect(
                to: try await issuer.issue(
                    interaction: interaction, session: session, account: account, now: clock()))
        } catch {
            logger.error(
                "no code issued", metadata: ["id": "\(request.id)", "detail": "\(error.detail ?? error.message)"])
            return refuse(error, request)
        }
    }
}
