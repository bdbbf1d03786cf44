// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleJOSE
import SocleJSON

/// Request objects: the parameters of an authorization request as a JWT, by value or by reference (OpenID Connect Core
/// §6, RFC 9101).
///
/// - Its parameters supersede those of the same name beside it; the others stand, as §6.1 has it. For a high-assurance
///   client the object alone counts (RFC 9101 §6.3).
/// - Signed with a key of the client's; unsigned only for a client registered with `none`. Encrypted or not: what opens
///   with our key anybody could have written, so that it is a token still to be verified (CVE-2026-9793).
/// - By reference only from an address registered by that client, and only where this installation fetches anything.
package struct RequestObjects: Sendable {
    private let keys: ClientKeys
    private let decryption: any DecryptionKeyRing
    private let fetch: OutboundFetch
    private let endpoints: Endpoints

    package init(
        keys: ClientKeys, decryption: any DecryptionKeyRing, fetch: OutboundFetch, endpoints: Endpoints
    ) {
        self.keys = keys
        self.decryption = decryption
        self.fetch = fetch
        self.endpoints = endpoints
    }

    /// The parameters that count.
    func resolve(
        _ parameters: Parameters, client: Client, now: Instant
    ) async throws(ProtocolError) -> Parameters {
        guard parameters.contains("request") || parameters.contains("request_uri") else {
            guard client.metadata.requestObjectAlgorithm == nil || !client.metadata.isHighAssurance else {
                throw ProtocolError(.invalidRequest, "this application must send a request object")
            }
            return parameters
        }
        try parameters.refuseRepeated(save: "resource")
        let text: String
        if let value = try parameters.value("request", limit: Parameters.Limit.token) {
            guard !parameters.contains("request_uri") else {
                throw ProtocolError(.invalidRequest, "`request` and `request_uri` exclude each other")
            }
            text = value
        } else {
            text = try await fetched(
                try parameters.required("request_uri", limit: Parameters.Limit.uri), client: client)
        }
        let claims = try await claims(of: text, client: client, now: now)
        try check(claims, parameters, client: client, now: now.seconds)
        return try merged(claims, parameters, client: client)
    }

    private func fetched(_ uri: String, client: Client) async throws(ProtocolError) -> String {
        guard fetch.isOffered else { throw ProtocolError(.requestURINotSupported, "`request_uri` is not supported") }
        guard RedirectURI.isRegistered(uri, in: client.metadata.requestURIs) else {
            throw ProtocolError(.invalidRequestURI, "`request_uri` is not registered for this application")
        }
        do throws(OutboundFetch.Refused) {
            // A fragment tells one version from another (OpenID Connect Core §6.2); it is not sent.
            let bytes = try await fetch.document(String(uri.prefix { $0 != "#" }))
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw OutboundFetch.Refused(detail: "not a text")
            }
            return text
        } catch {
            throw ProtocolError(.invalidRequestURI, "`request_uri` cannot be read", detail: error.detail)
        }
    }

    private static func invalid(_ detail: String) -> ProtocolError {
        ProtocolError(.invalidRequestObject, "the request object is not valid", detail: detail)
    }

    private func claims(of text: String, client: Client, now: Instant) async throws(ProtocolError) -> JSONObject {
        let token = try await token(text, client: client)
        let pinned = client.metadata.requestObjectAlgorithm
        if token.header.algorithm == "none" {
            guard pinned == "none", token.isUnsigned, let claims = token.unverifiedClaims else {
                throw Self.invalid("unsigned")
            }
            return claims
        }
        guard pinned == nil || pinned == token.header.algorithm,
            !client.metadata.isHighAssurance || token.header.algorithm != "RS256"
        else { throw Self.invalid("not the registered algorithm") }
        guard let set = await keys.keys(of: client, for: token.header.keyID, now: now),
            let (key, algorithm) = set.key(for: token.header)
        else { throw Self.invalid("no key of the client's is named") }
        do throws(JOSEError) {
            return try token.verified(by: key, algorithm: algorithm).claims
        } catch {
            throw Self.invalid("\(error)")
        }
    }

    /// The token inside, opened where it is encrypted (RFC 9101 §6.1): always one, never claims by themselves, nor
    /// another layer of encryption.
    private func token(_ text: String, client: Client) async throws(ProtocolError) -> UnverifiedToken {
        do throws(JOSEError) {
            guard text.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 4 else {
                return try UnverifiedToken(compact: text)
            }
            let encrypted = try EncryptedToken(compact: text)
            let pinned = client.metadata.requestObjectEncryption
            guard
                let algorithm = ResponseEncryption.keyAlgorithms.first(where: {
                    $0.rawValue == encrypted.header.algorithm
                }), pinned == nil || pinned?.key == algorithm
            else { throw .wrongAlgorithm }
            guard let key = await decryption.decryptionKey(encrypted.header.keyID, for: algorithm) else {
                throw .unusableKey
            }
            let plaintext = try encrypted.plaintext(
                openedBy: key, algorithms: [algorithm],
                encryptions: pinned.map { [$0.content] } ?? Set(ContentEncryption.allCases))
            return try encrypted.signedToken(in: plaintext)
        } catch {
            throw Self.invalid("\(error)")
        }
    }

    private func check(
        _ claims: JSONObject, _ parameters: Parameters, client: Client, now: Int64
    ) throws(ProtocolError) {
        // No object within an object (RFC 9101 §4), and no client assertion passed off as one (§10.8).
        guard claims["request"] == nil, claims["request_uri"] == nil, claims["sub"]?.string != client.id else {
            throw Self.invalid("a member that must not be there")
        }
        guard claims["client_id"] == nil || claims["client_id"]?.string == client.id,
            claims["iss"] == nil || claims["iss"]?.string == client.id
        else { throw Self.invalid("of another client") }
        if claims["aud"] != nil {
            guard (claims["aud"]?.string.map { [$0] } ?? claims["aud"]?.strings)?.contains(endpoints.issuer) == true
            else { throw Self.invalid("for another provider") }
        }
        if let expires = claims["exp"] {
            guard let expires = expires.integer, now < expires else { throw Self.invalid("expired") }
        }
        if let start = claims["nbf"] {
            guard let start = start.integer, start <= now + 60 else { throw Self.invalid("not yet valid") }
        }
        let type = try parameters.value("response_type")
        guard type == nil || claims["response_type"] == nil || claims["response_type"]?.string == type else {
            throw ProtocolError(.invalidRequest, "`response_type` differs within the request object")
        }
    }

    /// What a JWT says of itself: not parameters.
    private static let own: Set<String> = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"]

    private func merged(
        _ claims: JSONObject, _ parameters: Parameters, client: Client
    ) throws(ProtocolError) -> Parameters {
        var pairs: [(name: String, value: String)] = []
        for (name, value) in claims.members where !Self.own.contains(name) {
            switch value {
            case .string(let text): pairs.append((name: name, value: text))
            case .integer(let number): pairs.append((name: name, value: String(number)))
            case .object: pairs.append((name: name, value: value.text))
            case .array where name == "resource":
                for text in value.strings ?? [] { pairs.append((name: name, value: text)) }
            default: throw Self.invalid("a member of another type")
            }
        }
        let named = Set(claims.names)
        let kept = client.metadata.isHighAssurance ? ["client_id"] : parameters.pairs.map(\.name)
        pairs += parameters.pairs.filter { pair in
            kept.contains(pair.name) && !named.contains(pair.name) && !["request", "request_uri"].contains(pair.name)
        }
        return Parameters(pairs)
    }
}
