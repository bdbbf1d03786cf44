// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleIdentity

/// Proves which client sends a request (RFC 6749 §2.3, §3.2.1).
package struct ClientAuthenticator: Sendable {
    private let clients: any ClientRecords
    private let vault: Vault
    private let throttle: any FailureThrottle
    private let assertions: ClientAssertions?
    private let opened = OpenedSecrets(limit: 1024)

    /// - Parameter assertions: nil where no client proves itself by a JWT.
    package init(
        clients: any ClientRecords, vault: Vault, throttle: any FailureThrottle, assertions: ClientAssertions? = nil
    ) {
        self.clients = clients
        self.vault = vault
        self.throttle = throttle
        self.assertions = assertions
    }

    /// - Returns: an enabled client that proved itself by its registered method; a public one is only named.
    /// - Throws: `invalid_client`, the same whether the client is unknown, disabled, or its secret wrong.
    package func authenticate(
        _ credentials: PresentedCredentials, address: String, now: Instant
    ) async throws(ProtocolError) -> Client {
        let refusal: ProtocolError
        do throws(RecordsUnavailable) {
            let client = try await clients.client(credentials.clientID)
            let fault = try await self.fault(credentials, client, now: now)
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

    /// The client as it is now, for a second look at the records: what proved it once is not asked again, since an
    /// assertion works once.
    func again(_ client: Client) async throws(ProtocolError) -> Client {
        do throws(RecordsUnavailable) {
            if let client = try await clients.client(client.id), !client.disabled { return client }
        } catch {
            throw .unavailable(error.detail)
        }
        throw ProtocolError(.invalidClient, "client authentication failed", detail: "the client is gone or disabled")
    }

    /// Under what failures are counted: the client *from this address*. A client counted alone could be locked out by
    /// anyone who knows its identifier. The address is not the one people sign in from: mistyped passwords in a
    /// hospital must not stop the applications it runs behind the same address, nor the other way round.
    private static func counted(_ client: Client?, address: String) -> (account: String, address: String) {
        ("client:\(client?.id ?? "")@\(address)", "client@\(address)")
    }

    /// nil when the client proved itself.
    private func fault(
        _ credentials: PresentedCredentials, _ client: Client?, now: Instant
    ) async throws(RecordsUnavailable) -> String? {
        guard let client else { return "unknown client" }
        guard !client.disabled else { return "the client is disabled" }
        guard credentials.method == client.authentication else { return "not the registered method" }
        guard !client.isPublic else { return nil }
        func open(_ sealed: [UInt8]) -> [UInt8]? { vault.open(sealed, context: Client.secretContext(client.id)) }
        if let assertion = credentials.assertion {
            guard let assertions else { return "assertions are not accepted" }
            let secret = client.sealedSecret.flatMap(open)
            return try await assertions.fault(assertion, client: client, secret: secret.map { Secret($0) }, now: now)
        }
        guard let sealed = client.sealedSecret,
            let digest = opened.digest(client.id, sealed: sealed, opening: { open(sealed) })
        else { return "the stored secret does not open" }
        guard let presented = credentials.secret,
            ConstantTime.equals(SHA256.digest(presented.unredacted), digest)
        else { return "wrong secret" }
        return nil
    }
}
