// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleIdentity
import SocleOIDC

/// The second factor: seen, replaced from the account, or enrolled where an administrator took the former away.
extension SignInRoutes {
    var secondFactorRoutes: [Route] {
        let replace = AccountPart.replaceSecondFactor
        return [
            Route(.get, AccountPart.secondFactor.rawValue) { request in
                await visit(.secondFactor, request) { visit async throws(RecordsUnavailable) in
                    answer(pages(visit).secondFactor(visit.account), visit)
                }
            },
            Route(.get, replace.rawValue) { request in await visit(replace, request, showReplacement) },
            Route(.post, replace.rawValue) { request in await act(replace, request, replaceSecondFactor) },
        ]
    }

    private func showReplacement(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        guard ownAccount.isRecent(visit.session, now: visit.now) else { return await giveFactorsAgain(visit) }
        return replacementPage(visit, [])
    }

    /// Both factors anew, by the same person, and back.
    private func giveFactorsAgain(_ visit: Visit) async -> WebResponse {
        var asked = AuthorizationRequest.home(
            returningTo: visit.part, person: visit.account.subject, maximumAge: OwnAccount.recent.wholeSeconds - 1)
        asked.loginHint = visit.account.login
        return await begin(asked, visit.request)
    }

    private func replacementPage(_ visit: Visit, _ mistakes: [Mistake]) -> WebResponse {
        let (offer, sealed) = ownAccount.offer(
            visit.form["offer"], to: visit.account, in: visit.session, now: visit.now)
        let uri = offer.uri(login: visit.account.login, issuer: endpoints.issuer)
        return answer(pages(visit, mistakes).replaceSecondFactor(offer, sealed: sealed, uri: uri), visit)
    }

    private func replaceSecondFactor(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        guard ownAccount.isRecent(visit.session, now: visit.now) else { return .redirect(to: visit.part.rawValue) }
        let refusal = try await ownAccount.replaceSecondFactor(
            of: visit.account, in: visit.session, sealed: visit.form["offer"] ?? "",
            present: visit.form["present"] ?? "", code: visit.form["code"] ?? "", address: visit.request.network,
            now: visit.now)
        guard let refusal else {
            var shown = visit
            shown.part = .secondFactor
            return done(.secondFactor, shown)
        }
        logger.notice(
            "second factor not replaced",
            metadata: ["id": "\(visit.request.id)", "address": "\(visit.request.address)"])
        let words = SecondFactorTexts.of(visit.texts.language)
        let mistake =
            switch refusal {
            case .wrongCode: Mistake(text: words.wrongPresent, field: "present")
            case .outOfStep: Mistake(text: words.outOfStep, field: "code")
            default: Mistake(text: visit.texts.text(refusal), field: refusal.field ?? "present")
            }
        var response = replacementPage(visit, [mistake])
        response.status = refusal.status
        response.headers[.retryAfter] = refusal.retryAfter.map(String.init)
        return response
    }

    func enrol(_ submitted: Submitted) async throws(RecordsUnavailable) -> WebResponse {
        let outcome = try await signIn.enrol(
            submitted.interaction, sealed: submitted.form["offer"] ?? "", given: submitted.form["given"] ?? "",
            code: submitted.form["code"] ?? "", from: visitor(submitted.request), now: clock())
        return try await answer(outcome, submitted, field: "code")
    }
}
