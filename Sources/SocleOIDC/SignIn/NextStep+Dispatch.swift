// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

extension NextStep {
    /// What the dispatcher looks at.
    package struct Facts: Hashable, Sendable {
        package var interaction: Interaction
        /// The session of the browser's cookie and its account: never one merely named by the interaction.
        package var session: Session?
        package var account: Account?
        /// Who gave a password in this interaction, while no session came of it.
        package var newcomer: Account?
        /// The situations of that account.
        package var situations: [ExerciseSituation]
        /// How the application that asks stands towards that account; nil at the launcher.
        package var application: ApplicationStanding?

        package init(
            interaction: Interaction, session: Session? = nil, account: Account? = nil,
            newcomer: Account? = nil, situations: [ExerciseSituation] = [], application: ApplicationStanding? = nil
        ) {
            self.interaction = interaction
            self.session = session
            self.account = account
            self.newcomer = newcomer
            self.situations = situations
            self.application = application
        }
    }

    /// Where the browser goes next. The only place that knows the order of the steps.
    package init(_ facts: Facts, at now: Instant, limits: SignInLimits, issuer: String) {
        let request = facts.interaction.request
        let silent = request.prompts.contains(.none)
        guard let session = facts.usableSession(at: now, limits: limits) else {
            if silent {
                self = .refuse(.loginRequired, "nobody is signed in", request, issuer)
            } else {
                self =
                    facts.newcomer.flatMap { NextStep.due(facts.interaction, $0, at: now, limits: limits) }
                    ?? .signIn(loginHint: request.loginHint)
            }
            return
        }
        guard facts.isSituated(session) else {
            // One situation or none leaves nothing to ask: the caller records it and comes back.
            self =
                silent && facts.situations.count > 1
                ? .refuse(.interactionRequired, "an exercise situation must be chosen", request, issuer)
                : .chooseSituation(facts.situations)
            return
        }
        if let acr = request.claims.essentialACR, !acr.contains(session.acr) {
            // An essential claim that cannot be met is a failed authentication (OpenID Connect Core §5.5.1.1).
            self = .refuse(.unmetAuthenticationRequirements, "no sign-in here is of that level", request, issuer)
            return
        }
        if facts.application?.isConsentDue == true {
            self = silent ? .refuse(.consentRequired, "the person has to agree", request, issuer) : .askConsent
            return
        }
        self = .issueCode(sessionID: session.id)
    }

    /// What the person who gave a password has still to give before a session starts; nil when the password no longer
    /// counts. The steps ask it too, so that none can be taken out of turn.
    static func due(
        _ interaction: Interaction, _ account: Account, at now: Instant, limits: SignInLimits
    ) -> NextStep? {
        guard account.subject == interaction.passwordGivenBy, !account.disabled,
            let given = interaction.passwordGivenAt,
            // A password changed or reset since opens nothing; below, nor does a second factor replaced since.
            account.passwordSince.map({ $0 <= given }) ?? true,
            account.passwordExpires.map({ now < $0 }) ?? true
        else { return nil }
        guard let code = interaction.codeGivenAt else {
            let step = account.secondFactor(at: now)
            let patience = step == .enrolSecondFactor ? limits.newCredentials : limits.passwordToCode
            return now < given + patience ? step : nil
        }
        guard account.passwordExpires != nil, account.secondFactor(at: now) == .secondFactor,
            account.secondFactorSince.map({ $0 <= code }) ?? true
        else { return nil }
        return now < code + limits.newCredentials ? .choosePassword : nil
    }

    private static func refuse(
        _ code: ProtocolError.Code, _ message: String, _ request: AuthorizationRequest, _ issuer: String
    ) -> NextStep {
        .redirect(AuthorizationResponse(refusing: ProtocolError(code, message), to: request, issuer: issuer))
    }
}

extension NextStep.Facts {
    /// The session, when it is live, its account enabled, and the request does not ask for the factors again.
    fileprivate func usableSession(at now: Instant, limits: SignInLimits) -> Session? {
        guard let session, session.isLive(at: now, limits: limits), let account, !account.disabled,
            account.subject == session.subject
        else { return nil }
        let request = interaction.request
        if interaction.authenticatedHere { return interaction.sessionID == session.id ? session : nil }
        // The application expects someone else (OpenID Connect Core §3.1.2.1, `id_token_hint`).
        if let hinted = request.hintedSubject, hinted != application?.issuedSubject ?? session.subject { return nil }
        if request.prompts.contains(.login) || request.prompts.contains(.selectAccount) { return nil }
        // In whole seconds, as `auth_time` tells the client; `max_age=0` is `prompt=login`.
        if let age = request.maximumAge, age == 0 || now.seconds - session.authenticatedAt.seconds > age { return nil }
        return session
    }

    fileprivate func isSituated(_ session: Session) -> Bool {
        guard let chosen = session.situation else { return situations.isEmpty }
        return situations.contains { $0.id == chosen }
    }
}
