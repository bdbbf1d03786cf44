// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
package import SocleConsent
package import SocleIdentity

/// The indexes of searches, in the store. Every list begins after a key, so that a page costs what it holds.
package struct StoredSearch: SearchRecords {
    private let database: any Database

    package init(database: any Database) { self.database = database }

    private static let members: Statement = .inBytes(
        """
        SELECT patient FROM memberships
        WHERE member_kind = $1 AND member = $2 AND (period_end IS NULL OR period_end > $3) AND patient @BYTES > $4
            AND NOT EXISTS (SELECT 1 FROM patients p WHERE p.id = patient AND p.merge_root <> p.id)
        GROUP BY patient ORDER BY patient @BYTES LIMIT $5
        """)
    private static let grants: Statement = .inBytes(
        """
        SELECT patient FROM search_links WHERE party_kind = $1 AND party = $2 AND patient @BYTES > $3
            AND NOT EXISTS (SELECT 1 FROM patients p WHERE p.id = patient AND p.merge_root <> p.id)
        ORDER BY patient @BYTES LIMIT $4
        """)
    private static let exercising: Statement = .inBytes(
        """
        SELECT professional FROM activities WHERE structure = $1 AND professional @BYTES > $2
        GROUP BY professional ORDER BY professional @BYTES LIMIT $3
        """)
    private static let places: Statement = .inBytes(
        """
        SELECT structure @BYTES FROM activities WHERE structure @BYTES > $1
        GROUP BY structure @BYTES ORDER BY structure @BYTES LIMIT $2
        """)
    private static let accounts: Statement = .inBytes(
        """
        SELECT subject FROM account_links WHERE kind = $1 AND person = $2 AND subject @BYTES > $3
        ORDER BY subject @BYTES LIMIT $4
        """)
    private static let related: Statement = .inBytes(
        """
        SELECT party FROM search_links WHERE patient = $1 AND party_kind = 'account' AND party @BYTES > $2
        ORDER BY party @BYTES LIMIT $3
        """)

    /// Accounts of one professional: one, and as many as errors of linking have made.
    private static let accountsOfOne: Int64 = 100

    package func patients(
        linkedTo parties: Set<Party>, orAnybody: Bool, notEndedBy instant: Instant, after: PatientIdentifier?,
        limit: Int
    ) async throws(RecordsUnavailable) -> [PatientIdentifier] {
        let start = DatabaseValue.text(after?.value ?? "")
        return try await read { connection throws(StoreError) in
            var found: Set<String> = []
            if orAnybody {
                let key: [DatabaseValue] = [.text(SearchTables.anybody.kind), .text(SearchTables.anybody.party)]
                found.formUnion(try connection.texts(Self.grants, key + [start, .integer(Int64(limit))]))
            }
            for party in parties {
                let columns = PartyColumns(party)
                let key: [DatabaseValue] = [.text(columns.kind.rawValue), .text(columns.id)]
                found.formUnion(
                    try connection.texts(Self.members, key + [.instant(instant), start, .integer(Int64(limit))]))
                found.formUnion(try connection.texts(Self.grants, key + [start, .integer(Int64(limit))]))
            }
            return found.sorted().prefix(limit).compactMap { PatientIdentifier($0) }
        }
    }

    package func structures(
        after: StructureIdentifier?, limit: Int
    ) async throws(RecordsUnavailable) -> [StructureIdentifier] {
        try await read { connection throws(StoreError) in
            try connection.texts(Self.places, [.text(after?.value ?? ""), .integer(Int64(limit))])
                .compactMap { StructureIdentifier($0) }
        }
    }

    package func professionals(
        exercisingIn structure: StructureIdentifier, after: ProfessionalIdentifier?, limit: Int
    ) async throws(RecordsUnavailable) -> [ProfessionalIdentifier] {
        try await read { connection throws(StoreError) in
            try connection.texts(
                Self.exercising, [.text(structure.value), .text(after?.value ?? ""), .integer(Int64(limit))]
            ).compactMap { ProfessionalIdentifier($0) }
        }
    }

    package func accounts(
        of professionals: [ProfessionalIdentifier]
    ) async throws(RecordsUnavailable) -> [ProfessionalIdentifier: [String]] {
        try await read { connection throws(StoreError) in
            var found: [ProfessionalIdentifier: [String]] = [:]
            for id in professionals {
                let kind = AccountLinkColumns.Kind.professional.rawValue
                found[id] = try connection.texts(
                    Self.accounts, [.text(kind), .text(id.value), .text(""), .integer(Self.accountsOfOne)])
            }
            return found
        }
    }

    package func accounts(
        ofPatient patient: PatientIdentifier, after: String?, limit: Int
    ) async throws(RecordsUnavailable) -> [String] {
        try await read { connection throws(StoreError) in
            let kind = AccountLinkColumns.Kind.patient.rawValue
            return try connection.texts(
                Self.accounts, [.text(kind), .text(patient.value), .text(after ?? ""), .integer(Int64(limit))])
        }
    }

    package func accounts(
        closeTo patient: PatientIdentifier, or persons: Set<RelatedPersonIdentifier>, after: String?, limit: Int
    ) async throws(RecordsUnavailable) -> [String] {
        try await read { connection throws(StoreError) in
            let rest: [DatabaseValue] = [.text(after ?? ""), .integer(Int64(limit))]
            var found = Set(try connection.texts(Self.related, [.text(patient.value)] + rest))
            for person in persons {
                let kind = AccountLinkColumns.Kind.relatedPerson.rawValue
                found.formUnion(try connection.texts(Self.accounts, [.text(kind), .text(person.value)] + rest))
            }
            return Array(found.sorted().prefix(limit))
        }
    }

    private func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(RecordsUnavailable) -> Value {
        do throws(StoreError) {
            return try await database.read(body)
        } catch {
            throw RecordsUnavailable(detail: "\(error)")
        }
    }
}
