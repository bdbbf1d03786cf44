// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
import SocleAudit
package import SocleConsent
package import SocleIdentity
import SocleJSON

/// The records of decisions, in the store: one snapshot a read, revisions with the facts they are of.
package struct StoredAccessRecords: AccessRecords {
    private let database: any Database

    package init(database: any Database) { self.database = database }

    package func asker(
        client: String, subject: SubjectReference
    ) async throws(RecordsUnavailable) -> AskerFile {
        try await read { connection throws(StoreError) in
            var keys: Set = [RecordKey(.application, client), RecordKey(.policy, "active")]
            var link: AccountLink?
            var named: ProfessionalIdentifier?
            switch subject {
            case .application: break
            case .professional(let id): named = id
            case .account(let account):
                keys.formUnion([RecordKey(.person, account), RecordKey(.account, account)])
                link = try AccessReading.link(account, on: connection)
                if case .professional(let id) = link?.person { named = id }
            }
            var professional: Professional?
            if let named {
                keys.insert(RecordKey(.person, named.value))
                professional = try AccessReading.professional(named, on: connection)
            }
            return AskerFile(
                registration: try AccessReading.registration(client, on: connection), link: link,
                professional: professional, policyNumber: try AccessReading.activePolicy(on: connection),
                stamp: try connection.revision(of: keys))
        }
    }

    package func file(of patient: PatientIdentifier) async throws(RecordsUnavailable) -> PatientFile {
        try await read { connection throws(StoreError) in
            let (person, identifiers) = try AccessReading.person(patient, on: connection)
            var keys: Set = [RecordKey(.patient, patient.value)]
            var file = PatientFile(patient: person)
            for (index, id) in identifiers.enumerated() {
                let (memberships, structures, teamCapable) = try AccessReading.memberships(of: id, on: connection)
                // Of several records, what was taken back since the other said it is told by earlier versions.
                let choices = try AccessReading.choices(
                    of: id, everyVersion: identifiers.count > 1, on: connection)
                keys.insert(RecordKey(.patient, id.value))
                keys.formUnion(structures.map { RecordKey(.structure, $0.value) })
                file.teamCapable.formUnion(teamCapable)
                if index == 0 {
                    file.memberships = memberships
                    file.choices = choices
                } else {
                    file.merged.append(
                        MergedRecord(
                            patient: id, traits: try AccessReading.patient(id, on: connection),
                            memberships: memberships, choices: choices))
                }
            }
            (file.stamp, file.changedAt) = try connection.standing(of: keys)
            return file
        }
    }

    package func policy(number: Int64) async throws(RecordsUnavailable) -> PolicyVersion? {
        try await read { connection throws(StoreError) in try AccessReading.policy(number, on: connection) }
    }

    /// The version in force.
    package func activePolicy() async throws(RecordsUnavailable) -> Int64? {
        try await read { connection throws(StoreError) in try AccessReading.activePolicy(on: connection) }
    }

    /// Every version there is, the oldest first; without their texts.
    package func policyVersions() async throws(RecordsUnavailable) -> [PolicyVersionSummary] {
        try await read { connection throws(StoreError) in try PolicyVersions.list(on: connection) }
    }

    /// The person of an account, for sign-in: their places of exercise are the situations to choose from.
    package func professional(_ id: ProfessionalIdentifier) async throws(RecordsUnavailable) -> Professional? {
        try await read { connection throws(StoreError) in try AccessReading.professional(id, on: connection) }
    }

    package func structure(_ id: StructureIdentifier) async throws(RecordsUnavailable) -> Structure? {
        try await read { connection throws(StoreError) in try AccessReading.structure(id, on: connection) }
    }

    package func link(of subject: String) async throws(RecordsUnavailable) -> AccountLink? {
        try await read { connection throws(StoreError) in try AccessReading.link(subject, on: connection) }
    }

    package func registration(of client: String) async throws(RecordsUnavailable) -> ApplicationRegistration? {
        try await read { connection throws(StoreError) in try AccessReading.registration(client, on: connection) }
    }

    /// Those that applications belong to.
    package func services() async throws(RecordsUnavailable) -> Set<String> {
        try await read { connection throws(StoreError) in Set(try connection.texts(AccessReading.services, [])) }
    }

    /// Every version of each of a patient's choices, the oldest first.
    package func history(of patient: PatientIdentifier) async throws(RecordsUnavailable) -> [PatientChoice] {
        try await read { connection throws(StoreError) in
            try AccessReading.choices(of: patient, everyVersion: true, on: connection)
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
