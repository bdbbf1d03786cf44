// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleCrypto
package import SocleIdentity
package import SocleJSON

/// `/oauth2/register` and `/oauth2/register/{client_id}`: an application registers itself (RFC 7591), then reads,
/// replaces or removes its registration (RFC 7592).
package struct RegistrationEndpoint: Sendable {
    private let clients: any ClientRecords
    private let tokens: any InitialAccessTokenRecords
    private let lane: any CommitLane
    private let vault: Vault
    private let fetch: OutboundFetch
    private let endpoints: Endpoints
    private let policy: RegistrationPolicy
    private let random: SecureRandom

    package init(
        clients: any ClientRecords, tokens: any InitialAccessTokenRecords, lane: any CommitLane, vault: Vault,
        fetch: OutboundFetch, endpoints: Endpoints, policy: RegistrationPolicy = RegistrationPolicy(),
        random: SecureRandom
    ) {
        self.clients = clients
        self.tokens = tokens
        self.lane = lane
        self.vault = vault
        self.fetch = fetch
        self.endpoints = endpoints
        self.policy = policy
        self.random = random
    }

    /// Registers an application for who holds an initial access token (RFC 7591 §3).
    /// - Returns: its registration, the secret and the registration access token in clear, this once.
    package func register(
        bearer: String?, metadata: JSONObject, now: Instant
    ) async throws(RegistrationRefusal) -> JSONObject {
        let initial = try await initialToken(bearer, now: now)
        let request = try RegistrationRequest(metadata, policy: policy)
        try await checkSector(request)
        let id = Base64URL.encode(random.bytes(16))
        let token = random.token()
        var registration = ClientRegistration(request, id: id, secret: nil)
        registration.secret = request.authentication.usesSecret ? newSecret() : nil
        registration.metadata.registrationTokenDigest = OpaqueToken.digest(token)
        registration.metadata.registeredAt = now.seconds
        let client = try client(registration)
        try await commit(
            [OAuthChange.useInitialAccessToken(digest: initial.digest, at: now), .createClient(client)],
            "client_registered", id: id, now: now, details: ["by": .string(initial.label)], refusal: .token)
        return describe(client, secret: registration.secret, token: token)
    }

    /// The registration as it stands (RFC 7592 §2.1).
    package func read(bearer: String?, id: String) async throws(RegistrationRefusal) -> JSONObject {
        let client = try await managed(bearer, id: id)
        return describe(client, secret: secret(of: client), token: nil)
    }

    /// Replaces the registration whole (RFC 7592 §2.2): what the new one leaves out is gone.
    ///
    /// What an administrator decided is not the client's to leave out: a replacement that dropped it would undo it
    /// (CVE-2026-107623).
    package func replace(
        bearer: String?, id: String, metadata: JSONObject, now: Instant
    ) async throws(RegistrationRefusal) -> JSONObject {
        let client = try await managed(bearer, id: id)
        guard metadata["client_id"]?.string == id else {
            throw .metadata("`client_id` is missing, or another client's")
        }
        if let secret = metadata["client_secret"] {
            // §2.2: it may be repeated, never chosen.
            guard let text = secret.string, let own = self.secret(of: client), own == Secret(text) else {
                throw .metadata("`client_secret` is not the client's")
            }
        }
        let request = try RegistrationRequest(metadata, policy: policy)
        try await checkSector(request)
        let secret =
            request.authentication.usesSecret ? self.secret(of: client) ?? newSecret() : nil
        var registration = ClientRegistration(request, id: id, secret: secret)
        registration.metadata.isThirdParty = client.metadata.isThirdParty
        registration.metadata.isHighAssurance = client.metadata.isHighAssurance
        registration.metadata.resources = client.metadata.resources
        registration.metadata.registrationTokenDigest = client.metadata.registrationTokenDigest
        registration.metadata.registeredAt = client.metadata.registeredAt
        let replaced = try self.client(registration)
        try await commit(
            [OAuthChange.replaceClient(replaced)], "client_replaced", id: id, now: now,
            stamp: Stamp([RecordKey(.client, id): client.revision]), refusal: .token)
        return describe(replaced, secret: secret, token: nil)
    }

    /// Removes the client (RFC 7592 §2.3): it proves nothing any more, and its tokens end with it.
    package func remove(bearer: String?, id: String, now: Instant) async throws(RegistrationRefusal) {
        _ = try await managed(bearer, id: id)
        try await commit([OAuthChange.removeClient(id: id)], "client_removed", id: id, now: now, refusal: .token)
    }

    // MARK: Who asks

    private func initialToken(
        _ bearer: String?, now: Instant
    ) async throws(RegistrationRefusal) -> InitialAccessToken {
        guard let bearer else { throw .token }
        do throws(RecordsUnavailable) {
            if let token = try await tokens.initialAccessToken(OpaqueToken.digest(bearer)), token.uses > 0,
                now < token.expires
            {
                return token
            }
        } catch {
            throw Self.unavailable(error.detail)
        }
        throw .token
    }

    /// The same refusal whether the client is unknown, disabled, not one that registered itself, or the token another's
    /// (RFC 7592 §2: nobody learns which clients there are).
    private func managed(_ bearer: String?, id: String) async throws(RegistrationRefusal) -> Client {
        guard let bearer, id.utf8.count <= Parameters.Limit.identifier else { throw .token }
        do throws(RecordsUnavailable) {
            if let client = try await clients.client(id), !client.disabled,
                let digest = client.metadata.registrationTokenDigest,
                ConstantTime.equals(digest, OpaqueToken.digest(bearer))
            {
                return client
            }
        } catch {
            throw Self.unavailable(error.detail)
        }
        throw .token
    }

    /// 512 bits, so that it can key any HMAC (RFC 7518 §3.2).
    private func newSecret() -> Secret { Secret(Base64URL.encode(random.bytes(64))) }

    private func secret(of client: Client) -> Secret? {
        client.sealedSecret.flatMap { vault.open($0, context: Client.secretContext(client.id)) }.map { Secret($0) }
    }

    // MARK: What is registered

    /// The document at `sector_identifier_uri` lists every redirect URI (OpenID Connect Registration §5): otherwise
    /// anybody could join a sector and learn its subjects.
    private func checkSector(_ request: RegistrationRequest) async throws(RegistrationRefusal) {
        guard let uri = request.metadata.sectorIdentifierURI else { return }
        let listed: [String]
        do throws(OutboundFetch.Refused) {
            let bytes = try await fetch.document(uri)
            guard let texts = (try? JSONValue(parsing: bytes, limits: JSONLimits(depth: 2)))?.strings else {
                throw OutboundFetch.Refused(detail: "not a list of texts")
            }
            listed = texts
        } catch {
            throw RegistrationRefusal(
                .invalidClientMetadata, "`sector_identifier_uri` cannot be read as a list", detail: error.detail)
        }
        guard request.redirectURIs.allSatisfy({ RedirectURI.isRegistered($0, in: listed) }) else {
            throw .metadata("`sector_identifier_uri` does not list every redirect URI")
        }
    }

    private func client(_ registration: ClientRegistration) throws(RegistrationRefusal) -> Client {
        guard let client = registration.client(vault: vault, random: random) else {
            throw .metadata(registration.faults.first ?? "the metadata contradict each other")
        }
        return client
    }

    private func commit(
        _ changes: [OAuthChange], _ event: String, id: String, now: Instant, details: JSONObject = JSONObject(),
        stamp: Stamp = Stamp(), refusal: RegistrationRefusal
    ) async throws(RegistrationRefusal) {
        var details = details
        details["event"] = .string(event)
        details["client"] = .string(id)
        let entry = EntryDraft(kind: .administration, instant: now, actor: id, details: details)
        do throws(LaneUnavailable) {
            switch try await lane.commit(Submission(changes: changes, entry: entry, stamp: stamp)) {
            case .committed: return
            case .conflict: throw LaneUnavailable(detail: "the client was changed meanwhile")
            // A token used up, or a client removed, in another request a moment ago.
            case .refused: break
            }
        } catch {
            throw Self.unavailable(error.detail)
        }
        throw refusal
    }

    private static func unavailable(_ detail: String) -> RegistrationRefusal {
        RegistrationRefusal(.unavailable, "the server cannot answer for now", detail: detail)
    }

    /// The client information response (RFC 7591 §3.2.1, RFC 7592 §3).
    private func describe(_ client: Client, secret: Secret?, token: String?) -> JSONObject {
        var object: JSONObject = ["client_id": .string(client.id)]
        if let secret {
            object["client_secret"] = .string(String(decoding: secret.unredacted, as: UTF8.self))
            object["client_secret_expires_at"] = 0
        }
        object["client_id_issued_at"] = client.metadata.registeredAt.map(JSONValue.integer)
        object["registration_access_token"] = token.map(JSONValue.string)
        object["registration_client_uri"] = .string(endpoints.url(.register) + "/" + client.id)
        if client.name != client.id { object["client_name"] = .string(client.name) }
        object["token_endpoint_auth_method"] = .string(client.authentication.rawValue)
        object["redirect_uris"] = JSONValue(client.redirectURIs)
        if !client.postLogoutRedirectURIs.isEmpty {
            object["post_logout_redirect_uris"] = JSONValue(client.postLogoutRedirectURIs)
        }
        object["grant_types"] = JSONValue(client.grantTypes.map(\.rawValue).sorted())
        object["response_types"] = ["code"]
        object["scope"] = .string(client.scopes.sorted().joined(separator: " "))
        object["id_token_signed_response_alg"] = .string(client.idTokenAlgorithm.rawValue)
        object["subject_type"] = client.metadata.sector == nil ? "public" : "pairwise"
        // Names that begin so are Socle's own affair.
        for member in client.metadata.json.members where !member.name.hasPrefix("socle_") {
            object[member.name] = member.value
        }
        return object
    }
}
