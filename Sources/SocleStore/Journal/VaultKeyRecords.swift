// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleCrypto
package import SocleIdentity
import SocleJSON

/// The data keys under which small secrets are sealed, each wrapped by a master key that is never in the database.
package struct VaultKeyRecords: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// The wrapped key of that name; nil when there is none yet.
    package func wrapped(_ id: String) async throws(StoreError) -> [UInt8]? {
        try await database.row("SELECT wrapped FROM vault_keys WHERE id = $1", [.text(id)])?.blob(0)
    }

    static let migrations = [
        Migration(
            "core-3-vault-keys",
            "CREATE TABLE vault_keys (id TEXT PRIMARY KEY, wrapped BYTEA NOT NULL, created BIGINT NOT NULL)")
    ]
}

/// A new wrapped key. Refused when one of that name exists: of two processes that start at once, one wins.
package struct VaultKeyCreation: StoredChange {
    package var id: String
    package var wrapped: [UInt8]
    package var created: Instant

    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        try connection.execute(
            "INSERT INTO vault_keys (id, wrapped, created) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
            [.text(id), .blob(wrapped), .instant(created)]) == 1
    }
}

/// The data key of an installation, made at first start.
package enum DataKey {
    /// - Parameter masterKey: what wraps the data key; kept outside the database.
    /// - Throws: `failed` when the stored key does not open under this master key; `unavailable` when a new one
    ///   cannot be made durable.
    package static func loadOrCreate(
        _ id: String = "data-1", database: any Database, lane: any CommitLane, masterKey: Vault, random: SecureRandom,
        at instant: Instant
    ) async throws(StoreError) -> Vault {
        let records = VaultKeyRecords(database)
        if let wrapped = try await records.wrapped(id) { return try unwrap(wrapped, id: id, masterKey: masterKey) }
        let key = random.bytes(32)
        let creation = VaultKeyCreation(
            id: id, wrapped: masterKey.seal(key, context: context(id), random: random), created: instant)
        do throws(LaneUnavailable) {
            _ = try await lane.commit(
                Submission(
                    changes: [creation],
                    entry: EntryDraft(
                        kind: .keyUse, instant: instant, actor: "operator",
                        details: ["event": "data_key_created", "key": .string(id)])))
        } catch {
            throw StoreError(.unavailable, error.detail)
        }
        // Read back rather than kept: another process may have been first.
        guard let wrapped = try await records.wrapped(id) else {
            throw StoreError(.failed, "the data key `\(id)` was not stored")
        }
        return try unwrap(wrapped, id: id, masterKey: masterKey)
    }

    private static func unwrap(_ wrapped: [UInt8], id: String, masterKey: Vault) throws(StoreError) -> Vault {
        guard let key = masterKey.open(wrapped, context: context(id)), key.count == 32 else {
            throw StoreError(.failed, "the data key `\(id)` does not open under this master key")
        }
        return Vault(key: key)
    }

    private static func context(_ id: String) -> String { "vault_keys/\(id)" }
}
