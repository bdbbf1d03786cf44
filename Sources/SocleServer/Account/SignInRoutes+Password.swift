// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleIdentity
import SocleOIDC

/// Change of password, from the account or in place of a temporary one.
extension SignInRoutes {
    var passwordRoutes: [Route] {
        [
            Route(.get, AccountPart.password.rawValue) { request in
                await visit(.password, request) { visit async throws(RecordsUnavailable) in
                    answer(pages(visit).password(visit.account), visit)
                }
            },
            Route(.post, AccountPart.password.rawValue) { request in
                await act(.password, request, changePassword)
            },
        ]
    }

    private func changePassword(_ visit: Visit) async throws(RecordsUnavailable) -> WebResponse {
        let words = PasswordTexts.of(visit.texts.language)
        guard let current = visit.form["current"] else {
            return again(visit, Mistake(text: words.noCurrent, field: "current"))
        }
        let refusal = try await ownAccount.changePassword(
            of: visit.account, in: visit.session, current: current, new: visit.form["new"] ?? "",
            repeated: visit.form["again"] ?? "", address: visit.request.network, now: visit.now)
        guard let refusal else { return done(.password, visit) }
        logger.notice(
            "password not changed", metadata: ["id": "\(visit.request.id)", "address": "\(visit.request.address)"])
        let mistake =
            switch refusal {
            case .password(let fault): Mistake(text: words.fault(fault), field: fault.field)
            case .wrongPassword: Mistake(text: words.wrongCurrent, field: "current")
            case .outOfStep: Mistake(text: words.outOfStep, field: "current")
            default: Mistake(text: visit.texts.text(refusal), field: "current")
            }
        return again(visit, mistake, refusal)
    }

    private func again(_ visit: Visit, _ mistake: Mistake, _ refusal: SignIn.Refusal? = nil) -> WebResponse {
        var page = pages(visit, [mistake]).password(visit.account)
        page.status = refusal?.status ?? page.status
        var response = answer(page, visit)
        response.headers[.retryAfter] = refusal?.retryAfter.map(String.init)
        return response
    }

    func chooseNewPassword(_ submitted: Submitted) async throws(RecordsUnavailable) -> WebResponse {
        let outcome = try await signIn.choosePassword(
            submitted.interaction, new: submitted.form["new"] ?? "", repeated: submitted.form["again"] ?? "",
            from: visitor(submitted.request), now: clock())
        return try await answer(outcome, submitted, field: "new")
    }

    func visitor(_ request: WebRequest) -> SignIn.Visitor {
        SignIn.Visitor(cookie: request.cookie(cookies.session), device: request.device, address: request.network)
    }
}
