// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleCrypto
package import SocleIdentity

/// The steps of a sign-in. Each does its one thing, records it in the interaction or the session, and returns to the
/// dispatcher (`NextStep`): no step knows another.
package struct SignIn: Sendable {
    let accounts: any AccountRecords
    let sessions: any SessionRecords
    let interactions: any InteractionRecords
    let situations: any SituationSource
    let applications: Applications
    let lane: any CommitLane
    let throttle: any FailureThrottle
    let passwords: PasswordCheck
    let vault: Vault
    let random: SecureRandom
    package let limits: SignInLimits
    package let issuer: String

    package init(
        accounts: any AccountRecords, sessions: any SessionRecords, interactions: any InteractionRecords,
        situations: any SituationSource, applications: Applications, lane: any CommitLane,
        throttle: any FailureThrottle,
        passwords: PasswordCheck, vault: Vault, random: SecureRandom, limits: SignInLimits = SignInLimits(),
        issuer: String
    ) {
        self.accounts = accounts
        self.sessions = sessions
        self.interactions = interactions
        self.situations = situations
        self.applications = applications
        self.lane = lane
        self.throttle = throttle
        self.passwords = passwords
        self.vault = vault
        self.random = random
        self.limits = limits
        self.issuer = issuer
    }

    /// How a step ended.
    package enum Outcome: Hashable, Sendable {
        /// Recorded. The cookie is there when the browser is given a new session cookie.
        case recorded(Interaction, cookie: String?)
        case refused(Refusal)
    }

    /// Why a step was refused, as far as the person may know.
    package enum Refusal: Hashable, Sendable {
        /// The login or the password: never which.
        case wrongPassword
        /// The code is wrong, too old, or was used.
        case wrongCode
        /// Too many failures.
        case wait(Duration)
        /// Too many people sign in at this moment; nothing was tried.
        case busy
        /// What the step rests on is no longer there: the dispatcher says what to do instead.
        case outOfStep
        /// Not one of the person's situations.
        case unknownSituation
        /// A temporary password that nobody used in time.
        case expiredPassword
        /// Not a code of the application about to be enrolled.
        case wrongNewCode
        /// Not the code an administrator gave to enrol a second factor.
        case wrongEnrolmentCode
        /// The second factor was taken away, and the leave to enrol another has expired.
        case noSecondFactor
        /// The new password cannot be taken.
        case password(PasswordRules.Fault)
    }

    /// A new interaction, not stored yet: a request that needs no page never is.
    package func interaction(_ request: AuthorizationRequest, browserDigest: String, now: Instant) -> Interaction {
        Interaction(
            id: random.token(), browserDigest: browserDigest, request: request, createdAt: now,
            expires: now + limits.interaction)
    }

    package func save(_ interaction: Interaction) async throws(RecordsUnavailable) {
        _ = try await commit(Submission(changes: [SignInChange.saveInteraction(interaction)], entry: nil))
    }

    /// A stored interaction, for the browser it belongs to and for its time; nil otherwise, without saying why.
    package func interaction(
        _ id: String, browserDigest: String, now: Instant
    ) async throws(RecordsUnavailable) -> Interaction? {
        guard let interaction = try await interactions.interaction(id: id), now < interaction.expires,
            ConstantTime.equals(interaction.browserDigest, browserDigest)
        else { return nil }
        return interaction
    }

    /// Ends an interaction before its code is issued; false when another request did so first.
    package func claim(_ interaction: Interaction) async throws(RecordsUnavailable) -> Bool {
        let submission = Submission(changes: [SignInChange.endInteraction(id: interaction.id)], entry: nil)
        if case .committed = try await commit(submission) { return true }
        return false
    }

    /// What is stored of a cookie or of any other random value a browser holds.
    package static func digest(_ value: String) -> String {
        Base64URL.encode(SHA256.digest(Array(value.utf8)))
    }

    func commit(_ submission: Submission) async throws(RecordsUnavailable) -> CommitOutcome {
        do throws(LaneUnavailable) {
            return try await lane.commit(submission)
        } catch {
            throw RecordsUnavailable(detail: error.detail)
        }
    }
}

/// Password verification, which costs the same whoever asks. nil: too many at once, nothing was tried.
package struct PasswordCheck: Sendable {
    package var verify: @Sendable (_ password: String, _ hash: String) async -> Bool?
    /// The cost of a wrong password, for an account that does not exist or is disabled.
    package var verifyAgainstNothing: @Sendable (_ password: String) async -> Bool?
    /// What is stored of a new password.
    package var hash: @Sendable (_ password: String) async -> String?

    package init(
        verify: @escaping @Sendable (String, String) async -> Bool?,
        verifyAgainstNothing: @escaping @Sendable (String) async -> Bool?,
        hash: @escaping @Sendable (String) async -> String?
    ) {
        self.verify = verify
        self.verifyAgainstNothing = verifyAgainstNothing
        self.hash = hash
    }

    package init(_ pool: PasswordPool) {
        verify = { await pool.verify($0, against: $1) }
        verifyAgainstNothing = { await pool.verifyAgainstNothing($0) }
        hash = { await pool.hash($0) }
    }
}
