// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Who may sign in: one person, with credentials and the person of the records they are.
package struct Account: Hashable, Sendable {
    /// The `sub`: random and stable, never a national identifier.
    package var subject: String
    /// As typed at sign-in, lower-cased.
    package var login: String
    package var displayName: String
    /// The Argon2id hash in PHC form.
    package var passwordHash: String
    /// When it was last set; nil for before that was noted.
    package var passwordSince: Instant?
    /// Until when a temporary password works, and then only to choose another; nil for one's own.
    package var passwordExpires: Instant?
    /// The TOTP seed, sealed by the vault with `totp:<subject>` as associated data; empty when an administrator took
    /// the second factor away: no code is right then.
    package var sealedTOTPSeed: [UInt8]
    /// When it was enrolled, or taken away; nil for before that was noted.
    package var secondFactorSince: Instant?
    /// Leave to enrol another, after it was taken away.
    package var enrolment: PendingEnrolment?
    /// The time step of the last accepted code: a code works once (RFC 6238 §5.2).
    package var lastTOTPStep: Int64
    package var professional: ProfessionalIdentifier?
    /// Roles of the administration console; empty for most.
    package var adminRoles: [String]
    package var contact: ContactDetails
    package var disabled: Bool
    package var revision: Int64

    package init(
        subject: String, login: String, displayName: String, passwordHash: String, sealedTOTPSeed: [UInt8],
        lastTOTPStep: Int64 = 0, professional: ProfessionalIdentifier? = nil, adminRoles: [String] = [],
        contact: ContactDetails = ContactDetails(), disabled: Bool = false, revision: Int64 = 0,
        passwordSince: Instant? = nil, passwordExpires: Instant? = nil,
        secondFactorSince: Instant? = nil, enrolment: PendingEnrolment? = nil
    ) {
        self.subject = subject
        self.login = login
        self.displayName = displayName
        self.passwordHash = passwordHash
        self.passwordSince = passwordSince
        self.passwordExpires = passwordExpires
        self.sealedTOTPSeed = sealedTOTPSeed
        self.secondFactorSince = secondFactorSince
        self.enrolment = enrolment
        self.lastTOTPStep = lastTOTPStep
        self.professional = professional
        self.adminRoles = adminRoles
        self.contact = contact
        self.disabled = disabled
        self.revision = revision
    }
}

extension Account {
    /// How the second factor is given at an instant; nil when nobody can: an administrator has to help.
    package func secondFactor(at now: Instant) -> NextStep? {
        guard sealedTOTPSeed.isEmpty else { return .secondFactor }
        return enrolment.map { now < $0.expires } == true ? .enrolSecondFactor : nil
    }
}
