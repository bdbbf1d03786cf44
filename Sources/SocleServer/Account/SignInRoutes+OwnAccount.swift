// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleOIDC

/// `/account` and its parts: what the person is known by, where they are signed in, and who knows them.
extension SignInRoutes {
    var ownAccountRoutes: [Route] {
        [
            Route(.get, AccountPart.overview.rawValue) { request in await visit(.overview, request, overview) },
            Route(.get, AccountPart.sessions.rawValue) { request in await visit(.sessions, request, showSessions) },
            Route(.post, AccountPart.sessions.rawValue) { request in await act(.sessions, request, endSession) },
            Route(.post, "/account/sessions/others") { request in await act(.sessions, request, endOtherSessions) },
            Route(.get, AccountPart.applications.rawValue) { request in
                await visit(.applications, request, showApplications)
            },
            Route(.post, AccountPart.applications.rawValue) { request in await act(.applications, request, withdraw) },
        ]
    }

    private func overview(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        let words = AccountTexts.of(visit.texts.language)
        let password = PasswordTexts.of(visit.texts.language)
        let factor = SecondFactorTexts.of(visit.texts.language)
        let situations = try await signIn.situations(of: visit.account, now: visit.now)
        return answer(
            pages(visit).overview(
                visit.account, situations: situations,
                parts: [
                    (.password, password.title, password.hint),
                    (.secondFactor, factor.title, factor.hint),
                    (.sessions, words.sessionsTitle, words.sessionsHint),
                    (.applications, words.applicationsTitle, words.applicationsHint),
                ]), visit)
    }

    private func showSessions(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        try await sessionsPage(visit, [])
    }

    private func sessionsPage(
        _ visit: Visit, _ mistakes: [Mistake]
    ) async throws(RecordsUnavailable) -> WebResponse {
        let sessions = try await ownAccount.sessions(of: visit.account, now: visit.now)
        return answer(pages(visit, mistakes).sessions(sessions, current: visit.session), visit)
    }

    private func endSession(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        let id = visit.form["session"] ?? ""
        guard try await ownAccount.end(session: id, of: visit.account, now: visit.now) else {
            let words = AccountTexts.of(visit.texts.language)
            return try await sessionsPage(visit, [Mistake(text: words.sessionGone, field: "content")])
        }
        return done(.session, visit)
    }

    private func endOtherSessions(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        try await ownAccount.endOthers(than: visit.session, of: visit.account, now: visit.now)
        return done(.others, visit)
    }

    private func showApplications(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        try await applicationsPage(visit, [])
    }

    private func applicationsPage(
        _ visit: Visit, _ mistakes: [Mistake]
    ) async throws(RecordsUnavailable) -> WebResponse {
        let known = try await ownAccount.applications(of: visit.account, now: visit.now)
        return answer(pages(visit, mistakes).applications(known), visit)
    }

    private func withdraw(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        let id = visit.form["client"] ?? ""
        guard try await ownAccount.withdraw(from: id, account: visit.account, now: visit.now) else {
            let words = AccountTexts.of(visit.texts.language)
            return try await applicationsPage(visit, [Mistake(text: words.applicationGone, field: "content")])
        }
        return done(.application, visit)
    }
}
