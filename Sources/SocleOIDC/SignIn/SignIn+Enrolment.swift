// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
package import SocleIdentity
import SocleJSON

extension SignIn {
    /// A second factor in place of one that an administrator took away, by who has the password and the code that
    /// administrator gave them: a password alone opens nothing, here no more than elsewhere.
    /// - Parameters:
    ///   - given: the administrator's code.
    ///   - code: of the application just enrolled.
    package func enrol(
        _ interaction: Interaction, sealed: String, given: String, code: String, from visitor: Visitor, now: Instant
    ) async throws(RecordsUnavailable) -> Outcome {
        guard let subject = interaction.passwordGivenBy, let account = try await accounts.account(subject: subject),
            NextStep.due(interaction, account, at: now, limits: limits) == .enrolSecondFactor,
            let offer = SecondFactorOffer(
                sealed: sealed, subject: subject, place: interaction.id, vault: vault, now: now)
        else { return .refused(.outOfStep) }
        guard let step = offer.step(of: code, now: now) else { return .refused(.wrongNewCode) }
        defer { throttle.end(account: subject, address: visitor.address) }
        if let wait = try await throttle.begin(account: subject, address: visitor.address, at: now) {
            return .refused(.wait(wait))
        }
        guard let expected = account.enrolment?.digest,
            ConstantTime.equals(expected, PendingEnrolment.digest(of: given))
        else {
            try await throttle.failed(account: subject, address: visitor.address, at: now)
            return .refused(.wrongEnrolmentCode)
        }
        let enrolment = enrolment(of: offer, account: account, step: step, now: now)
        let started =
            try await account.passwordExpires == nil
            ? start(
                interaction, account: account, changes: [enrolment], noting: ["second_factor": "enrolled"],
                from: visitor, now: now)
            : note(
                interaction, account: account, changes: [enrolment],
                entry: EntryDraft(
                    kind: .signIn, instant: now, actor: subject,
                    details: ["event": "second_factor_enrolled", "address": .string(visitor.address)]), now: now)
        if case .committed = started.outcome { return .recorded(started.interaction, cookie: started.cookie) }
        return .refused(.outOfStep)
    }

    /// A new seed for the page of an interaction, or the one that page showed already.
    package func offer(
        _ sealed: String?, to account: Account, in interaction: Interaction, now: Instant
    ) -> (offer: SecondFactorOffer, sealed: String) {
        offer(sealed, to: account, place: interaction.id, now: now)
    }

    func offer(
        _ sealed: String?, to account: Account, place: String, now: Instant
    ) -> (offer: SecondFactorOffer, sealed: String) {
        if let sealed,
            let known = SecondFactorOffer(
                sealed: sealed, subject: account.subject, place: place, vault: vault, now: now)
        {
            return (known, sealed)
        }
        let new = SecondFactorOffer(random: random, expires: now + limits.newCredentials)
        return (new, new.sealed(subject: account.subject, place: place, vault: vault, random: random))
    }

    func enrolment(of offer: SecondFactorOffer, account: Account, step: Int64, now: Instant) -> SignInChange {
        .setSecondFactor(
            subject: account.subject,
            sealedSeed: vault.seal(offer.seed, context: Account.seedContext(account.subject), random: random),
            step: step, at: now)
    }
}
