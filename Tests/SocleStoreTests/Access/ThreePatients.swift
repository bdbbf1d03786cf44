// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import SocleStore
import Testing

/// Three patients, and what becomes of them when they are found to be one.
protocol ThreePatients {}

extension ThreePatients {
    var now: Instant { Instant(seconds: 2000) }

    func id(_ name: String) throws -> PatientIdentifier { try #require(PatientIdentifier(name)) }

    func merge(_ survivor: String, _ absorbed: String) throws -> IdentityChange {
        .merge(survivor: try id(survivor), absorbed: try id(absorbed), at: now)
    }

    func split(_ absorbed: String, after seconds: Int64) throws -> IdentityChange {
        .split(absorbed: try id(absorbed), at: now + .seconds(seconds))
    }

    /// Three patients, each with one choice of its own and one membership.
    func populate(_ store: TestStore) async throws {
        let professional = try Sample.professional().id
        for name in ["PAT-A", "PAT-B", "PAT-C"] {
            let patient = Patient(id: try id(name), name: name)
            try await store.write(
                PersonChange.patient(patient),
                ConsentChange.choose(Sample.choice("c", .mask(.document("DOC-\(name)")), of: patient.id)),
                ConsentChange.join(
                    Membership(
                        id: "m", patient: patient.id, member: .professional(professional),
                        period: Period(start: Instant(seconds: 1)), legalBasis: .recognised)))
        }
    }

    /// What a question about that identifier rests on, as far as a merge can change it.
    func masks(_ name: String, in store: TestStore) async throws -> Set<String> {
        let file = try await StoredAccessRecords(database: store.database).file(of: try id(name))
        return Set(
            (file.choices + file.merged.flatMap(\.choices)).compactMap { choice in
                if case .mask(.document(let document)) = choice.kind { document } else { nil }
            })
    }
}
