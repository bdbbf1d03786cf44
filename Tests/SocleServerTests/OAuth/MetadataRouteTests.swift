// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Metadata over the routes · OpenID Connect Discovery §3, RFC 8414, RFC 9728")
struct MetadataRouteTests {
    @Test("every endpoint named is there, and every path of ours under the issuer") func endpoints() async throws {
        try await Provider.with { provider in
            let metadata = try await provider.get(.openIDConfiguration).object()
            #expect(metadata["issuer"] == "https://socle.example")
            for (name, path) in [
                ("authorization_endpoint", Endpoints.Path.authorize), ("token_endpoint", .token),
                ("jwks_uri", .keys), ("userinfo_endpoint", .userInfo), ("introspection_endpoint", .introspect),
                ("revocation_endpoint", .revoke), ("end_session_endpoint", .logout),
            ] {
                #expect(metadata[name]?.string == "https://socle.example\(path.rawValue)")
            }
            #expect(metadata["code_challenge_methods_supported"] == ["S256"])
            #expect(metadata["response_types_supported"] == ["code"])
            #expect(metadata["authorization_response_iss_parameter_supported"] == true)
            #expect(metadata["request_uri_parameter_supported"] == false)
            let server = try await provider.get(.authorizationServer).object()
            for member in server.members { #expect(metadata[member.name] == member.value) }
            let resource = try await provider.get(.protectedResource).object()
            #expect(resource["resource"] == "https://socle.example/access")
        }
    }

    @Test("the documents and keys may be kept a while, and the keys verify") func keys() async throws {
        try await Provider.with { provider in
            for path in [Endpoints.Path.openIDConfiguration, .authorizationServer, .protectedResource, .keys] {
                let response = await provider.get(path)
                #expect(response.status == .ok)
                #expect(response.headers[.cacheControl]?.hasPrefix("public, max-age=") == true)
            }
            let set = try JWKSet(parsing: await provider.get(.keys).body)
            let token = try UnverifiedToken(compact: try await provider.clientToken())
            let found = try #require(set.key(for: token.header))
            #expect(
                try token.verified(by: found.key, algorithm: found.algorithm, type: "at+jwt").claims["sub"] == "dossier"
            )
        }
    }
}

@Suite("Calls from other origins · Fetch §3.2")
struct CrossOriginRouteTests {
    private static let open: [Endpoints.Path] = [
        .openIDConfiguration, .authorizationServer, .protectedResource, .keys, .token, .userInfo, .revoke,
    ]

    @Test("the origin of a registered redirect URI may call, preflight included", arguments: open)
    func registered(_ path: Endpoints.Path) async throws {
        try await Provider.with { provider in
            let headers: HTTPFields = [.origin: "https://mobile.example"]
            let preflight = await provider.get(path, headers: headers, method: .options)
            #expect(preflight.status == .noContent)
            #expect(preflight.headers[.accessControlAllowOrigin] == "https://mobile.example")
            #expect(preflight.headers[.accessControlAllowCredentials] == nil)
            let answer =
                path == .token || path == .revoke
                ? await provider.post(path, [], headers: headers) : await provider.get(path, headers: headers)
            #expect(answer.headers[.accessControlAllowOrigin] == "https://mobile.example")
            #expect(answer.headers[.vary] == "Origin")
        }
    }

    @Test(
        "no other origin may",
        arguments: [
            "https://evil.example", "null", "http://mobile.example", "https://mobile.example:8443",
            "https://mobile.example.evil.example", "https://MOBILE.example", "https://mobile.example/",
        ])
    func others(_ origin: String) async throws {
        try await Provider.with { provider in
            for path in Self.open {
                let preflight = await provider.get(path, headers: [.origin: origin], method: .options)
                #expect(preflight.headers[.accessControlAllowOrigin] == nil)
                #expect(await provider.get(path, headers: [.origin: origin]).headers[.accessControlAllowOrigin] == nil)
            }
        }
    }

    @Test("authorize and introspection are for no script") func closed() async throws {
        try await Provider.with { provider in
            for path in [Endpoints.Path.authorize, .introspect] {
                let headers: HTTPFields = [.origin: "https://mobile.example"]
                #expect(await provider.get(path, headers: headers, method: .options).status == .methodNotAllowed)
                #expect(await provider.post(path, [], headers: headers).headers[.accessControlAllowOrigin] == nil)
            }
        }
    }

    @Test("a disabled client's origin may no longer call") func disabled() async throws {
        try await Provider.with { provider in
            try await provider.commit([OAuthChange.disableClient(id: "mobile")])
            let response = await provider.get(.keys, headers: [.origin: "https://mobile.example"])
            #expect(response.headers[.accessControlAllowOrigin] == nil)
        }
    }
}
