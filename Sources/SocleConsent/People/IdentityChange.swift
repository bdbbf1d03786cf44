// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleIdentity

/// What the identity-matching server says of the identifiers of patients. No choice is ever moved or rewritten: the
/// records stay apart underneath, and are read together. A correction of traits is `PersonChange.patient`.
///
/// Revisions bumped: `.patient`, of every identifier of the group.
package enum IdentityChange: RecordChange, Hashable {
    /// Two identifiers are one person: from now on either is answered for with both records, as the survivor.
    /// Refused when either is unknown, when they are one already, or when the absorbed one was absorbed before.
    case merge(survivor: PatientIdentifier, absorbed: PatientIdentifier, at: Instant)
    /// A merge was a mistake: the absorbed record, with what was merged into it, stands alone again. What either
    /// refused or took back in between holds for both, since nobody knows which of them spoke; a grant stays where it
    /// was recorded. Refused when the record was not absorbed.
    case split(absorbed: PatientIdentifier, at: Instant)
}
