// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleIdentity
import SocleOIDC

/// `/login`: the page of the step that is due, and the steps' forms.
extension SignInRoutes {
    var loginRoutes: [Route] {
        [
            Route(.get, "/login") { request in await showStep(request) },
            Route(.post, "/login/password") { request in await step(request, "password", givePassword) },
            Route(.post, "/login/code") { request in await step(request, "code", giveCode) },
            Route(.post, "/login/new-password") { request in
                await step(request, "new-password", chooseNewPassword)
            },
            Route(.post, "/login/enrol") { request in await step(request, "enrol", enrol) },
            Route(.post, "/login/situation") { request in await step(request, "situation", chooseSituation) },
            Route(.post, "/login/restart") { request in await step(request, "restart", restart) },
            Route(.post, "/login/consent") { request in await step(request, "consent", consent) },
        ]
    }

    /// A form of a step that passed every check made before anything is done.
    struct Submitted: Sendable {
        var request: WebRequest
        var form: Form
        var interaction: Interaction
        var browser: Browser
        var language: String? { form["lang"].flatMap(Language.init(rawValue:))?.rawValue }
    }

    private func showStep(_ request: WebRequest) async -> WebResponse {
        guard let form = try? Form(query: request.query), form.duplicates.isEmpty else {
            return fault(\.invalid, .badRequest, request)
        }
        guard let id = form["i"] else { return await begin(.home, request) }
        return await available(request) { () async throws(RecordsUnavailable) in
            guard let browser = Browser(known: request, cookies: cookies),
                let interaction = try await signIn.interaction(id, browserDigest: browser.digest, now: clock())
            else { return fault(\.expired, .gone, request) }
            let cookie = request.cookie(cookies.session)
            let position = try await signIn.position(interaction, cookie: cookie, now: clock())
            switch position.step {
            case .redirect, .issueCode: return try await finish(position, request)
            case .signIn, .secondFactor, .enrolSecondFactor, .choosePassword, .chooseSituation, .askConsent:
                let submitted = Submitted(request: request, form: form, interaction: interaction, browser: browser)
                return try await show(position, submitted)
            }
        }
    }

    /// The checks of every form, then its step. Nothing is read or written before they hold.
    private func step(
        _ request: WebRequest, _ purpose: String,
        _ body: @Sendable (Submitted) async throws(RecordsUnavailable) -> WebResponse
    ) async -> WebResponse {
        guard let form = try? Form(body: request), form.duplicates.isEmpty, let id = form["i"] else {
            return fault(\.invalid, .badRequest, request)
        }
        guard request.isSameOrigin(endpoints.issuer) else { return fault(\.foreign, .forbidden, request) }
        guard let browser = Browser(known: request, cookies: cookies),
            browser.accepts(form["csrf"], purpose: purpose, interaction: id)
        else { return fault(\.foreign, .forbidden, request) }
        return await available(request) { () async throws(RecordsUnavailable) in
            guard let interaction = try await signIn.interaction(id, browserDigest: browser.digest, now: clock())
            else { return fault(\.expired, .gone, request) }
            return try await body(
                Submitted(request: request, form: form, interaction: interaction, browser: browser))
        }
    }

    private func givePassword(_ submitted: Submitted) async throws(RecordsUnavailable) -> WebResponse {
        let texts = texts(submitted)
        let login = submitted.form["login"]
        let password = submitted.form["password"]
        var mistakes: [Mistake] = []
        if login == nil { mistakes.append(Mistake(text: texts.mistakes.noLogin, field: "login")) }
        if password == nil { mistakes.append(Mistake(text: texts.mistakes.noPassword, field: "password")) }
        guard let login, let password else { return try await again(submitted, mistakes, .unprocessableContent) }
        let outcome = try await signIn.givePassword(
            submitted.interaction, login: login, password: password, address: submitted.request.network,
            now: clock())
        return try await answer(outcome, submitted, field: "password")
    }

    private func giveCode(_ submitted: Submitted) async throws(RecordsUnavailable) -> WebResponse {
        guard let code = submitted.form["code"] else {
            let mistake = Mistake(text: texts(submitted).mistakes.noCode, field: "code")
            return try await again(submitted, [mistake], .unprocessableContent)
        }
        let outcome = try await signIn.giveCode(
            submitted.interaction, code: code, from: visitor(submitted.request), now: clock())
        return try await answer(outcome, submitted, field: "code")
    }

    private func chooseSituation(_ submitted: Submitted) async throws(RecordsUnavailable) -> WebResponse {
        let cookie = submitted.request.cookie(cookies.session)
        guard let (session, account) = try await signIn.current(cookie: cookie, now: clock()) else {
            return try await proceed(submitted.interaction, fresh: nil, language: submitted.language, submitted.request)
        }
        let refusal: SignIn.Refusal?
        if let id = submitted.form["situation"] {
            refusal = try await signIn.choose(situation: id, session: session, account: account, now: clock())
        } else {
            refusal = .unknownSituation
        }
        if refusal == .unknownSituation {
            let mistake = Mistake(text: texts(submitted).mistakes.noSituation, field: "situation-0")
            return try await again(submitted, [mistake], .unprocessableContent)
        }
        return try await proceed(submitted.interaction, fresh: nil, language: submitted.language, submitted.request)
    }

    private func restart(_ submitted: Submitted) async throws(RecordsUnavailable) -> WebResponse {
        let interaction = try await signIn.startAgain(submitted.interaction)
        return try await proceed(interaction, fresh: nil, language: submitted.language, submitted.request)
    }

    func answer(
        _ outcome: SignIn.Outcome, _ submitted: Submitted, field: String
    ) async throws(RecordsUnavailable) -> WebResponse {
        let texts = texts(submitted)
        switch outcome {
        case .recorded(let interaction, let cookie):
            return try await proceed(interaction, fresh: cookie, language: submitted.language, submitted.request)
        case .refused(.outOfStep):
            return try await proceed(
                submitted.interaction, fresh: nil, language: submitted.language, submitted.request)
        case .refused(let refusal):
            // Without the login: a failure tells the log which request failed, not who somebody claims to be.
            logger.notice(
                "sign-in refused",
                metadata: [
                    "id": "\(submitted.request.id)", "step": "\(field)", "address": "\(submitted.request.address)",
                ])
            let mistake = Mistake(text: texts.text(refusal), field: refusal.field ?? field)
            var response = try await again(submitted, [mistake], refusal.status)
            response.headers[.retryAfter] = refusal.retryAfter.map(String.init)
            return response
        }
    }

    /// The page of the step that is due, with what was wrong.
    private func again(
        _ submitted: Submitted, _ mistakes: [Mistake], _ status: HTTPResponse.Status
    ) async throws(RecordsUnavailable) -> WebResponse {
        let cookie = submitted.request.cookie(cookies.session)
        let position = try await signIn.position(submitted.interaction, cookie: cookie, now: clock())
        return try await show(position, submitted, mistakes, status)
    }

    private func texts(_ submitted: Submitted) -> Texts {
        .of(
            language(
                submitted.request, chosen: submitted.language, uiLocales: submitted.interaction.request.uiLocales))
    }

    private func show(
        _ position: SignIn.Position, _ submitted: Submitted, _ mistakes: [Mistake] = [],
        _ status: HTTPResponse.Status = .ok
    ) async throws(RecordsUnavailable) -> WebResponse {
        let texts = texts(submitted)
        let asked = submitted.interaction.request
        let client = asked.isHome ? nil : try await clients.client(asked.clientID)
        func pages(_ purpose: String) -> SignInPages {
            SignInPages(
                texts: texts,
                context: FormContext(
                    browser: submitted.browser, interaction: submitted.interaction.id, purpose: purpose,
                    language: submitted.language),
                application: client?.name, card: client.map(ApplicationCard.init(client:)))
        }
        var page: Page
        switch position.step {
        case .secondFactor:
            page = pages("code").code(mistakes: mistakes)
        case .enrolSecondFactor:
            guard let account = position.facts.newcomer else { return fault(\.expired, .gone, submitted.request) }
            let (offer, sealed) = signIn.offer(
                submitted.form["offer"], to: account, in: submitted.interaction, now: clock())
            let uri = offer.uri(login: account.login, issuer: endpoints.issuer)
            page = pages("enrol").enrol(offer, sealed: sealed, uri: uri, mistakes: mistakes)
        case .choosePassword:
            page = pages("new-password").newPassword(mistakes: mistakes)
        case .chooseSituation(let offered):
            page = pages("situation").situation(
                offered.map { (id: $0.id, label: $0.label) }, chosen: position.facts.session?.situation,
                action: .interaction, mistakes: mistakes)
        case .signIn(let hint):
            page = pages("password").password(login: submitted.form["login"] ?? hint, mistakes: mistakes)
        case .askConsent:
            guard let client else { return fault(\.expired, .gone, submitted.request) }
            page = ConsentPage(
                texts: texts,
                context: FormContext(
                    browser: submitted.browser, interaction: submitted.interaction.id, purpose: "consent",
                    language: submitted.language)
            ).page(client, asked)
        case .redirect, .issueCode:
            return try await finish(position, submitted.request)
        }
        page.status = status
        page.imageSources = client.map { ApplicationCard(client: $0).imageSources } ?? []
        page.formTargets = RedirectURI.origin(of: asked.redirectURI).map { [$0] } ?? []
        let other: Language = texts.language == .french ? .english : .french
        page.otherLanguageLink = self.page(of: submitted.interaction, language: other.rawValue)
        return answer(page, texts, submitted.browser)
    }
}

extension Duration {
    /// Rounded up: who comes back then is not told to wait again.
    var wholeSeconds: Int64 { (milliseconds + 999) / 1000 }
}

extension SignIn.Refusal {
    var status: HTTPResponse.Status {
        switch self {
        case .wait: .tooManyRequests
        case .busy: .serviceUnavailable
        default: .unprocessableContent
        }
    }

    /// In seconds.
    var retryAfter: Int64? {
        switch self {
        case .wait(let duration): duration.wholeSeconds
        case .busy: 3
        default: nil
        }
    }

    /// The field to go back to, where it is not the step's own.
    var field: String? {
        switch self {
        case .password(let fault): fault.field
        case .wrongNewCode: "code"
        case .wrongEnrolmentCode: "given"
        default: nil
        }
    }
}

extension Texts {
    func text(_ refusal: SignIn.Refusal) -> String {
        switch refusal {
        case .wrongPassword, .outOfStep: mistakes.wrongPassword
        case .wrongCode: mistakes.wrongCode
        case .busy: mistakes.busy
        case .unknownSituation: mistakes.noSituation
        case .wrongNewCode: SecondFactorTexts.of(language).wrongNew
        case .wrongEnrolmentCode: SecondFactorTexts.of(language).wrongGiven
        case .noSecondFactor: SecondFactorTexts.of(language).none
        case .expiredPassword: PasswordTexts.of(language).expired
        case .password(let fault): PasswordTexts.of(language).fault(fault)
        case .wait(let duration):
            duration.wholeSeconds < 60
                ? mistakes.waitSeconds(duration.wholeSeconds)
                : mistakes.waitMinutes((duration.wholeSeconds + 59) / 60)
        }
    }
}
