// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleIdentity

/// Back-off on failed client authentications, per client and address. What counts and for how long is the
/// sign-in's throttle, joined to this at start.
package struct ClientThrottle: Sendable {
    /// Whether this client from this address must wait.
    package var isBlocked: @Sendable (_ clientID: String, _ address: String, _ now: Instant) async -> Bool
    package var failed: @Sendable (_ clientID: String, _ address: String, _ now: Instant) async -> Void

    package init(
        isBlocked: @escaping @Sendable (String, String, Instant) async -> Bool,
        failed: @escaping @Sendable (String, String, Instant) async -> Void
    ) {
        self.isBlocked = isBlocked
        self.failed = failed
    }
}

/// Proves which client sends a request (RFC 6749 §2.3, §3.2.1).
package struct ClientAuthenticator: Sendable {
    private let clients: any ClientRecords
    private let vault: Vault
    private let throttle: ClientThrottle

    package init(clients: any ClientRecords, vault: Vault, throttle: ClientThrottle) {
        self.clients = clients
        self.vault = vault
        self.throttle = throttle
    }

    /// - Returns: an enabled client that proved itself by its registered method; a public one is only named.
    /// - Throws: `invalid_client`, the same whether the client is unknown, disabled, or its secret wrong.
    package func authenticate(
        _ credentials: PresentedCredentials, address: String, now: Instant
    ) async throws(ProtocolError) -> Client {
        guard await !throttle.isBlocked(credentials.clientID, address, now) else {
            throw ProtocolError(.slowDown, "too many failures: wait before trying again")
        }
        let client: Client?
        do throws(RecordsUnavailable) {
            client = try await clients.client(credentials.clientID)
        } catch {
            throw .unavailable(error.detail)
        }
        guard let client, let detail = fault(credentials, client) else {
            if let client { return client }
            await throttle.failed(credentials.clientID, address, now)
            throw refusal("unknown client")
        }
        await throttle.failed(credentials.clientID, address, now)
        throw refusal(detail)
    }

    /// nil when the client proved itself.
    private func fault(_ credentials: PresentedCredentials, _ client: Client) -> String? {
        guard !client.disabled else { return "the client is disabled" }
        guard credentials.method == client.authentication else { return "not the registered method" }
        guard !client.isPublic else { return nil }
        guard let sealed = client.sealedSecret,
            let secret = vault.open(sealed, context: Client.secretContext(client.id))
        else { return "the stored secret does not open" }
        guard let presented = credentials.secret, Secret(secret) == presented else { return "wrong secret" }
        return nil
    }

    private func refusal(_ detail: String) -> ProtocolError {
        ProtocolError(.invalidClient, "client authentication failed", detail: detail)
    }
}
