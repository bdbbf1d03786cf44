// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
package import SocleIdentity

/// A patient's team and choices, and the resources that say them so far, read in one snapshot.
package struct PresentedFile: Sendable {
    package var patient: PatientIdentifier
    package var memberships: [Membership]
    /// Every version of every choice.
    package var history: [PatientChoice]
    /// The current `CareTeam` and `Consent` resources about the patient.
    package var resources: [StoredVersion]
    package var stamp: Stamp

    package init(
        patient: PatientIdentifier, memberships: [Membership], history: [PatientChoice], resources: [StoredVersion],
        stamp: Stamp
    ) {
        self.patient = patient
        self.memberships = memberships
        self.history = history
        self.resources = resources
        self.stamp = stamp
    }
}

extension PresentedFile {
    /// The care teams that applications wrote, and ours.
    var teams: Set<String> { Set(resources.filter { $0.reference.type == "CareTeam" }.map(\.reference.id)) }

    /// The memberships of each team, in order; ours holds those of no other.
    var membershipsByTeam: [(team: String, memberships: [Membership])] {
        let known = teams.union([OwnTeam.id(of: patient, among: teams)])
        return known.sorted().map { team in (team, memberships.filter { $0.team(among: known) == team }) }
    }

    /// The versions of each choice, the oldest first.
    var choices: [[PatientChoice]] {
        Dictionary(grouping: history, by: \.id).sorted { $0.key < $1.key }
            .map { $0.value.sorted { $0.version < $1.version } }
    }

    func consent(of choice: PatientChoice) -> StoredVersion? {
        let consents = resources.filter { $0.reference.type == "Consent" }
        return consents.first { $0.reference.id == choice.id }
            ?? choice.resourceIDs.lazy.compactMap { id in consents.first { $0.reference.id == id } }.first
    }
}

extension Membership {
    /// The care team a stay belongs to: the one that wrote it (`team/2.1`), else ours.
    func team(among teams: Set<String>) -> String {
        let writer = id.prefix { $0 != "/" }
        return writer.count < id.count && teams.contains(String(writer))
            ? String(writer) : OwnTeam.id(of: patient, among: teams)
    }
}
