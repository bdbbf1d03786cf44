// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

extension SignIn {
    /// A dispatch: the next step, and what it was decided from.
    package struct Position: Hashable, Sendable {
        package var step: NextStep
        package var facts: NextStep.Facts
    }

    /// Reads what the dispatcher needs and asks it. One situation or none is recorded here, without a page.
    /// - Parameter cookie: the value of the browser's session cookie.
    package func position(
        _ interaction: Interaction, cookie: String?, now: Instant
    ) async throws(RecordsUnavailable) -> Position {
        var facts = NextStep.Facts(interaction: interaction)
        if let (session, account) = try await current(cookie: cookie, now: now) {
            facts.session = session
            facts.account = account
            facts.situations = try await situations.situations(of: account, at: now)
            if !interaction.request.isHome {
                facts.application = try await applications.standing(
                    interaction.request, subject: account.subject, since: interaction.createdAt)
            }
        }
        if let subject = interaction.passwordGivenBy {
            facts.newcomer = try await accounts.account(subject: subject)
        }
        var position = Position(step: NextStep(facts, at: now, limits: limits, issuer: issuer), facts: facts)
        if case .chooseSituation(let offered) = position.step, offered.count <= 1, let session = facts.session {
            let only = offered.first?.id
            let change = SignInChange.chooseSituation(sessionID: session.id, situation: only)
            guard case .committed = try await commit(Submission(changes: [change], entry: nil)) else {
                facts.session = nil
                return Position(step: NextStep(facts, at: now, limits: limits, issuer: issuer), facts: facts)
            }
            facts.session?.situation = only
            position = Position(step: NextStep(facts, at: now, limits: limits, issuer: issuer), facts: facts)
        }
        return position
    }

    /// The live session of a cookie and its enabled account. Its use is noted, at most once a minute.
    package func current(
        cookie: String?, now: Instant
    ) async throws(RecordsUnavailable) -> (session: Session, account: Account)? {
        guard let cookie, let found = try await sessions.session(cookieDigest: Self.digest(cookie)),
            found.session.isLive(at: now, limits: limits), !found.account.disabled
        else { return nil }
        if found.session.lastSeen + .minutes(1) <= now {
            let touch = SignInChange.touchSession(id: found.session.id, at: now)
            _ = try await commit(Submission(changes: [touch], entry: nil))
        }
        return found
    }
}
