// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Malformed requests over the routes · RFC 6749 §5.2, RFC 6750 §3.1")
struct BadInputRouteTests {
    private static let forms: [Endpoints.Path] = [.token, .introspect, .revoke]

    @Test("a body that is not a form is invalid_request", arguments: forms) func contentType(_ path: Endpoints.Path)
        async throws
    {
        try await Provider.with { provider in
            for type in ["application/json", "text/plain", "multipart/form-data; boundary=x", nil] {
                let response = await provider.post(
                    path, body: Array(#"{"grant_type":"client_credentials"}"#.utf8), headers: Provider.basic, type: type
                )
                #expect(response.status == .badRequest && response.error == "invalid_request")
                #expect(response.headers[.cacheControl] == "no-store")
            }
        }
    }

    @Test("what cannot be decoded, repeated or too much is invalid_request", arguments: forms)
    func undecodable(_ path: Endpoints.Path) async throws {
        let many = (0..<100).map { "p\($0)=1" }.joined(separator: "&")
        let bodies: [[UInt8]] = [
            Array("token=%".utf8), Array("token=%zz".utf8), Array("token=%FF&grant_type=client_credentials".utf8),
            [0x74, 0x6F, 0x6B, 0x65, 0x6E, 0x3D, 0xC3, 0x28], Array("token=%00".utf8), Array(many.utf8),
            Array("token=1&token=2&grant_type=client_credentials&grant_type=client_credentials".utf8),
            Array("token=&grant_type=".utf8), [], Array("token=\(String(repeating: "a", count: 20_000))".utf8),
        ]
        try await Provider.with { provider in
            for body in bodies {
                let response = await provider.post(path, body: body, headers: Provider.basic)
                #expect(response.status == .badRequest && response.error == "invalid_request")
            }
        }
    }

    @Test("a body over the limit is 413, another method 405 with Allow", arguments: forms)
    func limits(_ path: Endpoints.Path) async throws {
        try await Provider.with { provider in
            let long = [UInt8](repeating: 0x61, count: 65 * 1024)
            #expect(await provider.post(path, body: long).status == .contentTooLarge)
            let response = await provider.get(path, headers: Provider.basic)
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow]?.contains("POST") == true)
        }
    }

    @Test("credentials in the URI are refused", arguments: forms) func query(_ path: Endpoints.Path) async throws {
        try await Provider.with { provider in
            let response = await provider.post(
                path, body: Array("grant_type=client_credentials&token=x".utf8), query: "client_id=dossier",
                headers: Provider.basic)
            #expect(response.status == .badRequest && response.error == "invalid_request")
        }
    }

    @Test(
        "a client that fails to authenticate is 401 with a challenge",
        arguments: [
            "Basic", "Basic %%%", "Basic ZG9zc2llcjp3cm9uZw==", "Basic ZG9zc2llcg==", "Bearer abc", "Negotiate x",
            "Basic 8J+YgDrwn5iA", "basic",
        ])
    func authentication(_ header: String) async throws {
        try await Provider.with { provider in
            for path in Self.forms {
                let response = await provider.post(
                    path, [("grant_type", "client_credentials"), ("token", "x")],
                    headers: [.authorization: header])
                #expect(response.status == .unauthorized && response.error == "invalid_client")
                #expect(response.headers[.wwwAuthenticate]?.hasPrefix("Basic ") == true)
            }
        }
    }

    @Test("secrets guessed from one address have to wait, even the right one") func throttled() async throws {
        try await Provider.with { provider in
            let form = [(name: "grant_type", value: "client_credentials")]
            var statuses: [Int] = []
            for _ in 0..<8 {
                statuses.append(
                    await provider.post(.token, form, headers: Provider.basic("dossier", "wrong")).status.code)
            }
            #expect(statuses.first == 401 && statuses.last == 429)
            let right = await provider.post(.token, form, headers: Provider.basic)
            #expect(right.status == .tooManyRequests && right.headers[.retryAfter] != nil)
            provider.time.advance(by: .minutes(20))
            #expect(await provider.post(.token, form, headers: Provider.basic).status == .ok)
        }
    }

    @Test("an IPv6 subscriber is one address, and guessed secrets do not slow the people behind it")
    func guessedFromANetwork() async throws {
        try await Provider.with { provider in
            let form = Array(Form.encode([(name: "grant_type", value: "client_credentials")]).utf8)
            var statuses: [Int] = []
            for host in 1...8 {
                var headers = Provider.basic("dossier", "wrong")
                headers[.contentType] = "application/x-www-form-urlencoded"
                let request = WebRequest(
                    method: .post, path: Endpoints.Path.token.rawValue, headers: headers, body: form,
                    address: "2001:db8::\(host)")
                statuses.append(await provider.site.respond(to: request).status.code)
            }
            #expect(statuses.first == 401 && statuses.last == 429)
            let network = WebRequest(path: "/", address: "2001:db8::1").network
            let people = try await StoredFailures(provider.records).recent(
                account: "sub-1", address: network, since: Instant(seconds: 1_793_610_000) - .minutes(15))
            #expect(people == RecentFailures())
        }
    }

    @Test(
        "each wrong token request has its error",
        arguments: [
            ("password", "", "unsupported_grant_type"), ("1", "", "unsupported_grant_type"),
            ("true", "", "unsupported_grant_type"), ("client_credentials", "openid", "invalid_scope"),
            ("client_credentials", "introspect", "invalid_scope"), ("client_credentials", "a  b", "invalid_scope"),
            ("authorization_code", "", "invalid_request"), ("refresh_token", "", "invalid_request"),
            ("urn:ietf:params:oauth:grant-type:token-exchange", "", "unsupported_grant_type"),
        ])
    func grants(_ grant: String, _ scope: String, _ error: String) async throws {
        try await Provider.with { provider in
            let response = await provider.post(
                .token, [("grant_type", grant), ("scope", scope)], headers: Provider.basic)
            #expect(response.status == .badRequest && response.error == error)
        }
    }

    @Test("a grant type that is not the client's is unauthorized_client") func unauthorized() async throws {
        try await Provider.with { provider in
            let response = await provider.post(
                .token, [("grant_type", "client_credentials"), ("client_id", "mobile")])
            #expect(response.status == .badRequest && response.error == "unauthorized_client")
        }
    }

    @Test("an unknown client or redirect URI gets a page, never a redirect") func authorizePage() async throws {
        try await Provider.with { provider in
            for query in [
                nil, "", "client_id=nobody", "client_id=dossier", "client_id=dossier&redirect_uri=https://evil.example",
                "client_id=dossier&client_id=mobile&redirect_uri=https://mobile.example/cb", "client_id=%FF",
                "client_id=dossier&redirect_uri=https://dossier.example/cb", "client_id=%00",
            ] {
                let response = await provider.get(.authorize, query: query)
                #expect(response.status == .badRequest && response.headers[.location] == nil)
            }
            let post = await provider.post(.authorize, body: [0x7B], type: "application/json")
            #expect(post.status == .badRequest)
        }
    }

    @Test("any other fault goes back to the application") func authorizeRedirect() async throws {
        try await Provider.with { provider in
            let response = await provider.post(
                .authorize,
                [
                    ("client_id", "mobile"), ("redirect_uri", "https://mobile.example/cb"), ("response_type", "token"),
                    ("state", "a&b"),
                ])
            let location = try #require(response.headers[.location])
            #expect(location.hasPrefix("https://mobile.example/cb?error=unsupported_response_type&"))
            #expect(location.hasSuffix("&state=a%26b&iss=https%3A%2F%2Fsocle.example"))
        }
    }
}

@Suite("Userinfo over the routes · OpenID Connect Core §5.3, RFC 6750")
struct UserInfoRouteTests {
    @Test("without a token there is a challenge that says where to learn more, and no error") func none() async throws {
        try await Provider.with { provider in
            for headers: HTTPFields in [[:], Provider.basic] {
                let response = await provider.get(.userInfo, headers: headers)
                #expect(response.status == .unauthorized && response.body.isEmpty)
                let challenge = try #require(response.headers[.wwwAuthenticate])
                #expect(challenge.contains("/.well-known/oauth-protected-resource") && !challenge.contains("error"))
            }
        }
    }

    @Test("a token in the body counts, in the query never, in two places is refused") func places() async throws {
        try await Provider.with { provider in
            let token = try #require(try await provider.login()["access_token"]?.string)
            let body = [(name: "access_token", value: token)]
            #expect(await provider.post(.userInfo, body).status == .ok)
            #expect(await provider.get(.userInfo, query: "access_token=\(token)").status == .unauthorized)
            let twice = await provider.post(.userInfo, body, headers: Provider.bearer(token))
            #expect(twice.status == .badRequest && twice.error == "invalid_request")
            let empty = await provider.post(.userInfo, body: [], headers: Provider.bearer(token), type: nil)
            #expect(empty.status == .ok)
        }
    }

    @Test("a token that is not a person's, or lacks openid, is insufficient") func scope() async throws {
        try await Provider.with { provider in
            let own = try await provider.clientToken()
            let plain = try #require(try await provider.login(scope: "profile")["access_token"]?.string)
            for token in [own, plain] {
                let response = await provider.get(.userInfo, headers: Provider.bearer(token))
                #expect(response.status == .forbidden && response.error == "insufficient_scope")
                #expect(response.headers[.wwwAuthenticate]?.contains(#"scope="openid""#) == true)
            }
        }
    }

    @Test("anything else is invalid_token", arguments: ["x", "a.b.c", "é", "a b", String(repeating: "a", count: 9000)])
    func invalid(_ token: String) async throws {
        try await Provider.with { provider in
            let response = await provider.get(.userInfo, headers: Provider.bearer(token))
            #expect(response.status == .unauthorized && response.error == "invalid_token")
        }
    }

    @Test("an ID token is not an access token") func idToken() async throws {
        try await Provider.with { provider in
            let token = try #require(try await provider.login()["id_token"]?.string)
            #expect(await provider.get(.userInfo, headers: Provider.bearer(token)).error == "invalid_token")
        }
    }
}
