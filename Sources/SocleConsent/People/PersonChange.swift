// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

/// Changes to the records of people and places. Each replaces the record of that identifier.
package enum PersonChange: RecordChange, Hashable {
    /// Revision bumped: `.person`, the professional's identifier.
    case professional(Professional)
    /// Revision bumped: `.structure`.
    case structure(Structure)
    /// Revision bumped: `.patient`.
    case patient(Patient)
    /// Revision bumped: `.person`, the account's `sub`.
    case link(AccountLink)
}
