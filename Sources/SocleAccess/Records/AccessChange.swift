// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit

/// Changes to what applications may ask and to the policies in force.
package enum AccessChange: RecordChange, Hashable {
    /// Replaces the registration of that client. Revision bumped: `.application`, the client's identifier.
    case register(ApplicationRegistration)
    /// Adds a version; refused when its number is not the one that follows the last. Puts nothing in force.
    case addPolicy(PolicyVersion)
    /// Moves the pointer, and records who approved the version; refused when there is no such version, when it is the
    /// one in force, or when its approver is its author. Revision bumped: `.policy`, `active`.
    case activatePolicy(number: Int64, approver: String)
    /// Moves the pointer back; refused as above, and when the version was never in force. Revision bumped: `.policy`,
    /// `active`.
    case rollBackPolicy(number: Int64, approver: String)
}
