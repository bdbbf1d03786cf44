// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
package import SocleIdentity

/// A patient's records with their facts compiled: what a question about that patient rests on. Shared by every question
/// that finds it in memory, and never copied.
package final class GatheredPatient: Sendable {
    package let patient: Patient?
    /// The traits of the records merged into that one.
    private let others: [Patient]
    package let consent: ConsentFacts
    /// Every identifier of this person: an account linked under another one is theirs.
    package let identifiers: Set<PatientIdentifier>
    package let stamp: Stamp
    private let changedAt: Instant?

    package init(_ file: PatientFile) {
        patient = file.patient
        others = file.merged.compactMap(\.traits)
        consent = ConsentFacts(
            memberships: file.memberships, choices: file.choices, teamCapable: file.teamCapable, merged: file.merged)
        identifiers = Set(file.merged.map(\.patient) + [file.patient?.id].compactMap(\.self))
        stamp = file.stamp
        changedAt = file.changedAt
    }

    /// The instant of a question received at that one: never before the last change. The clock that a withdrawal ended by
    /// may be ahead of the one that a question is answered by (another node's, or this one's before it was set back).
    func instant(_ now: Instant) -> Instant { changedAt.map { max(now, $0) } ?? now }
}

/// Where the traits of merged records differ, what opens less counts.
extension GatheredPatient {
    /// One who died under one identifier is dead under the other.
    var isAlive: Bool { patient?.alive == true && others.allSatisfy(\.alive) }

    /// A minor is represented, and a patient unable to speak seen in an emergency, where every record says so.
    func capacity(at instant: Instant) -> Patient.Capacity {
        guard let capacity = patient?.capacity(at: instant) else { return .able }
        return others.allSatisfy { $0.capacity(at: instant) == capacity } ? capacity : .able
    }

    /// The surviving record's, unless another one holds another INS: then it is not known which is right (RNIV).
    var isQualified: Bool {
        guard let patient, patient.insStatus == .qualified else { return false }
        return others.allSatisfy { $0.ins == nil || $0.ins == patient.ins }
    }
}

/// The records of who asks, shared likewise.
package final class GatheredAsker: Sendable {
    package let file: AskerFile
    /// What the account is linked as; a professional without a link is known by the national identifier.
    let kind: SubjectKind?

    package init(_ file: AskerFile) {
        self.file = file
        kind =
            switch file.link?.person {
            case .professional: .professional
            case .patient: .patient
            case .relatedPerson: .relatedPerson
            case .administrator: .admin
            case nil: file.professional == nil ? nil : .professional
            }
    }
}

/// What a question looks like once its facts are known. Shared by its answer and its entry.
package final class FactSheet: Sendable {
    package let facts: Facts
    /// Candidates the person may not see, in the order they were given.
    package let hidden: [String]
    /// Filters that the patient's directives leave to the holder of the data.
    package let residual: [String]
    /// Members of the question that counted for nothing: the journal names them.
    package let ignored: [String]
    /// Whether the caller asked how the answer was reached, and may know.
    package let isTraced: Bool

    package init(
        facts: Facts, hidden: [String] = [], residual: [String] = [], ignored: [String] = [], isTraced: Bool = false
    ) {
        self.facts = facts
        self.hidden = hidden
        self.residual = residual
        self.ignored = ignored
        self.isTraced = isTraced
    }
}
