// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
package import SocleIdentity

/// A patient's records with their facts compiled: what a question about that patient rests on. Shared by every question
/// that finds it in memory, and never copied.
package final class GatheredPatient: Sendable {
    package let patient: Patient?
    package let consent: ConsentFacts
    /// Every identifier of this person: an account linked under another one is theirs.
    package let identifiers: Set<PatientIdentifier>
    package let stamp: Stamp

    package init(_ file: PatientFile) {
        patient = file.patient
        consent = ConsentFacts(
            memberships: file.memberships, choices: file.choices, teamCapable: file.teamCapable, merged: file.merged)
        identifiers = Set(file.merged.map(\.patient) + [file.patient?.id].compactMap(\.self))
        stamp = file.stamp
    }
}

/// The records of who asks, shared likewise.
package final class GatheredAsker: Sendable {
    package let file: AskerFile

    package init(_ file: AskerFile) { self.file = file }
}

/// What a question looks like once its facts are known.
package struct FactSheet: Hashable, Sendable {
    package var facts: Facts
    /// Candidates the person may not see, in the order they were given.
    package var hidden: [String]
    /// Filters that the patient's directives leave to the holder of the data.
    package var residual: [String]
    /// Members of the question that counted for nothing: the journal names them.
    package var ignored: [String]
    /// Whether the caller asked how the answer was reached, and may know.
    package var isTraced: Bool

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
