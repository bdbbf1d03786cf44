// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent

/// The episodes of emergencies, as the decision point reads them.
package protocol EmergencyRecords: Sendable {
    /// The last episode of each address, with the revisions of all of them: one snapshot.
    func episodes(
        of addresses: Set<EmergencyEpisode.Address>
    ) async throws(RecordsUnavailable) -> (episodes: [EmergencyEpisode], stamp: Stamp)
}
