// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

/// Something a patient or their *médecin traitant* must be told. Written with the change it tells of, in one
/// transaction; delivered afterwards, by the application registered for its subject.
package struct Notice: Hashable, Sendable {
    package enum Subject: String, Sendable, CaseIterable {
        case breakGlass = "break_glass"
        case regulation = "regulation_15"
        /// Someone else than the patient added a member to the team (CSP D.1110-3-2).
        case memberAdded = "member_added"
    }

    package enum Recipient: Hashable, Sendable {
        case patient
        case professional(ProfessionalIdentifier)
    }

    package var patient: PatientIdentifier
    package var recipient: Recipient
    package var subject: Subject
    /// The episode or the membership.
    package var about: String
    /// What the one it is about is.
    package var kind: Party.Kind
    package var createdAt: Instant
    /// When the stay of a member begins, where that was still to come.
    package var begins: Instant?

    package init(
        patient: PatientIdentifier, recipient: Recipient, subject: Subject, about: String,
        kind: Party.Kind = .professional, createdAt: Instant, begins: Instant? = nil
    ) {
        self.patient = patient
        self.recipient = recipient
        self.subject = subject
        self.about = about
        self.kind = kind
        self.createdAt = createdAt
        self.begins = begins.flatMap { $0 > createdAt ? $0 : nil }
    }
}

extension Notice.Recipient {
    /// `patient`, or `professional/899700100011`.
    package var text: String {
        switch self {
        case .patient: "patient"
        case .professional(let id): "professional/\(id.value)"
        }
    }

    package init?(_ text: String) {
        if text == "patient" {
            self = .patient
        } else if text.hasPrefix("professional/"), let id = ProfessionalIdentifier(String(text.dropFirst(13))) {
            self = .professional(id)
        } else {
            return nil
        }
    }
}

package enum NoticeChange: RecordChange, Hashable {
    /// Queues a notice; the same one is queued once.
    case queue(Notice)
}

extension Membership {
    /// What the patient is told of a member someone else lists; nil when they did it themselves, were told already,
    /// or when the stay is over.
    package func notice(at instant: Instant) -> Notice? {
        guard let addedBy, addedBy != patient.value, information == nil, !period.ended(by: instant) else { return nil }
        return Notice(
            patient: patient, recipient: .patient, subject: .memberAdded, about: id, kind: member.kind,
            createdAt: instant, begins: period.start)
    }
}
