// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleOIDC

/// The answer of the page that asks whether an application may know the person.
extension SignInRoutes {
    func consent(_ submitted: Submitted) async throws(RecordsUnavailable) -> WebResponse {
        let cookie = submitted.request.cookie(cookies.session)
        let position = try await signIn.position(submitted.interaction, cookie: cookie, now: clock())
        // Only what is being asked can be answered: a form kept from earlier says nothing about it.
        guard case .askConsent = position.step, let account = position.facts.account else {
            return try await proceed(submitted.interaction, fresh: nil, language: submitted.language, submitted.request)
        }
        let asked = submitted.interaction.request
        switch submitted.form["answer"] {
        case "allow":
            try await signIn.agree(to: asked, account: account, now: clock())
            return try await proceed(submitted.interaction, fresh: nil, language: submitted.language, submitted.request)
        case "refuse":
            try await signIn.decline(asked, account: account, now: clock())
            var refused = position
            refused.step = .redirect(
                AuthorizationResponse(
                    refusing: ProtocolError(.accessDenied, "the person refused"), to: asked, issuer: endpoints.issuer))
            return try await finish(refused, submitted.request)
        default:
            return fault(\.invalid, .badRequest, submitted.request)
        }
    }
}
