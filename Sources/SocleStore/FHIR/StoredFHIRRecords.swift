// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
package import SocleFHIR
package import SocleIdentity
import SocleJSON

/// FHIR resources in the store, with the records they are the outer form of.
package struct StoredFHIRRecords: FHIRRecords {
    private let database: any Database

    package init(database: any Database) { self.database = database }

    package func current(_ reference: Reference) async throws(FHIRUnavailable) -> StoredVersion? {
        try await read { connection throws(StoreError) in
            try StoredFHIRRecords.current(reference, on: connection)
        }
    }

    package func version(_ reference: Reference, _ number: Int64) async throws(FHIRUnavailable) -> StoredVersion? {
        try await read { connection throws(StoreError) in
            let address: [DatabaseValue] = [.text(reference.type), .text(reference.id), .integer(number)]
            return try connection.row(FHIRTables.version, address)?.storedVersion(reference.type)
        }
    }

    package func history(
        _ reference: Reference, before: Int64?, limit: Int
    ) async throws(FHIRUnavailable) -> [StoredVersion] {
        try await read { connection throws(StoreError) in
            let rows = try connection.rows(
                FHIRTables.history,
                [
                    .text(reference.type), .text(reference.id), .integer(before ?? .max), .integer(Int64(limit)),
                ])
            return try rows.versions(reference.type)
        }
    }

    package func search(_ query: SearchQuery) async throws(FHIRUnavailable) -> [StoredVersion] {
        let search = SearchStatement(query)
        return try await read { connection throws(StoreError) in
            try connection.rows(search.statement, search.parameters).versions(query.type.rawValue)
        }
    }

    package func surroundings(_ needs: Surroundings.Needs) async throws(FHIRUnavailable) -> Surroundings {
        try await read { connection throws(StoreError) in
            var patients: Set<PatientIdentifier> = []
            for id in needs.patients { patients.formUnion(try AccessReading.identifiers(of: id, on: connection)) }
            var structures = needs.structures
            var around = Surroundings()
            for id in patients {
                let (memberships, places, _) = try AccessReading.memberships(of: id, on: connection)
                structures.formUnion(places)
                around.patients[id] = Surroundings.PatientRecords(
                    patient: try AccessReading.patient(id, on: connection), memberships: memberships,
                    choices: try AccessReading.choices(of: id, on: connection),
                    teams: Set(
                        try StoredFHIRRecords.resources("CareTeam", of: id, on: connection).map(\.reference.id)),
                    absorbedInto: try MergeStatements.absorbing(id, on: connection),
                    absorbed: try MergeStatements.absorbed(by: id, on: connection),
                    isPending: try connection.row(FHIRTables.isPending, [.text(id.value)]) != nil)
            }
            for reference in needs.resources {
                around.resources[reference] = try StoredFHIRRecords.current(reference, on: connection)
            }
            for id in needs.professionals {
                around.professionals[id] = try AccessReading.professional(id, on: connection)
            }
            for id in structures { around.structures[id] = try AccessReading.structure(id, on: connection) }
            var keys: Set<RecordKey> = []
            keys.formUnion(patients.map { RecordKey(.patient, $0.value) })
            keys.formUnion(needs.professionals.map { RecordKey(.person, $0.value) })
            keys.formUnion(structures.map { RecordKey(.structure, $0.value) })
            (around.stamp, around.changedAt) = try connection.standing(of: keys)
            return around
        }
    }

    package func identifiers(of patient: PatientIdentifier) async throws(FHIRUnavailable) -> [PatientIdentifier] {
        try await read { connection throws(StoreError) in
            try AccessReading.identifiers(of: patient, on: connection)
        }
    }

    package func pending(limit: Int) async throws(FHIRUnavailable) -> [PatientIdentifier] {
        try await read { connection throws(StoreError) in
            var patients: [PatientIdentifier] = []
            for row in try connection.rows(FHIRTables.pending, [.integer(Int64(limit))]) {
                guard let id = PatientIdentifier(try row.text(0)) else {
                    throw StoreError(.failed, "a patient cannot be read")
                }
                patients.append(id)
            }
            return patients
        }
    }

    package func isPending(_ patient: PatientIdentifier) async throws(FHIRUnavailable) -> Bool {
        try await read { connection throws(StoreError) in
            try connection.row(FHIRTables.isPending, [.text(patient.value)]) != nil
        }
    }

    package func patients(withINS number: String) async throws(FHIRUnavailable) -> [PatientIdentifier] {
        try await read { connection throws(StoreError) in
            try connection.texts(AccessReading.patientsByINS, [.text(number)]).compactMap { PatientIdentifier($0) }
        }
    }

    package func others(withINSOf patient: PatientIdentifier) async throws(FHIRUnavailable) -> [PatientIdentifier] {
        try await read { connection throws(StoreError) in
            try connection.texts(AccessReading.othersByINS, [.text(patient.value)])
                .compactMap { PatientIdentifier($0) }
        }
    }

    package func structures(withFINESS number: String) async throws(FHIRUnavailable) -> [StructureIdentifier] {
        try await read { connection throws(StoreError) in
            try connection.texts(AccessReading.structuresByFINESS, [.text(number)])
                .compactMap { StructureIdentifier($0) }
        }
    }

    package func file(of patient: PatientIdentifier) async throws(FHIRUnavailable) -> PresentedFile {
        try await read { connection throws(StoreError) in
            PresentedFile(
                patient: patient, memberships: try AccessReading.memberships(of: patient, on: connection).0,
                history: try AccessReading.choices(of: patient, everyVersion: true, on: connection),
                resources: try StoredFHIRRecords.resources("CareTeam", of: patient, on: connection)
                    + StoredFHIRRecords.resources("Consent", of: patient, on: connection),
                stamp: try connection.revision(of: [RecordKey(.patient, patient.value)]))
        }
    }

    private static func resources(
        _ type: String, of patient: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) -> [StoredVersion] {
        try connection.rows(FHIRTables.ofPatient, [.text(type), .text("Patient/\(patient.value)")]).versions(type)
    }

    package func entry(_ position: EntryPosition) async throws(FHIRUnavailable) -> JournalEntry? {
        try await read { connection throws(StoreError) in
            try connection.row(
                JournalTables.entry, [.text(position.chain), .integer(position.sequence)])?.journalEntry()
        }
    }

    package func trail(
        of patient: PatientIdentifier, from: Instant?, to: Instant?, before: JournalPlace?, limit: Int
    ) async throws(FHIRUnavailable) -> PatientTrail {
        try await read { connection throws(StoreError) in
            var entries: [EntryPosition: JournalEntry] = [:]
            // Who was merged into this record was asked about by another identifier.
            let identifiers = try AccessReading.identifiers(of: patient, on: connection)
            for identifier in identifiers {
                for statement in JournalTables.ofPatient {
                    for row in try connection.rows(
                        statement,
                        [
                            .text(identifier.value), .integer(from?.milliseconds ?? .min),
                            .integer(to?.milliseconds ?? .max), .integer(before?.instant.milliseconds ?? .max),
                            .text(before?.position.chain ?? ""), .integer(before?.position.sequence ?? 0),
                            .integer(Int64(limit)),
                        ])
                    {
                        let entry = try row.journalEntry()
                        entries[entry.position] = entry
                    }
                }
            }
            return PatientTrail(
                identifiers: Set(identifiers),
                entries: Array(entries.values.sorted { JournalPlace($1) < JournalPlace($0) }.prefix(limit)))
        }
    }

    package func people(
        of accounts: Set<String>
    ) async throws(FHIRUnavailable) -> [String: AccountLink.Person] {
        try await read { connection throws(StoreError) in
            var people: [String: AccountLink.Person] = [:]
            for account in accounts { people[account] = try AccessReading.person(of: account, on: connection) }
            return people
        }
    }

    private static func current(
        _ reference: Reference, on connection: any Connection
    ) throws(StoreError) -> StoredVersion? {
        try connection.row(FHIRTables.current, [.text(reference.type), .text(reference.id)])?
            .storedVersion(reference.type)
    }

    private func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(FHIRUnavailable) -> Value {
        do throws(StoreError) {
            return try await database.read(body)
        } catch {
            throw FHIRUnavailable(detail: "\(error)")
        }
    }
}

extension Row {
    /// Columns `id, version, instant, content`.
    fileprivate func storedVersion(_ type: String) throws(StoreError) -> StoredVersion {
        guard let content = try json(3).object else { throw StoreError(.failed, "a resource is not an object") }
        return StoredVersion(
            reference: Reference(type: type, id: try text(0)), version: try integer(1), lastUpdated: try instant(2),
            content: content)
    }
}

extension [Row] {
    fileprivate func versions(_ type: String) throws(StoreError) -> [StoredVersion] {
        var versions: [StoredVersion] = []
        for row in self { versions.append(try row.storedVersion(type)) }
        return versions
    }
}
