// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleIdentity
import SocleOIDC

/// `/` and `/account/situation`: who is signed in, in which situation, and the services.
extension SignInRoutes {
    var accountRoutes: [Route] {
        [
            Route(.get, "/") { request in await home(request) },
            Route(.get, "/account/situation") { request in await showSituations(request) },
            Route(.post, "/account/situation") { request in await changeSituation(request) },
        ]
    }

    private func home(_ request: WebRequest) async -> WebResponse {
        await available(request) { () async throws(RecordsUnavailable) in
            let chosen = chosenLanguage(request)
            let texts = Texts.of(language(request, chosen: chosen))
            let other: Language = texts.language == .french ? .english : .french
            let now = clock()
            guard let (session, account) = try await signIn.current(cookie: request.cookie(cookies.session), now: now)
            else {
                var page = AccountPages(texts: texts).welcome()
                page.otherLanguageLink = "/?lang=\(other.rawValue)"
                return answer(page, texts, nil)
            }
            let browser = Browser(request, cookies: cookies, random: random)
            let situations = try await signIn.situations(of: account, now: now)
            let services = try await services(account)
            var page = AccountPages(texts: texts).home(
                name: account.displayName, situation: situations.first { $0.id == session.situation }?.label,
                canChange: situations.count > 1, services: services,
                signOut: FormContext(browser: browser, purpose: "sign-out", language: chosen))
            page.otherLanguageLink = "/?lang=\(other.rawValue)"
            return answer(page, texts, browser)
        }
    }

    private func showSituations(_ request: WebRequest) async -> WebResponse {
        await available(request) { () async throws(RecordsUnavailable) in
            let browser = Browser(request, cookies: cookies, random: random)
            return try await situationPage(request, browser, chosen: chosenLanguage(request), [])
        }
    }

    private func situationPage(
        _ request: WebRequest, _ browser: Browser, chosen: String?, _ mistakes: [Mistake]
    ) async throws(RecordsUnavailable) -> WebResponse {
        let now = clock()
        guard let (session, account) = try await signIn.current(cookie: request.cookie(cookies.session), now: now)
        else { return .redirect(to: "/") }
        let texts = Texts.of(language(request, chosen: chosen))
        let offered = try await signIn.situations(of: account, now: now)
        let context = FormContext(browser: browser, purpose: "account-situation", language: chosen)
        var page = SignInPages(texts: texts, context: context, application: nil).situation(
            offered.map { (id: $0.id, label: $0.label) }, chosen: session.situation, action: .account,
            mistakes: mistakes)
        if !mistakes.isEmpty { page.status = .unprocessableContent }
        let other: Language = texts.language == .french ? .english : .french
        page.otherLanguageLink = "/account/situation?lang=\(other.rawValue)"
        return answer(page, texts, browser)
    }

    private func changeSituation(_ request: WebRequest) async -> WebResponse {
        guard let form = try? Form(body: request), form.duplicates.isEmpty else {
            return fault(\.invalid, .badRequest, request)
        }
        guard request.isSameOrigin(endpoints.issuer), let browser = Browser(known: request, cookies: cookies),
            browser.accepts(form["csrf"], purpose: "account-situation", interaction: nil)
        else { return fault(\.foreign, .forbidden, request) }
        return await available(request) { () async throws(RecordsUnavailable) in
            let now = clock()
            guard let (session, account) = try await signIn.current(cookie: request.cookie(cookies.session), now: now)
            else { return .redirect(to: "/") }
            let id = form["situation"] ?? ""
            let refusal = try await signIn.choose(situation: id, session: session, account: account, now: now)
            guard refusal == .unknownSituation else { return .redirect(to: home(form["lang"])) }
            let texts = Texts.of(language(request, chosen: form["lang"]))
            let mistake = Mistake(text: texts.mistakes.noSituation, field: "situation-0")
            return try await situationPage(request, browser, chosen: form["lang"], [mistake])
        }
    }

    private func home(_ language: String?) -> String {
        language.flatMap(Language.init(rawValue:)).map { "/?lang=\($0.rawValue)" } ?? "/"
    }

    private func chosenLanguage(_ request: WebRequest) -> String? {
        (try? Form(query: request.query))?["lang"].flatMap(Language.init(rawValue:))?.rawValue
    }
}
