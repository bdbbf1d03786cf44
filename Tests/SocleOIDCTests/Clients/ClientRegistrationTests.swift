// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleOIDC
import Testing

@Suite("Client registration · RFC 6749 §2, RFC 9700 §2.1")
struct ClientRegistrationTests {
    private let good = ClientRegistration(
        id: "app", authentication: .basic, secret: Secret("0123456789abcdef"),
        redirectURIs: ["https://app.example/cb"], grantTypes: [.authorizationCode], scopes: ["openid"])

    private func faults(_ change: (inout ClientRegistration) -> Void) -> [String] {
        var registration = good
        change(&registration)
        return registration.faults
    }

    @Test("a sound registration has no fault, and its secret is sealed for it alone") func sound() throws {
        #expect(good.faults.isEmpty)
        let client = try #require(good.client(vault: Sample.vault, random: Sample.random(3)))
        let sealed = try #require(client.sealedSecret)
        #expect(Sample.vault.open(sealed, context: Client.secretContext("app")) == Array("0123456789abcdef".utf8))
        #expect(Sample.vault.open(sealed, context: Client.secretContext("other")) == nil)
        #expect(client.idTokenAlgorithm == .rs256)
    }

    @Test("people open it at the root of its first redirect URI; what no link opens has no home") func home() {
        func home(_ uris: [String], _ grants: Set<Client.GrantType> = [.authorizationCode]) -> String? {
            Client(
                id: "app", name: "App", authentication: .none, redirectURIs: uris, grantTypes: grants,
                scopes: ["openid"]
            ).home
        }
        #expect(home(["https://app.example/cb"]) == "https://app.example/")
        #expect(home(["https://a.example:8443/x/cb?y=1"]) == "https://a.example:8443/")
        #expect(home(["http://127.0.0.1/cb", "https://b.example/cb"]) == "https://b.example/")
        #expect(home(["http://[::1]/cb"]) == nil)
        #expect(home([]) == nil)
        #expect(home(["https://app.example/cb"], [.clientCredentials]) == nil)
    }

    @Test(
        "a redirect URI that could lead elsewhere is refused",
        arguments: [
            "javascript:alert(1)", "http://app.example/cb", "https://*.example/cb", "https://app.example/*",
            "https://app.example/cb#f", "https://user@app.example/cb", "https://user:p@app.example/cb", "/cb", "cb", "",
            "https:app.example", "https://", "https:///cb", "https://app.example:0/cb", "https://app.example:70000/cb",
            "https://app.example:/cb", "https://app.example/a/../cb", "https://app.example/%2E%2e/cb",
            "https://app.example\\@evil.example/cb", "https://app.example/c b", "https://app.example/é",
            "https://app..example/cb", "http://localhost.evil.example/cb", "http://127.0.0.2/cb", "data:text/html,x",
            "HTTPS://app.example/cb", "https://app.example/\ncb",
        ])
    func redirect(_ uri: String) {
        #expect(!faults { $0.redirectURIs = [uri] }.isEmpty)
        #expect(good.client(vault: Sample.vault, random: Sample.random(3)) != nil)
    }

    @Test(
        "HTTPS, loopback addresses and localhost are accepted",
        arguments: [
            "https://app.example/cb?x=1", "https://app.example:8443/cb", "https://app.example",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb", "http://[::1]:8080/cb",
        ])
    func accepted(_ uri: String) { #expect(faults { $0.redirectURIs = [uri] } == []) }

    @Test("every fault is reported at once") func together() {
        let faults = faults {
            $0.id = "a b"
            $0.secret = nil
            $0.redirectURIs = ["javascript:x"]
            $0.scopes = ["openid", "everything"]
        }
        #expect(faults.count == 4)
    }

    @Test("a public client holds no secret, no grant of its own and no scope of applications") func publicClient() {
        #expect(!faults { $0.authentication = .none }.isEmpty)
        #expect(
            !faults {
                $0.authentication = .none
                $0.secret = nil
                $0.grantTypes.insert(.clientCredentials)
            }.isEmpty)
        #expect(
            !faults {
                $0.authentication = .none
                $0.secret = nil
                $0.scopes.insert("introspect")
            }.isEmpty)
        #expect(
            faults {
                $0.authentication = .none
                $0.secret = nil
            }.isEmpty)
    }

    @Test("grant types, redirect URIs and offline access go together") func consistency() {
        #expect(!faults { $0.redirectURIs = [] }.isEmpty)
        #expect(!faults { $0.grantTypes = [.clientCredentials] }.isEmpty)
        #expect(!faults { $0.grantTypes = [] }.isEmpty)
        #expect(!faults { $0.scopes.insert("offline_access") }.isEmpty)
        #expect(!faults { $0.grantTypes = [.refreshToken] }.isEmpty)
    }

    @Test("a redirect URI is compared byte for byte, not as text that reads the same") func canonicalEquivalence() {
        let client = Client(
            id: "app", name: "App", authentication: .basic, redirectURIs: ["https://app.example/Kb;v=1"],
            grantTypes: [.authorizationCode], scopes: ["openid"])
        #expect(RedirectURI.matches("https://app.example/Kb;v=1", client: client))
        // The Kelvin sign and the Greek question mark: equal to `K` and `;` for Swift.
        #expect(!RedirectURI.matches("https://app.example/\u{212A}b;v=1", client: client))
        #expect(!RedirectURI.matches("https://app.example/Kb\u{37E}v=1", client: client))
    }

    @Test("the origin of a redirect URI is what a browser would send") func origins() {
        #expect(RedirectURI.origin(of: "https://App.example/cb") == "https://app.example")
        #expect(RedirectURI.origin(of: "https://app.example:443/cb") == "https://app.example")
        #expect(RedirectURI.origin(of: "http://localhost:3000/cb?x") == "http://localhost:3000")
    }
}

@Suite("Client authentication · RFC 6749 §2.3")
struct ClientAuthenticationTests {
    private func basic(_ id: String, _ secret: String) -> String {
        let url = Base64URL.encode(Array("\(id):\(secret)".utf8))
        let text = url.replacing("-", with: "+").replacing("_", with: "/")
        return "Basic " + text + String(repeating: "=", count: (4 - text.count % 4) % 4)
    }

    private static let encodedSecret = "a+secret+of+the+test%2C+with+%2B+and+%25"

    private func refusal(
        _ authorization: [String], _ pairs: [(name: String, value: String)] = []
    ) async -> ProtocolError.Code? {
        do throws(ProtocolError) {
            _ = try await authenticate(authorization, pairs)
            return nil
        } catch { return error.code }
    }

    private func authenticate(
        _ authorization: [String], _ pairs: [(name: String, value: String)] = [],
        records: SampleRecords = SampleRecords(), throttle: SampleThrottle = SampleThrottle()
    ) async throws(ProtocolError) -> Client {
        let authenticator = ClientAuthenticator(clients: records, vault: Sample.vault, throttle: throttle)
        let credentials = try PresentedCredentials(authorization: authorization, parameters: Parameters(pairs))
        return try await authenticator.authenticate(credentials, address: "192.0.2.1", now: Sample.now)
    }

    @Test("both parts of Basic credentials are form-decoded") func basicDecoded() async throws {
        #expect(try await authenticate([basic("dossier", Self.encodedSecret)]).id == "dossier")
        #expect(await refusal([basic("dossier", Sample.secret)]) == .invalidClient)
    }

    @Test(
        "a header that is not Basic credentials is refused",
        arguments: [
            "", "Basic", "Basic ", "Basic !!!!", "Basic YQ", "Basic ZG9zc2llcg==", "Bearer abc", "Basic =",
            "Basic ZG9zc2llcjol", "Basic /////w==", "Digest x", "Basic " + String(repeating: "A", count: 4000),
        ])
    func malformed(_ header: String) async { #expect(await refusal([header]) == .invalidClient) }

    @Test("one way only") func oneWay() async {
        let header = basic("dossier", Self.encodedSecret)
        #expect(await refusal([header], [("client_secret", "x")]) == .invalidRequest)
        #expect(await refusal([header, header]) == .invalidRequest)
        #expect(await refusal([header], [("client_id", "mobile")]) == .invalidRequest)
        #expect(await refusal([header], [("client_id", "dossier")]) == nil)
        #expect(await refusal([]) == .invalidClient)
        #expect(await refusal([], [("client_secret", Sample.secret)]) == .invalidClient)
        #expect(await refusal([], [("client_id", "dossier"), ("client_assertion", "x")]) == .invalidClient)
    }

    @Test("only the registered method proves a client") func registeredMethod() async {
        #expect(await refusal([], [("client_id", "dossier"), ("client_secret", Sample.secret)]) == .invalidClient)
        #expect(await refusal([], [("client_id", "dossier")]) == .invalidClient)
    }

    @Test("a public client with any secret is refused: it must not pass for a confidential one") func publicWithSecret()
        async
    {
        #expect(await refusal([basic("mobile", "x")]) == .invalidClient)
        #expect(await refusal([], [("client_id", "mobile"), ("client_secret", "")]) == .invalidClient)
        #expect(await refusal([], [("client_id", "mobile")]) == nil)
    }

    @Test("a disabled client is refused at once, and an unknown one as a wrong secret is") func disabled() async {
        var records = SampleRecords()
        records.clients[1].disabled = true
        await #expect(throws: ProtocolError.self) {
            try await authenticate([basic("dossier", Self.encodedSecret)], records: records)
        }
        #expect(await refusal([basic("nobody", "x")]) == .invalidClient)
    }

    @Test("failures count for the client from that address, and a right secret must wait too") func throttled() async {
        let throttle = SampleThrottle()
        _ = try? await authenticate([basic("dossier", "wrong")], throttle: throttle)
        #expect(throttle.failures == ["client:dossier@192.0.2.1"])
        throttle.block()
        await #expect(throws: ProtocolError(.slowDown, "too many failures: wait before trying again")) {
            try await authenticate([basic("dossier", Self.encodedSecret)], throttle: throttle)
        }
    }

    @Test("records that cannot be read let nobody in") func unavailable() async {
        var records = SampleRecords()
        records.failing = true
        await #expect(throws: ProtocolError.unavailable("down")) {
            try await authenticate([basic("dossier", Self.encodedSecret)], records: records)
        }
    }
}
