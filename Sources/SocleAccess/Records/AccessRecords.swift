// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
package import SocleIdentity

/// The records a decision rests on, as the decision point reads them.
///
/// Each read is one snapshot; the revisions of the stamp are read before the facts, or with them.
package protocol AccessRecords: Sendable {
    /// The application, the person asking and the number of the policy version in force.
    func asker(client: String, subject: SubjectReference) async throws(RecordsUnavailable) -> AskerFile
    /// Everything recorded of a patient that can weigh on an access.
    func file(of patient: PatientIdentifier) async throws(RecordsUnavailable) -> PatientFile
    /// nil when there is no such version.
    func policy(number: Int64) async throws(RecordsUnavailable) -> PolicyVersion?
}

/// The records could not be read: no question is answered from a guess.
package struct RecordsUnavailable: Error, Equatable {
    package var detail: String
    package init(detail: String) { self.detail = detail }
}

/// How a question names its subject.
package enum SubjectReference: Hashable, Sendable {
    /// The `sub` of an account.
    case account(String)
    /// `rpps:` and the national identifier, for applications entitled to use it.
    case professional(ProfessionalIdentifier)
    /// The application itself.
    case application
}

/// The asking application and person.
package struct AskerFile: Hashable, Sendable {
    package var registration: ApplicationRegistration?
    package var link: AccountLink?
    /// When the link, or the reference, names a professional of the records.
    package var professional: Professional?
    /// The version in force; nil when none was ever published.
    package var policyNumber: Int64?
    package var stamp: Stamp

    package init(
        registration: ApplicationRegistration?, link: AccountLink? = nil, professional: Professional? = nil,
        policyNumber: Int64?, stamp: Stamp
    ) {
        self.registration = registration
        self.link = link
        self.professional = professional
        self.policyNumber = policyNumber
        self.stamp = stamp
    }
}

/// What is recorded of one patient.
package struct PatientFile: Hashable, Sendable {
    /// nil when no such patient is known. Of a merged identifier: the survivor.
    package var patient: Patient?
    package var memberships: [Membership]
    /// The last version of each choice.
    package var choices: [PatientChoice]
    /// The structures among the members that can form a team by exercising there.
    package var teamCapable: Set<StructureIdentifier>
    /// The records that the identity server merged into this one.
    package var merged: [MergedRecord]
    package var stamp: Stamp
    /// The last instant at which any of this was changed, by the clock of whoever did; nil when it never was.
    package var changedAt: Instant?

    package init(
        patient: Patient?, memberships: [Membership] = [], choices: [PatientChoice] = [],
        teamCapable: Set<StructureIdentifier> = [], merged: [MergedRecord] = [], stamp: Stamp = Stamp()
    ) {
        self.patient = patient
        self.memberships = memberships
        self.choices = choices
        self.teamCapable = teamCapable
        self.merged = merged
        self.stamp = stamp
    }
}
