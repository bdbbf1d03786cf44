// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
package import SocleOIDC

/// `ClientRecords` on either store. A registration already read is kept, and its revision read again at each use.
package struct StoredClients: ClientRecords {
    private let database: any Database
    private let remembered: StampedMemory<String, Client>

    /// - Parameter remembering: how many registrations are kept at most.
    package init(_ database: any Database, remembering: Int = 1024) {
        self.database = database
        remembered = StampedMemory(limit: remembering)
    }

    package func client(_ id: String) async throws(RecordsUnavailable) -> Client? {
        try await forOAuth { () async throws(StoreError) in
            if let known = remembered[id], try await database.stands(known) { return known.value }
            // The revision comes with the row: it is the one this registration has.
            let client = try await database.row(Self.byID, [.text(id)])?.client()
            if let client { remembered.remember(id, client, stamp: Stamp([RecordKey(.client, id): client.revision])) }
            return client
        }
    }

    /// Within a snapshot, or the transaction of a change.
    static func read(_ id: String, on connection: any Connection) throws(StoreError) -> Client? {
        try connection.row(byID, [.text(id)])?.client()
    }

    package func clients(after id: String?, limit: Int) async throws(RecordsUnavailable) -> [Client] {
        try await forOAuth { () async throws(StoreError) in
            var clients: [Client] = []
            let limit = DatabaseValue.integer(Int64(max(0, min(limit, 1000))))
            for row in try await database.rows(Self.page, [.text(id ?? ""), limit]) {
                clients.append(try row.client())
            }
            return clients
        }
    }

    package func isRegistered(origin: String) async throws(RecordsUnavailable) -> Bool {
        try await forOAuth { () async throws(StoreError) in
            try await database.row(Self.origin, [.text(origin)]) != nil
        }
    }

    static let columns = """
        clients.id, name, authentication, sealed_secret, redirect_uris, post_logout_redirect_uris, grant_types, \
        scopes, id_token_algorithm, disabled, metadata
        """
    private static let select = """
        SELECT \(columns), COALESCE(revision, 0) FROM clients
        LEFT JOIN record_revisions ON record_revisions.kind = 'client' AND record_revisions.id = clients.id
        """
    private static let byID = Statement("\(select) WHERE clients.id = $1")
    private static let page = Statement("\(select) WHERE clients.id > $1 ORDER BY clients.id LIMIT $2")
    private static let origin: Statement = """
        SELECT 1 FROM client_origins JOIN clients ON clients.id = client_origins.client_id
        WHERE origin = $1 AND disabled = 0 LIMIT 1
        """
}

extension Row {
    fileprivate func client() throws(StoreError) -> Client {
        Client(
            id: try text(0), name: try text(1), authentication: try value(2, as: Client.Authentication.self),
            sealedSecret: try optionalBlob(3), redirectURIs: try list(4, separatedBy: UInt8(ascii: "\n")),
            postLogoutRedirectURIs: try list(5, separatedBy: UInt8(ascii: "\n")),
            grantTypes: try grantTypes(6), scopes: Set(try words(7)),
            idTokenAlgorithm: try value(8, as: SignatureAlgorithm.self), metadata: try metadata(10),
            disabled: try bool(9), revision: try integer(11))
    }

    private func metadata(_ column: Int) throws(StoreError) -> ClientMetadata {
        guard let object = try optionalObject(column) else { return ClientMetadata() }
        guard let metadata = ClientMetadata(stored: object) else {
            throw StoreError(.failed, "column \(column) holds client metadata unknown here")
        }
        return metadata
    }

    private func grantTypes(_ column: Int) throws(StoreError) -> Set<Client.GrantType> {
        var types: Set<Client.GrantType> = []
        for word in try words(column) {
            guard let type = Client.GrantType(rawValue: word) else {
                throw StoreError(.failed, "column \(column) holds an unknown grant type")
            }
            types.insert(type)
        }
        return types
    }
}

/// Runs a read, its failures told as the protocol's own error.
func forOAuth<Value>(_ body: () async throws(StoreError) -> Value) async throws(RecordsUnavailable) -> Value {
    do throws(StoreError) {
        return try await body()
    } catch {
        throw RecordsUnavailable(detail: error.description)
    }
}

extension Database {
    /// One snapshot of several statements.
    func readForOAuth<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(RecordsUnavailable) -> Value {
        try await forOAuth { () async throws(StoreError) in try await read(body) }
    }
}
