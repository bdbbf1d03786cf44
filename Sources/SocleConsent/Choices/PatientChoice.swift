// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Something a patient was told or decided. Never overwritten: a change is the next version of the same choice.
package struct PatientChoice: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The patient was informed of the sharing within the team (CSP L.1110-4, R.1110-3-1). An empty list means
        /// every recipient; otherwise structure identifiers or kinds of place.
        case teamInformation(recipients: Set<String>)
        /// The patient agreed beforehand to the sharing within the team, where a service asks first. Recipients as
        /// for the information.
        case teamConsent(recipients: Set<String>)
        /// Opposition to sharing within the team (CSP L.1110-4 IV).
        case oppositionToSharing
        /// Opposition, given beforehand, to access in an emergency (CSP L.1111-17 I).
        case oppositionInEmergency
        /// Opposition to access by the SAMU's regulating physician (CSP L.1111-17 I).
        case oppositionToRegulation
        /// One professional or one structure is barred.
        case block(Party)
        /// What professionals do not see, its author and an administrator aside (CSP R.1111-49).
        case mask(MaskTarget)
        /// A document a minor keeps from the holders of parental authority (CSP L.1111-5).
        case minorSecret(document: String)
        /// The professional whom the patient lets manage masked documents.
        case administrator(ProfessionalIdentifier)
        /// A person close to the patient acts for them, on the listed categories.
        case carerMandate(RelatedPersonIdentifier, categories: Set<String>)
        /// Consent to sharing with someone outside the team (CSP L.1110-4 III al. 2, D.1110-3-1).
        case consentOutsideTeam(OutsideConsent)
        /// Consent to access by an occupational physician (CSP L.1111-18).
        case occupationalConsent(ProfessionalIdentifier, informed: Bool)
        /// Rules with exceptions, written for any exchange of health data (IHE Privacy Consent on FHIR).
        case directive(ConsentDirective)
    }

    /// Unique for the patient, shared by the versions of one choice.
    package var id: String
    /// 1 for the first, then one more each.
    package var version: Int
    package var patient: PatientIdentifier
    package var kind: Kind
    /// When it holds. Withdrawing writes a version whose period has ended.
    package var period: Period
    package var recordedAt: Instant
    /// Who recorded it: a professional identifier, an account's `sub`, `operator`; nil for the patient.
    package var recordedBy: String?
    /// How the patient was informed or agreed: `dematerialise`, `papier`, ...
    package var evidence: String?

    package init(
        id: String, version: Int = 1, patient: PatientIdentifier, kind: Kind, period: Period, recordedAt: Instant,
        recordedBy: String? = nil, evidence: String? = nil
    ) {
        self.id = id
        self.version = version
        self.patient = patient
        self.kind = kind
        self.period = period
        self.recordedAt = recordedAt
        self.recordedBy = recordedBy
        self.evidence = evidence
    }
}

extension PatientChoice {
    /// The next version of this choice, which stops holding at that instant; nil when it has ended already.
    package func withdrawn(at instant: Instant, by recorder: String?, evidence: String? = nil) -> PatientChoice? {
        guard !period.ended(by: instant) else { return nil }
        var next = self
        next.version += 1
        next.period.end = instant
        next.recordedAt = instant
        next.recordedBy = recorder
        next.evidence = evidence
        return next
    }
}

/// What a mask covers.
package enum MaskTarget: Hashable, Sendable {
    case document(String)
    /// One type, by each of the codes that it has: a question says one of them.
    case types(Set<String>)
    case category(String)

    package static func type(_ code: String) -> MaskTarget { .types([code]) }
}

/// Consent given to one professional or one structure outside the team.
package struct OutsideConsent: Hashable, Sendable {
    package var grantee: Party
    /// Type codes or categories covered; `*` covers everything.
    package var documentTypes: Set<String>
    /// Whether the patient was informed before agreeing (CSP D.1110-3-1): without it the consent is void.
    package var informed: Bool

    package init(grantee: Party, documentTypes: Set<String>, informed: Bool) {
        self.grantee = grantee
        self.documentTypes = documentTypes
        self.informed = informed
    }
}
