// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
package import SocleIdentity
import SocleJSON

/// The answer of introspection as a JWT, for who must show later what it was told (RFC 9701).
package struct IntrospectionTokens: Sendable {
    private let introspection: IntrospectionEndpoint
    private let clients: any ClientRecords
    private let answers: ProtectedAnswers
    private let endpoints: Endpoints

    /// What a caller asks for (§4).
    package static let mediaType = "application/token-introspection+jwt"

    package init(
        introspection: IntrospectionEndpoint, clients: any ClientRecords, answers: ProtectedAnswers,
        endpoints: Endpoints
    ) {
        self.introspection = introspection
        self.clients = clients
        self.answers = answers
        self.endpoints = endpoints
    }

    package func answer(
        authorization: [String], parameters: Parameters, address: String, now: Instant
    ) async throws(ProtocolError) -> String {
        let told = try await introspection.answer(
            authorization: authorization, parameters: parameters, address: address, now: now)
        let id = try PresentedCredentials(authorization: authorization, parameters: parameters).clientID
        let found: Client?
        do throws(RecordsUnavailable) {
            found = try await clients.client(id)
        } catch {
            throw .unavailable(error.detail)
        }
        guard let client = found else { throw ProtocolError(.invalidClient, "client authentication failed") }
        // §5: what the token is worth stands apart from what the answer says of itself, so that neither passes for an
        // access token.
        guard let worth = (try? JSONValue(parsing: told))?.object else {
            throw ProtocolError(.serverError, "the server cannot answer", detail: "unreadable introspection")
        }
        let claims: JSONObject = [
            "iss": .string(endpoints.issuer), "aud": .string(id), "iat": .integer(now.seconds),
            "token_introspection": .object(worth),
        ]
        let token = try await answers.signed(
            JSONValue.object(claims).bytes, algorithm: client.metadata.introspectionAlgorithm ?? .rs256,
            type: "token-introspection+jwt")
        return try await answers.encrypted(
            signed: token, by: client.metadata.introspectionEncryption, for: client, now: now)
    }
}
