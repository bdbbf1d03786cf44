// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON

extension SignIn {
    /// Who sends a step, as far as the request tells.
    package struct Visitor: Hashable, Sendable {
        /// The value of the browser's session cookie, of a session to renew or to replace.
        package var cookie: String?
        /// What the browser says it is.
        package var device: Device?
        package var address: String

        package init(cookie: String?, device: Device? = nil, address: String) {
            self.cookie = cookie
            self.device = device
            self.address = address
        }
    }

    struct Started {
        var outcome: CommitOutcome
        var interaction: Interaction
        /// The value of the session cookie to set, when a session started.
        var cookie: String?
    }

    /// Starts the session of a person whose every factor is in, or renews the one of this browser, together with what
    /// the last step changes. A session starts here and nowhere else.
    /// - Parameter noting: for the entry, beside what it says of every sign-in.
    func start(
        _ interaction: Interaction, account: Account, changes: [any RecordChange], noting: JSONObject = [:],
        from visitor: Visitor, now: Instant
    ) async throws(RecordsUnavailable) -> Started {
        let previous = try await current(cookie: visitor.cookie, now: now)?.session
        if let previous, previous.subject != account.subject {
            _ = try await signOut(previous, reason: "replaced", now: now)
        }
        let fresh = random.token()
        let renewed = previous?.subject == account.subject
        let session = try await session(
            renewing: renewed ? previous : nil, account: account, cookie: fresh, device: visitor.device, now: now)
        var interaction = interaction
        interaction.forgetFactors()
        interaction.sessionID = session.id
        interaction.authenticatedHere = true
        let entry = entry(session, interaction: interaction, noting: noting, address: visitor.address, now: now)
        let outcome = try await commit(
            Submission(
                changes: changes + [
                    renewed ? SignInChange.renewSession(session) : SignInChange.startSession(session),
                    SignInChange.saveInteraction(interaction),
                ],
                entry: entry, stamp: Stamp([RecordKey(.account, account.subject): account.revision])))
        return Started(outcome: outcome, interaction: interaction, cookie: fresh)
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

    private func entry(
        _ session: Session, interaction: Interaction, noting: JSONObject, address: String, now: Instant
    ) -> EntryDraft {
        var details: JSONObject = [
            "event": "signed_in", "session": .string(session.id), "methods": JSONValue(session.methods),
            "acr": .string(session.acr), "address": .string(address),
        ]
        if !interaction.request.isHome { details["client"] = .string(interaction.request.clientID) }
        if let situation = session.situation { details["situation"] = .string(situation) }
        for (name, value) in noting.members { details[name] = value }
        return EntryDraft(kind: .signIn, instant: now, actor: session.subject, details: details)
    }
}
