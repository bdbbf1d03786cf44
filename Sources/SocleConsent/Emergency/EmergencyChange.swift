// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

/// Changes to emergency episodes and to their review.
package enum EmergencyChange: RecordChange, Hashable {
    /// Opens an episode and its review; refused while one of the same address is open. Revision bumped: `.episode`.
    case open(EmergencyEpisode)
    /// Keeps an access of an episode, scored by what is on record.
    case record(EmergencyAccess)
    /// Ends the review of an episode; refused when there is none, or when it has ended.
    case review(episode: String, by: String, conclusion: String, at: Instant)
}
