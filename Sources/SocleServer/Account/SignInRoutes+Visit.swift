// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleOIDC

/// A request for a page of the account, by whoever is signed in: the checks each of them begins with.
extension SignInRoutes {
    struct Visit: Sendable {
        var part: AccountPart
        var request: WebRequest
        /// The query of a page asked for, the fields of a form sent.
        var form: Form
        var browser: Browser
        var session: Session
        var account: Account
        var now: Instant
        var texts: Texts
        var language: String? { form["lang"].flatMap(Language.init(rawValue:))?.rawValue }
    }

    /// A page. Nobody signed in: both factors are asked, and the browser comes back.
    func visit(
        _ part: AccountPart, _ request: WebRequest,
        _ body: @Sendable (Visit) async throws(RecordsUnavailable) -> WebResponse
    ) async -> WebResponse {
        guard let form = try? Form(query: request.query), form.duplicates.isEmpty else {
            return fault(\.invalid, .badRequest, request)
        }
        return await available(request) { () async throws(RecordsUnavailable) in
            let browser = Browser(request, cookies: cookies, random: random)
            guard let visit = try await visit(part, request, form, browser) else {
                return await begin(.home(returningTo: part), request)
            }
            return try await body(visit)
        }
    }

    /// A form of a page of the account. Nothing is read or written before it is known to come from that page, in this
    /// browser.
    func act(
        _ part: AccountPart, _ request: WebRequest,
        _ body: @Sendable (Visit) async throws(RecordsUnavailable) -> WebResponse
    ) async -> WebResponse {
        guard let form = try? Form(body: request), form.duplicates.isEmpty else {
            return fault(\.invalid, .badRequest, request)
        }
        guard request.isSameOrigin(endpoints.issuer), let browser = Browser(known: request, cookies: cookies),
            browser.accepts(form["csrf"], purpose: part.rawValue, interaction: nil)
        else { return fault(\.foreign, .forbidden, request) }
        return await available(request) { () async throws(RecordsUnavailable) in
            guard let visit = try await visit(part, request, form, browser) else {
                // What the form asked is not done: the person signs in, and sees the page again.
                return .redirect(to: part.rawValue)
            }
            return try await body(visit)
        }
    }

    private func visit(
        _ part: AccountPart, _ request: WebRequest, _ form: Form, _ browser: Browser
    ) async throws(RecordsUnavailable) -> Visit? {
        let now = clock()
        guard let (session, account) = try await signIn.current(cookie: request.cookie(cookies.session), now: now)
        else { return nil }
        return Visit(
            part: part, request: request, form: form, browser: browser, session: session, account: account, now: now,
            texts: .of(language(request, chosen: form["lang"])))
    }

    func pages(_ visit: Visit, _ mistakes: [Mistake] = []) -> OwnAccountPages {
        OwnAccountPages(
            texts: visit.texts,
            context: FormContext(browser: visit.browser, purpose: visit.part.rawValue, language: visit.language),
            notice: notice(visit), mistakes: mistakes)
    }

    func answer(_ page: Page, _ visit: Visit) -> WebResponse {
        var page = page
        let other: Language = visit.texts.language == .french ? .english : .french
        page.otherLanguageLink = "\(visit.part.rawValue)?lang=\(other.rawValue)"
        return answer(page, visit.texts, visit.browser)
    }

    /// After something was done: the page again, which says so.
    func done(_ notice: AccountNotice, _ visit: Visit) -> WebResponse {
        var pairs = [(name: "done", value: notice.rawValue), (name: "proof", value: proof(notice, visit))]
        if let language = visit.language { pairs.append((name: "lang", value: language)) }
        return .redirect(to: Form.append(pairs, to: visit.part.rawValue))
    }

    /// A notice is shown to whom it was given: a link sent by somebody else must not say that a password was changed.
    private func notice(_ visit: Visit) -> AccountNotice? {
        guard let notice = visit.form["done"].flatMap(AccountNotice.init(rawValue:)),
            visit.browser.accepts(
                visit.form["proof"], purpose: "done-\(notice.rawValue)", interaction: visit.session.id)
        else { return nil }
        return notice
    }

    private func proof(_ notice: AccountNotice, _ visit: Visit) -> String {
        visit.browser.token(purpose: "done-\(notice.rawValue)", interaction: visit.session.id)
    }
}

extension WebRequest {
    /// What the browser says it is.
    var device: Device? { headers[.userAgent].map { Device(userAgent: String($0.prefix(512))) } }
}
