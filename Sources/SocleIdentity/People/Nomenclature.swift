// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A table of codes of several systems, looked up by code and system together.
///
/// Code 93 names two professions in two systems: there is no look-up by code alone.
package struct Nomenclature: Sendable {
    private var labels: [CodedConcept: String]

    package init(_ entries: some Sequence<(CodedConcept, String)>) {
        // The first of two labels for the same concept is kept: tables list the preferred one first.
        labels = Dictionary(entries.map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
    }

    package func label(of concept: CodedConcept) -> String? { labels[concept] }
    package func contains(_ concept: CodedConcept) -> Bool { labels[concept] != nil }
    package var count: Int { labels.count }
}

/// The code systems that rules name.
package enum CodeSystem {
    /// TRE_G15-ProfessionSante: the health professions of the public health code.
    package static let healthProfessions = "1.2.250.1.71.1.2.7"
    /// TRE_R94-ProfessionSocial.
    package static let socialProfessions = "1.2.250.1.213.1.6.1.4"
    /// TRE_R95-UsagerTitre.
    package static let titles = "1.2.250.1.213.1.6.1.109"
    /// TRE_R85-RolePriseCharge: functions without a profession.
    package static let careRoles = "1.2.250.1.213.1.6.1.107"
}
