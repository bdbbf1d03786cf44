// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One profession in one structure, as offered for choice after authentication and put in tokens.
package struct ExerciseSituation: Hashable, Sendable {
    /// Unique for the person: the structure's identifier.
    package var id: String
    /// What the person reads: structure and profession.
    package var label: String

    package init(id: String, label: String) {
        self.id = id
        self.label = label
    }
}
