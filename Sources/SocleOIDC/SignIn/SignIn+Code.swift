// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
package import SocleIdentity
import SocleJSON

extension SignIn {
    /// Second factor. The session starts here and nowhere else: there is none before both factors are given.
    /// - Parameters:
    ///   - cookie: the value of the browser's session cookie, of a session to renew or to replace.
    ///   - device: what the browser says it is.
    package func giveCode(
        _ interaction: Interaction, code typed: String, cookie: String?, device: Device? = nil, address: String,
        now: Instant
    ) async throws(RecordsUnavailable) -> Outcome {
        guard let subject = interaction.passwordGivenBy, let given = interaction.passwordGivenAt,
            now < given + limits.passwordToCode, let account = try await accounts.account(subject: subject),
            !account.disabled
        else { return .refused(.outOfStep) }
        defer { throttle.end(account: subject, address: address) }
        if let wait = try await throttle.begin(account: subject, address: address, at: now) {
            return .refused(.wait(wait))
        }
        guard let step = acceptedStep(typed, account: account, now: now) else {
            try await throttle.failed(account: subject, address: address, at: now)
            return .refused(.wrongCode)
        }
        let previous = try await current(cookie: cookie, now: now)?.session
        if let previous, previous.subject != subject { _ = try await signOut(previous, reason: "replaced", now: now) }
        let fresh = random.token()
        let renewed = previous?.subject == subject
        let session = try await session(
            renewing: renewed ? previous : nil, account: account, cookie: fresh, device: device, now: now)
        var interaction = interaction
        interaction.passwordGivenBy = nil
        interaction.passwordGivenAt = nil
        interaction.sessionID = session.id
        interaction.authenticatedHere = true
        let outcome = try await commit(
            Submission(
                changes: [
                    SignInChange.acceptCode(subject: subject, step: step),
                    renewed ? SignInChange.renewSession(session) : SignInChange.startSession(session),
                    SignInChange.saveInteraction(interaction),
                ],
                entry: entry(session, interaction: interaction, address: address, now: now),
                stamp: Stamp([RecordKey(.account, subject): account.revision])))
        switch outcome {
        case .committed:
            return .recorded(interaction, cookie: fresh)
        case .refused(changeIndex: 0):
            // The same code, accepted in another request a moment ago: as wrong as any used code.
            try await throttle.failed(account: subject, address: address, at: now)
            return .refused(.wrongCode)
        case .refused, .conflict:
            return .refused(.outOfStep)
        }
    }

    private func acceptedStep(_ typed: String, account: Account, now: Instant) -> Int64? {
        // Authenticator applications show `123 456`.
        let code = typed.filter { !$0.isWhitespace }
        guard code.utf8.count == TOTP.digits, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let seed = vault.open(account.sealedTOTPSeed, context: Account.seedContext(account.subject)),
            let totp = TOTP(seed: seed)
        else { return nil }
        return totp.matching(code, at: now.seconds, after: account.lastTOTPStep)
    }

    private func session(
        renewing previous: Session?, account: Account, cookie: String, device: Device?, now: Instant
    ) async throws(RecordsUnavailable) -> Session {
        let offered = try await situations.situations(of: account, at: now)
        var situation = offered.count == 1 ? offered.first?.id : nil
        if let kept = previous?.situation, offered.contains(where: { $0.id == kept }) { situation = kept }
        return Session(
            id: previous?.id ?? random.token(), cookieDigest: Self.digest(cookie), subject: account.subject,
            authenticatedAt: now, methods: ["pwd", "otp", "mfa"], acr: "eidas1", situation: situation, lastSeen: now,
            expires: now + limits.absolute, startedAt: previous?.startedAt ?? now, device: device)
    }

    private func entry(_ session: Session, interaction: Interaction, address: String, now: Instant) -> EntryDraft {
        var details: JSONObject = [
            "event": "signed_in", "session": .string(session.id), "methods": JSONValue(session.methods),
            "acr": .string(session.acr), "address": .string(address),
        ]
        if !interaction.request.isHome { details["client"] = .string(interaction.request.clientID) }
        if let situation = session.situation { details["situation"] = .string(situation) }
        return EntryDraft(kind: .signIn, instant: now, actor: session.subject, details: details)
    }
}

extension Account {
    /// The associated data under which the TOTP seed of an account is sealed.
    package static func seedContext(_ subject: String) -> String { "totp:\(subject)" }
}
