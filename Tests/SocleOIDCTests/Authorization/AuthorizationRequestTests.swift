// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleOIDC
import Testing

@Suite("Authorization request · RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1")
struct AuthorizationRequestTests {
    private static let good: [(name: String, value: String)] = [
        ("client_id", "mobile"), ("redirect_uri", "https://app.example/cb"), ("response_type", "code"),
        ("scope", "openid profile"), ("state", "s-1"), ("code_challenge", Sample.challenge),
        ("code_challenge_method", "S256"),
    ]

    /// The good request with some parameters replaced, added, or (nil) left out.
    private func read(
        _ changes: [String: String?] = [:], adding: [(name: String, value: String)] = [],
        client: Client = Sample.publicClient
    ) throws(AuthorizationRefusal) -> AuthorizationRequest {
        var pairs = Self.good.filter { changes[$0.name] == nil }
        for (name, value) in changes { if let value { pairs.append((name: name, value: value)) } }
        return try AuthorizationRequest(
            validating: Parameters(pairs + adding), client: client, endpoints: Sample.endpoints)
    }

    /// The error told to the client; nil when the request passed or the answer is a page.
    private func told(
        _ changes: [String: String?] = [:], adding: [(name: String, value: String)] = [],
        client: Client = Sample.publicClient
    ) -> String? {
        do throws(AuthorizationRefusal) {
            _ = try read(changes, adding: adding, client: client)
            return nil
        } catch {
            guard case .redirect(let response) = error else { return "page" }
            #expect(response.parameters.contains { $0 == ("iss", Sample.endpoints.issuer) })
            return response.parameters.first { $0.name == "error" }?.value
        }
    }

    @Test("a request with everything in order is read whole") func good() throws {
        let request = try read([
            "nonce": "n", "prompt": "login consent", "max_age": "300", "acr_values": "eidas1", "ui_locales": "fr en",
            "login_hint": "anne",
        ])
        #expect(request.scopes == ["openid", "profile"])
        #expect(request.prompts == [.login, .consent])
        #expect(request.maximumAge == 300)
        #expect(request.codeChallenge == Sample.challenge)
        #expect(request.uiLocales == ["fr", "en"])
        #expect(request.state == "s-1" && request.nonce == "n" && request.loginHint == "anne")
    }

    @Test("unknown parameters and scopes are ignored") func unknown() throws {
        let request = try read([
            "claims": "{}", "display": "page", "claims_locales": "fr", "x": "y", "scope": "openid unheard-of",
        ])
        #expect(request.scopes == ["openid"])
    }

    @Test("claims are kept when a scope of the client's releases them, and name the person expected") func claims()
        throws
    {
        let text = #"""
            {"userinfo":{"given_name":{"essential":true},"email":null,"SubjectNameID":null,"x":null},
             "id_token":{"name":null,"acr":{"essential":true,"values":["eidas2"]},"sub":{"value":"s-9"}},"y":1}
            """#
        let request = try read(["claims": text])
        #expect(request.claims.names == ["given_name", "name"])
        #expect(request.claims.userInfo["given_name"]?.isEssential == true)
        #expect(request.claims.essentialACR == ["eidas2"])
        #expect(request.hintedSubject == "s-9")
        #expect(ClaimsRequest(request.claims.json) == request.claims)
    }

    @Test("an answer is asked for by form, its refusals too") func formPost() throws {
        #expect(try read(["response_mode": "form_post"]).responseMode == .formPost)
        do throws(AuthorizationRefusal) {
            _ = try read(["response_mode": "form_post", "prompt": "maybe"])
            Issue.record("not refused")
        } catch {
            guard case .redirect(let response) = error else {
                Issue.record("on a page")
                return
            }
            #expect(response.mode == .formPost)
        }
    }

    @Test(
        "an unknown redirect URI is told on a page, never by a redirect",
        arguments: [
            "https://app.example/cb/", "https://app.example/CB", "https://APP.example/cb", "https://app.example/cb?x=1",
            "https://app.example/cb#x", "https://app.example/%63b", "https://app.example/x/../cb",
            "https://app.example:443/cb", "https://app.example@evil.example/cb", "http://app.example/cb",
            "https://app.example/cb\u{0}", " https://app.example/cb", "javascript:alert(1)",
            "http://127.0.0.1:80@evil.example/cb", "http://127.0.0.1:99999/cb", "http://127.0.0.1:/cb",
            "http://127.0.0.1:0080/cb", "http://127.0.0.1.evil.example/cb", "http://127.0.0.1:80/cb/../evil",
            "http://localhost:80/cb", "http://[::1]:80/cb", "https://127.0.0.1:80/cb", "http://127.1:80/cb",
        ])
    func redirectTricks(_ uri: String) { #expect(told(["redirect_uri": uri]) == "page") }

    @Test("a loopback address matches with any port, for a public client alone") func loopback() throws {
        #expect(try read(["redirect_uri": "http://127.0.0.1:49152/cb"]).redirectURI == "http://127.0.0.1:49152/cb")
        var confidential = Sample.confidentialClient
        confidential.redirectURIs = ["http://127.0.0.1/cb"]
        #expect(told(["redirect_uri": "http://127.0.0.1:49152/cb"], client: confidential) == "page")
    }

    @Test("a redirect URI that is missing, empty or repeated is told on a page") func redirectMissing() {
        #expect(told(["redirect_uri": nil]) == "page")
        #expect(told(["redirect_uri": ""]) == "page")
        #expect(told(adding: [("redirect_uri", "https://app.example/cb")]) == "page")
        #expect(told(adding: [("client_id", "mobile")]) == "page")
    }

    @Test("a disabled application is told on a page") func disabled() {
        var client = Sample.publicClient
        client.disabled = true
        #expect(told(client: client) == "page")
    }

    @Test(
        "each parameter has its refusal",
        arguments: [
            ("response_type", nil, "invalid_request"), ("response_type", "token", "unsupported_response_type"),
            ("response_type", "code id_token", "unsupported_response_type"),
            ("response_mode", "fragment", "invalid_request"),
            ("response_mode", "jwt", "invalid_request"), ("claims", "[]", "invalid_request"),
            ("claims", #"{"userinfo":{"name":1}}"#, "invalid_request"),
            ("claims", #"{"id_token":{"acr":{"essential":1}}}"#, "invalid_request"),
            ("claims", "{\"userinfo\":\(String(repeating: " ", count: 4096))null}", "invalid_request"),
            ("resource", "https://other.example/", "invalid_target"), ("scope", "unheard-of", "invalid_scope"),
            ("registration", "{}", "registration_not_supported"),
            ("scope", nil, "invalid_request"), ("scope", "openid  profile", "invalid_scope"),
            ("scope", "openid rpps", "invalid_scope"), ("scope", "openid \"", "invalid_scope"),
            ("prompt", "none login", "invalid_request"), ("prompt", "maybe", "invalid_request"),
            ("max_age", "-1", "invalid_request"), ("max_age", "1e3", "invalid_request"),
            ("max_age", "99999999999999999999", "invalid_request"), ("max_age", "true", "invalid_request"),
            ("code_challenge", nil, "invalid_request"), ("code_challenge", "short", "invalid_request"),
            ("code_challenge_method", nil, "invalid_request"), ("code_challenge_method", "plain", "invalid_request"),
            ("code_challenge_method", "s256", "invalid_request"),
        ] as [(String, String?, String)])
    func refusals(_ name: String, _ value: String?, _ error: String) { #expect(told([name: value]) == error) }

    @Test("any repeated parameter is refused, known or not") func repeated() {
        #expect(told(adding: [("scope", "openid")]) == "invalid_request")
        #expect(told(adding: [("state", "s-2")]) == "invalid_request")
        #expect(told(adding: [("x", "1"), ("x", "1")]) == "invalid_request")
    }

    @Test("what is too long is refused: scope, state, nonce") func tooLong() {
        #expect(told(["scope": String(repeating: "openid ", count: 400)]) == "invalid_request")
        #expect(told(["state": String(repeating: "s", count: 2049)]) == "invalid_request")
        #expect(told(["nonce": String(repeating: "n", count: 513)]) == "invalid_request")
        #expect(told(["scope": (0..<33).map { "s\($0)" }.joined(separator: " ")]) == "invalid_scope")
    }

    @Test("the state comes back with the error, unless it is itself at fault") func state() throws {
        func echoed(_ changes: [String: String?], adding: [(name: String, value: String)] = []) -> String? {
            do throws(AuthorizationRefusal) {
                _ = try read(changes, adding: adding)
                return nil
            } catch {
                guard case .redirect(let response) = error else { return nil }
                return response.parameters.first { $0.name == "state" }?.value
            }
        }
        #expect(echoed(["prompt": "maybe"]) == "s-1")
        #expect(echoed([:], adding: [("state", "s-2")]) == nil)
    }

    @Test("PKCE is required of a public client and honoured for a confidential one") func pkce() throws {
        let changes: [String: String?] = [
            "client_id": "dossier", "redirect_uri": "https://dossier.example/cb?app=1", "code_challenge": nil,
            "code_challenge_method": nil,
        ]
        #expect(try read(changes, client: Sample.confidentialClient).codeChallenge == nil)
        #expect(told(["code_challenge": nil, "code_challenge_method": nil]) == "invalid_request")
        var plain = changes
        plain["code_challenge"] = Sample.verifier
        plain["code_challenge_method"] = "plain"
        #expect(told(plain, client: Sample.confidentialClient) == "invalid_request")
    }

    @Test("what an application may do by itself is never in a person's token") func applicationScope() {
        let changes: [String: String?] = [
            "redirect_uri": "https://dossier.example/cb?app=1", "scope": "openid access:assert",
        ]
        #expect(told(changes, client: Sample.confidentialClient) == "invalid_scope")
    }

    @Test("a client without the grant type is refused") func grantType() {
        var client = Sample.publicClient
        client.grantTypes = [.refreshToken]
        #expect(told(client: client) == "unauthorized_client")
    }
}

@Suite("Code challenge · RFC 7636 §4")
struct CodeChallengeTests {
    @Test("the example of appendix B") func example() throws {
        let challenge = try CodeChallenge(Sample.challenge, method: "S256")
        #expect(challenge.isMet(by: Sample.verifier))
        #expect(!challenge.isMet(by: Sample.verifier + "a"))
        #expect(!challenge.isMet(by: Sample.challenge))
    }

    @Test("a verifier out of shape meets no challenge, even its own") func shape() {
        for verifier in ["short", String(repeating: "a", count: 129), String(repeating: "é", count: 43)] {
            let digest = Base64URL.encode(SHA256.digest(verifier.utf8))
            #expect(!CodeChallenge(stored: digest).isMet(by: verifier))
        }
    }
}
