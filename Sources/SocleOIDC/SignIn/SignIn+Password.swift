// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

extension SignIn {
    /// First factor. Whether an account exists shows neither in the answer nor in the work done for it.
    package func givePassword(
        _ interaction: Interaction, login typed: String, password: String, address: String, now: Instant
    ) async throws(RecordsUnavailable) -> Outcome {
        var account: Account?
        let login = Login(typed)
        if let login { account = try await accounts.account(login: login) }
        // Under the login as it would be found: spellings that share an account share its failures, known or not.
        let key = account?.subject ?? UnknownAccount.key(login?.value ?? typed)
        defer { throttle.end(account: key, address: address) }
        if let wait = try await throttle.begin(account: key, address: address, at: now) { return .refused(.wait(wait)) }
        let right: Bool?
        if let account, !account.disabled {
            right = await passwords.verify(password, account.passwordHash)
        } else {
            right = await passwords.verifyAgainstNothing(password)
        }
        guard let right else { return .refused(.busy) }
        guard right, let account, !account.disabled else {
            try await throttle.failed(account: key, address: address, at: now)
            return .refused(.wrongPassword)
        }
        if let expires = account.passwordExpires, expires <= now { return .refused(.expiredPassword) }
        if account.secondFactor(at: now) == nil { return .refused(.noSecondFactor) }
        var interaction = interaction
        interaction.forgetFactors()
        interaction.passwordGivenBy = account.subject
        interaction.passwordGivenAt = now
        try await save(interaction)
        return .recorded(interaction, cookie: nil)
    }

    /// Forgets the password given, for a person who is not that account.
    package func startAgain(_ interaction: Interaction) async throws(RecordsUnavailable) -> Interaction {
        var interaction = interaction
        interaction.forgetFactors()
        try await save(interaction)
        return interaction
    }
}
