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
            try PolicyStatements.write(registration, on: connection)
            return true
        case .addPolicy(let version): return try PolicyStatements.add(version, on: connection)
        case .activatePolicy(let number, let approver):
            return try PolicyStatements.activate(number, approver, on: connection)
        }
    }
}

private enum PolicyStatements {
    static let registration: Statement = """
        INSERT INTO application_registrations
            (client_id, service, purposes, actions, resource_types, held_types, asserted_subjects, names_by_rpps,
             pseudonymises, structure)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (client_id) DO UPDATE SET service = excluded.service, purposes = excluded.purposes,
            actions = excluded.actions, resource_types = excluded.resource_types, held_types = excluded.held_types,
            asserted_subjects = excluded.asserted_subjects, names_by_rpps = excluded.names_by_rpps,
            pseudonymises = excluded.pseudonymises, structure = excluded.structure
        """
    static let last: Statement = "SELECT max(number) FROM policy_versions"
    static let add: Statement = """
        INSERT INTO policy_versions (number, author, created_at, files) VALUES ($1, $2, $3, $4)
        ON CONFLICT (number) DO NOTHING
        """
    static let exists: Statement = "SELECT 1 FROM policy_versions WHERE number = $1"
    static let activate: Statement = """
        INSERT INTO policy_pointer (slot, number, approver) VALUES ('active', $1, $2)
        ON CONFLICT (slot) DO UPDATE SET number = excluded.number, approver = excluded.approver
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
            ])
        try connection.bump(.application, value.clientID)
    }

    /// A version is never written twice: its number follows the last.
    static func add(_ value: PolicyVersion, on connection: any Connection) throws(StoreError) -> Bool {
        let last = try connection.row(last)?.optionalInteger(0) ?? 0
        guard value.number == last + 1 else { return false }
        var files = JSONObject()
        for (name, text) in value.text.files.sorted(by: { $0.key < $1.key }) { files[name] = .string(text) }
        let written = try connection.execute(
            add,
            [
                .integer(value.number), .text(value.author), .instant(value.createdAt),
                .text(JSONValue.object(files).text),
            ])
        guard written == 1 else { return false }
        try connection.bump(.policy, "v\(value.number)")
        return true
    }

    static func activate(
        _ number: Int64, _ approver: String, on connection: any Connection
    ) throws(StoreError) -> Bool {
        guard try connection.row(exists, [.integer(number)]) != nil else { return false }
        try connection.execute(activate, [.integer(number), .text(approver)])
        try connection.bump(.policy, "active")
        return true
    }
}
