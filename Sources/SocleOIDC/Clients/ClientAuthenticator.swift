// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleIdentity

/// Proves which client sends a request (RFC 6749 §2.3, §3.2.1).
package struct ClientAuthenticator: Sendable {
    private let clients: any ClientRecords
    private let vault: Vault
    private let throttle: any FailureThrottle

    package init(clients: any ClientRecords, vault: Vault, throttle: any FailureThrottle) {
        self.clients = clients
        self.vault = vault
        self.throttle = throttle
    }

    /// - Returns: an enabled client that proved itself by its registered method; a public one is only named.
    /// - Throws: `invalid_client`, the same whether the client is unknown, disabled, or its secret wrong.
    package func authenticate(
        _ credentials: PresentedCredentials, address: String, now: Instant
    ) async throws(ProtocolError) -> Client {
        let refusal: ProtocolError
        do throws(RecordsUnavailable) {
            let client = try await clients.client(credentials.clientID)
            let fault = self.fault(credentials, client)
            // A public client proves nothing: there is no secret to guess, and nothing to slow.
            if let client, client.isPublic, fault == nil { return client }
            let (counted, address) = Self.counted(client, address: address)
            // Before the outcome is told, right or wrong: while waiting, a right guess looks like any other.
            if try await throttle.wait(account: counted, address: address, at: now) != nil {
                refusal = ProtocolError(.slowDown, "too many failures: wait before trying again")
            } else if let client, fault == nil {
                return client
            } else {
                try await throttle.failed(account: counted, address: address, at: now)
                refusal = ProtocolError(.invalidClient, "client authentication failed", detail: fault)
            }
        } catch {
            refusal = .unavailable(error.detail)
        }
        throw refusal
    }

    /// Under what failures are counted: the client *from this address*. A client counted alone could be locked out by
    /// anyone who knows its identifier. The address is not the one people sign in from: mistyped passwords in a
    /// hospital must not stop the applications it runs behind the same address, nor the other way round.
    private static func counted(_ client: Client?, address: String) -> (account: String, address: String) {
        ("client:\(client?.id ?? "")@\(address)", "client@\(address)")
    }

    /// nil when the client proved itself.
    private func fault(_ credentials: PresentedCredentials, _ client: Client?) -> String? {
        guard let client else { return "unknown client" }
        guard !client.disabled else { return "the client is disabled" }
        guard credentials.method == client.authentication else { return "not the registered method" }
        guard !client.isPublic else { return nil }
        guard let sealed = client.sealedSecret,
            let secret = vault.open(sealed, context: Client.secretContext(client.id))
        else { return "the stored secret does not open" }
        guard let presented = credentials.secret, Secret(secret) == presented else { return "wrong secret" }
        return nil
    }
}
