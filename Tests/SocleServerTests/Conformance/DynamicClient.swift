// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

/// An application that registered itself, with keys of its own: what a certification suite plays.
struct DynamicClient: Sendable {
    static let initial = "an-initial-access-token"
    static let rsa = try? SigningKey.generate(.rs256)
    static let p256 = try? SigningKey.generate(.es256)
    static let other = try? SigningKey.generate(.es256)

    var registration: JSONObject
    var id: String { registration["client_id"]?.string ?? "" }
    var secret: String { registration["client_secret"]?.string ?? "" }
    var token: String { registration["registration_access_token"]?.string ?? "" }
    var basic: HTTPFields { Provider.basic(id, secret) }

    /// The public keys of the client as a JWK set.
    static func keySet(_ keys: [(id: String, key: SigningKey?)]) throws -> JSONObject {
        JWKSet(
            try keys.map { id, key in
                let key = try #require(key)
                return JWK(key: key.publicKey, keyID: id, algorithm: key.algorithm)
            }
        ).json
    }

    /// The claims of a client assertion, replaced or (null) left out.
    func assertion(
        _ changes: JSONObject = JSONObject(), fixture: ConformanceFixture, with key: SigningKey? = DynamicClient.p256,
        keyID: String = "k-1"
    ) throws -> String {
        let now = fixture.clock.now().seconds
        var claims: JSONObject = [
            "iss": .string(id), "sub": .string(id), "aud": .string(ConformanceFixture.issuer),
            "jti": .string(SecureRandom.system.token()), "iat": .integer(now), "exp": .integer(now + 60),
        ]
        for member in changes.members { claims[member.name] = member.value.isNull ? nil : member.value }
        return try JWS.sign(claims: claims, with: try #require(key), keyID: keyID)
    }

    /// The parameters of the usual request as claims, replaced or (null) left out.
    func requestObject(_ changes: JSONObject = JSONObject()) -> JSONObject {
        var claims: JSONObject = [
            "iss": .string(id), "aud": .string(ConformanceFixture.issuer), "client_id": .string(id),
            "response_type": "code", "redirect_uri": .string(ConformanceFixture.callback), "scope": "openid",
            "state": "inside", "nonce": "nonce-inside",
        ]
        for member in changes.members { claims[member.name] = member.value.isNull ? nil : member.value }
        return claims
    }

    static func asserting(_ assertion: String) -> [(name: String, value: String)] {
        [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ]
    }
}

extension ConformanceFixture {
    /// Registers, with what Sesan gave unless told otherwise.
    func callRegistration(
        bearer: String? = DynamicClient.initial, _ metadata: JSONObject
    ) async -> WebResponse {
        await callRegistration(.post, id: nil, bearer: bearer, metadata)
    }

    /// Calls the registration endpoint, or what is under it.
    func callRegistration(
        _ method: HTTPRequest.Method, id: String?, bearer: String?, _ metadata: JSONObject? = nil
    ) async -> WebResponse {
        var headers: HTTPFields = metadata == nil ? [:] : [.contentType: "application/json"]
        headers[.authorization] = bearer.map { "Bearer \($0)" }
        let path = Endpoints.Path.register.rawValue + (id.map { "/" + $0 } ?? "")
        return await site.respond(
            to: WebRequest(
                method: method, path: path, headers: headers, body: metadata.map { JSONValue.object($0).bytes } ?? [])
        )
    }

    func giveInitialToken(uses: Int64 = 10) async throws {
        try await commit([
            OAuthChange.addInitialAccessToken(
                InitialAccessToken(
                    digest: OpaqueToken.digest(DynamicClient.initial), label: "editor",
                    expires: clock.now() + .days(1), uses: uses))
        ])
    }

    static let metadata: JSONObject = [
        "redirect_uris": [.string(callback)], "client_name": "Dynamic <RP>",
        "grant_types": ["authorization_code", "refresh_token"], "contacts": ["tech@rp.example"],
    ]

    /// A client that registered itself; marie is asked whether it may know her.
    func dynamicClient(_ changes: JSONObject = JSONObject()) async throws -> DynamicClient {
        try await giveInitialTokenOnce()
        var metadata = Self.metadata
        for member in changes.members { metadata[member.name] = member.value }
        let response = await callRegistration(metadata)
        #expect(response.status == .created, "\(response.text)")
        return DynamicClient(registration: try response.object())
    }

    private func giveInitialTokenOnce() async throws {
        let count = try await database.row("SELECT COUNT(*) FROM initial_access_tokens", [])?.integer(0)
        if count == 0 { try await giveInitialToken() }
    }

    /// The refusal of a registration with these members changed.
    func refusal(_ changes: JSONObject) async throws -> String? {
        try await giveInitialTokenOnce()
        var metadata = Self.metadata
        for member in changes.members { metadata[member.name] = member.value.isNull ? nil : member.value }
        let response = await callRegistration(metadata)
        #expect(response.status == .badRequest, "\(response.text)")
        return response.error
    }

    /// A sign-in to a third party: both factors, then consent; the answer to the last of them.
    func agreed(
        to client: DynamicClient, _ changes: [String: String?] = [:]
    ) async -> (browser: TestBrowser, answer: WebResponse) {
        var (browser, answer) = await signedIn(changes.merging(["client_id": client.id]) { a, _ in a })
        if answer.location.hasPrefix("/login?") {
            await browser.follow(answer)
            answer = await browser.submit("/login/consent", [("answer", "allow")])
        }
        return (browser, answer)
    }

    /// Redeems a code by the client's own way.
    func redeem(
        _ code: String, _ client: DynamicClient, uri: String = ConformanceFixture.callback
    ) async throws -> WebResponse {
        let form = [
            (name: "grant_type", value: "authorization_code"), (name: "code", value: code),
            (name: "redirect_uri", value: uri),
        ]
        guard client.registration["token_endpoint_auth_method"] == "private_key_jwt" else {
            return await post(.token, form, headers: client.basic)
        }
        return await post(.token, form + DynamicClient.asserting(try client.assertion(fixture: self)))
    }

    func tokens(of client: DynamicClient, _ changes: [String: String?] = [:]) async throws -> JSONObject {
        let code = try #require(await agreed(to: client, changes).answer.parameters["code"])
        return try await redeem(code, client).object()
    }
}
