// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
package import SocleIdentity

extension SignIn {
    /// Second factor. The session starts with it, unless the password was a temporary one: another is chosen first.
    package func giveCode(
        _ interaction: Interaction, code typed: String, from visitor: Visitor, now: Instant
    ) async throws(RecordsUnavailable) -> Outcome {
        guard let subject = interaction.passwordGivenBy, let account = try await accounts.account(subject: subject),
            NextStep.due(interaction, account, at: now, limits: limits) == .secondFactor
        else { return .refused(.outOfStep) }
        defer { throttle.end(account: subject, address: visitor.address) }
        if let wait = try await throttle.begin(account: subject, address: visitor.address, at: now) {
            return .refused(.wait(wait))
        }
        guard let step = acceptedStep(typed, account: account, now: now) else {
            try await throttle.failed(account: subject, address: visitor.address, at: now)
            return .refused(.wrongCode)
        }
        let acceptCode = SignInChange.acceptCode(subject: subject, step: step)
        var given: Started
        if account.passwordExpires == nil {
            given = try await start(interaction, account: account, changes: [acceptCode], from: visitor, now: now)
        } else {
            given = try await note(interaction, account: account, changes: [acceptCode], now: now)
        }
        switch given.outcome {
        case .committed:
            return .recorded(given.interaction, cookie: given.cookie)
        case .refused(changeIndex: 0):
            // The same code, accepted in another request a moment ago: as wrong as any used code.
            try await throttle.failed(account: subject, address: visitor.address, at: now)
            return .refused(.wrongCode)
        case .refused, .conflict:
            return .refused(.outOfStep)
        }
    }

    /// The second factor is in, and something is still owed before a session.
    /// - Parameter entry: for what is more than a step on the way.
    func note(
        _ interaction: Interaction, account: Account, changes: [any RecordChange], entry: EntryDraft? = nil,
        now: Instant
    ) async throws(RecordsUnavailable) -> Started {
        var interaction = interaction
        interaction.codeGivenAt = now
        let outcome = try await commit(
            Submission(
                changes: changes + [SignInChange.saveInteraction(interaction)], entry: entry,
                stamp: Stamp([RecordKey(.account, account.subject): account.revision])))
        return Started(outcome: outcome, interaction: interaction, cookie: nil)
    }

    /// The step of a code of the account's own second factor, not used yet.
    func acceptedStep(_ typed: String, account: Account, now: Instant) -> Int64? {
        vault.open(account.sealedTOTPSeed, context: Account.seedContext(account.subject)).flatMap {
            TOTP.step(of: typed, seed: $0, after: account.lastTOTPStep, now: now)
        }
    }
}

extension Account {
    /// The associated data under which the TOTP seed of an account is sealed.
    package static func seedContext(_ subject: String) -> String { "totp:\(subject)" }
}
