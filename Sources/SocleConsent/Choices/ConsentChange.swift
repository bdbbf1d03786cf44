// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

/// Changes to a patient's care team and choices. Every one bumps the patient's revision.
package enum ConsentChange: RecordChange, Hashable {
    /// Adds a membership; refused when the identifier is taken.
    case join(Membership)
    /// Ends a membership that is still open at that instant; refused when there is none. A member of whom the record
    /// then lists no stay leaves the team of every identifier merged with it.
    case leave(patient: PatientIdentifier, membership: String, at: Instant)
    /// Records a choice, or its next version; refused when its version is not the one that follows the last.
    case choose(PatientChoice)
    /// Records a referral; refused when the identifier is taken.
    case refer(Referral)
}
