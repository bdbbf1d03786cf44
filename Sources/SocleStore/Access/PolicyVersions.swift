// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleIdentity
import SocleJSON

/// Policy versions and the one pointer that says which is in force.
enum PolicyVersions {
    static let migrations = [
        Migration(
            "policies-1-approvals",
            "ALTER TABLE policy_versions ADD COLUMN approver TEXT",
            """
            UPDATE policy_versions SET approver = (
                SELECT approver FROM policy_pointer WHERE policy_pointer.number = policy_versions.number)
            """)
    ]

    private static let last: Statement = "SELECT max(number) FROM policy_versions"
    private static let add: Statement = """
        INSERT INTO policy_versions (number, author, created_at, files) VALUES ($1, $2, $3, $4)
        ON CONFLICT (number) DO NOTHING
        """
    private static let people: Statement = "SELECT author, approver FROM policy_versions WHERE number = $1"
    private static let active: Statement = "SELECT number FROM policy_pointer WHERE slot = 'active'"
    private static let approve: Statement = """
        UPDATE policy_versions SET approver = $2 WHERE number = $1 AND approver IS NULL
        """
    private static let point: Statement = """
        INSERT INTO policy_pointer (slot, number, approver) VALUES ('active', $1, $2)
        ON CONFLICT (slot) DO UPDATE SET number = excluded.number, approver = excluded.approver
        """
    private static let all: Statement = """
        SELECT policy_versions.number, author, created_at, policy_versions.approver, policy_pointer.number
        FROM policy_versions LEFT JOIN policy_pointer
            ON policy_pointer.slot = 'active' AND policy_pointer.number = policy_versions.number
        ORDER BY policy_versions.number
        """

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
        guard let people = try connection.row(people, [.integer(number)]), try people.text(0) != approver else {
            return false
        }
        try connection.execute(approve, [.integer(number), .text(approver)])
        return try move(to: number, approver, on: connection)
    }

    static func rollBack(
        _ number: Int64, _ approver: String, on connection: any Connection
    ) throws(StoreError) -> Bool {
        guard let people = try connection.row(people, [.integer(number)]), try people.text(0) != approver,
            try people.optionalText(1) != nil
        else { return false }
        return try move(to: number, approver, on: connection)
    }

    private static func move(
        to number: Int64, _ approver: String, on connection: any Connection
    ) throws(StoreError) -> Bool {
        guard try connection.row(active)?.integer(0) != number else { return false }
        try connection.execute(point, [.integer(number), .text(approver)])
        try connection.bump(.policy, "active")
        return true
    }

    static func list(on connection: any Connection) throws(StoreError) -> [PolicyVersionSummary] {
        var versions: [PolicyVersionSummary] = []
        for row in try connection.rows(all) {
            versions.append(
                PolicyVersionSummary(
                    number: try row.integer(0), author: try row.text(1), createdAt: try row.instant(2),
                    approver: try row.optionalText(3), isInForce: try row.optionalInteger(4) != nil))
        }
        return versions
    }
}
