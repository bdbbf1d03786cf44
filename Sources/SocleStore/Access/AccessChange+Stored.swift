// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
import SocleAudit
import SocleIdentity
import SocleJSON

extension AccessChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .register(let registration):
            try RegistrationStatements.write(registration, on: connection)
            return true
        case .addPolicy(let version): return try PolicyVersions.add(version, on: connection)
        case .activatePolicy(let number, let approver):
            return try PolicyVersions.activate(number, approver, on: connection)
        case .rollBackPolicy(let number, let approver):
            return try PolicyVersions.rollBack(number, approver, on: connection)
        }
    }
}

private enum RegistrationStatements {
    static let registration: Statement = """
        INSERT INTO application_registrations
            (client_id, service, purposes, actions, resource_types, held_types, asserted_subjects, names_by_rpps,
             pseudonymises, structure, traces)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (client_id) DO UPDATE SET service = excluded.service, purposes = excluded.purposes,
            actions = excluded.actions, resource_types = excluded.resource_types, held_types = excluded.held_types,
            asserted_subjects = excluded.asserted_subjects, names_by_rpps = excluded.names_by_rpps,
            pseudonymises = excluded.pseudonymises, structure = excluded.structure, traces = excluded.traces
        """

    static func write(_ value: ApplicationRegistration, on connection: any Connection) throws(StoreError) {
        func words(_ set: Set<String>) -> DatabaseValue { .text(JSONValue(set.sorted()).text) }
        try connection.execute(
            registration,
            [
                .text(value.clientID), .text(value.service), words(value.purposes), words(value.actions),
                words(value.resourceTypes), words(value.heldTypes),
                words(Set(value.assertedSubjects.map(\.rawValue))), .bool(value.namesByRPPS),
                .bool(value.pseudonymises), .optional(value.structure?.value),
                .bool(value.traces),
            ])
        try connection.bump(.application, value.clientID)
    }
}
