// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity
import SocleJSON

extension SignIn {
    /// The password chosen in place of a temporary one, after both factors were given with it. The session starts
    /// with it and not before, so that nothing is open to who has a temporary password alone.
    package func choosePassword(
        _ interaction: Interaction, new: String, repeated: String, from visitor: Visitor, now: Instant
    ) async throws(RecordsUnavailable) -> Outcome {
        guard let subject = interaction.passwordGivenBy, let account = try await accounts.account(subject: subject),
            NextStep.due(interaction, account, at: now, limits: limits) == .choosePassword
        else { return .refused(.outOfStep) }
        if let fault = PasswordRules.fault(new, repeated: repeated, login: account.login) {
            return .refused(.password(fault))
        }
        guard let unchanged = await passwords.verify(new, account.passwordHash) else { return .refused(.busy) }
        guard !unchanged else { return .refused(.password(.unchanged)) }
        guard let hash = await passwords.hash(new) else { return .refused(.busy) }
        let started = try await start(
            interaction, account: account,
            changes: [SignInChange.setPassword(subject: subject, hash: hash, expires: nil, at: now)],
            noting: ["password": "changed"], from: visitor, now: now)
        if case .committed = started.outcome { return .recorded(started.interaction, cookie: started.cookie) }
        return .refused(.outOfStep)
    }
}
