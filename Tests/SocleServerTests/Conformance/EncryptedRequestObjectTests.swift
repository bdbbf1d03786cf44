// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Encrypted request objects · RFC 9101 §6.1, OpenID Connect Core §6.1, Registration §2")
struct EncryptedRequestObjectTests {
    /// A client with keys of its own, and a browser in which marie has signed in to it and agreed.
    private struct Known {
        let fixture: ConformanceFixture
        let client: DynamicClient
        let browser: TestBrowser
        /// What the provider publishes.
        let keys: JWKSet

        init(_ fixture: ConformanceFixture, _ changes: JSONObject = JSONObject()) async throws {
            var metadata = changes
            metadata["jwks"] = .object(
                try DynamicClient.keySet([("r-1", DynamicClient.rsa), ("k-1", DynamicClient.p256)]))
            self.fixture = fixture
            client = try await fixture.dynamicClient(metadata)
            browser = await fixture.agreed(to: client).browser
            keys = try JWKSet(parsing: await fixture.get(.keys).body)
        }

        func signed(_ changes: JSONObject = JSONObject()) throws -> String {
            try JWS.sign(
                claims: client.requestObject(changes), with: try #require(DynamicClient.p256), keyID: "k-1")
        }

        func encrypted(
            _ token: String, _ algorithm: KeyManagementAlgorithm = .ecdhES,
            _ encryption: ContentEncryption = .a128CBCHS256
        ) throws -> String {
            try JWE.encrypt(
                signed: token, to: try #require(keys.recipient(algorithm)), encryption: encryption, random: .system)
        }

        /// The answer to a request with that object: its state, or its error.
        func answer(_ object: String, parameter: String = "request") async -> String? {
            var browser = browser
            let answer = await browser.get(
                fixture.target(["client_id": client.id, parameter: object, "state": "outside"]))
            #expect(answer.location.hasPrefix(ConformanceFixture.callback))
            return answer.parameters["error"] ?? answer.parameters["state"]
        }
    }

    /// A JWE to the provider's RSA key with whatever header: only its own checks can refuse it.
    private func handMade(_ header: String, _ plaintext: String) throws -> String {
        let key = Secret(SecureRandom.system.bytes(16))
        let head = Base64URL.encode(Array(header.utf8))
        let nonce = SecureRandom.system.bytes(12)
        let sealed = try ContentEncryption.a128GCM.aead.seal(
            Array(plaintext.utf8), key: key, nonce: nonce, context: Array(head.utf8))
        let wrapped = try #require(RotatingKeys.oaep).publicKey.encrypt(key, digest: .sha256)
        return ([head] + [wrapped, nonce, sealed.ciphertext, sealed.tag].map { Base64URL.encode($0) })
            .joined(separator: ".")
    }

    @Test("signed, then encrypted to a published key: by each algorithm that discovery names") func byValue()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            let known = try await Known(fixture)
            let metadata = try await fixture.get(.openIDConfiguration).object()
            let named = metadata["request_object_encryption_alg_values_supported"]?.strings ?? []
            #expect(named.contains("RSA-OAEP") && named.contains("ECDH-ES"))
            for name in named {
                let algorithm = try #require(KeyManagementAlgorithm(rawValue: name))
                let object = try known.encrypted(try known.signed(), algorithm)
                #expect(await known.answer(object) == "inside", "\(name)")
            }
            for name in metadata["request_object_encryption_enc_values_supported"]?.strings ?? [] {
                let encryption = try #require(ContentEncryption(rawValue: name))
                let object = try known.encrypted(try known.signed(), .rsaOAEP256, encryption)
                #expect(await known.answer(object) == "inside", "\(name)")
            }
            let plain = try handMade(#"{"alg":"RSA-OAEP-256","enc":"A128GCM"}"#, try known.signed())
            #expect(await known.answer(plain) == "inside", "without `kid`, the present key opens")
        }
    }

    @Test("by reference as by value; one too long is refused before it is opened") func byReference() async throws {
        try await ConformanceFixture.run { fixture in
            let uri = "https://rp.example/request.jwe"
            let known = try await Known(fixture, ["request_uris": [.string(uri)]])
            fixture.web.serve(try known.encrypted(try known.signed()), at: uri)
            #expect(await known.answer(uri, parameter: "request_uri") == "inside")
            let long = try known.signed(["padding": .string(String(repeating: "x", count: 24_576))])
            fixture.web.serve(try known.encrypted(long), at: uri)
            #expect(await known.answer(uri, parameter: "request_uri") == "invalid_request_object")
        }
    }

    @Test("CVE-2026-9793: what opens with our key anybody may have written; it must be a token, signed by the client")
    func contents() async throws {
        try await ConformanceFixture.run { fixture in
            let known = try await Known(fixture)
            let claims = JSONValue.object(known.client.requestObject()).text
            let none =
                Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + Base64URL.encode(Array(claims.utf8)) + "."
            let stranger = try JWS.sign(
                claims: known.client.requestObject(), with: try #require(DynamicClient.other), keyID: "k-1")
            let byUs = try JWS.sign(
                claims: known.client.requestObject(), with: try await fixture.keys.current(.es256).key, keyID: "es-1")
            let foreign = try known.signed(["client_id": "rp"])
            for content in [claims, "", "null", none, stranger, byUs, foreign, try known.encrypted(try known.signed())]
            {
                for algorithm in [KeyManagementAlgorithm.ecdhES, .rsaOAEP256] {
                    let object = try known.encrypted(content, algorithm)
                    #expect(await known.answer(object) == "invalid_request_object", "\(content.prefix(40))")
                }
            }
        }
    }

    @Test("unsigned inside: only for a client registered with none, and still a token") func unsigned() async throws {
        try await ConformanceFixture.run { fixture in
            let known = try await Known(fixture, ["request_object_signing_alg": "none"])
            let claims = JSONValue.object(known.client.requestObject()).text
            let none =
                Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + Base64URL.encode(Array(claims.utf8)) + "."
            #expect(try await known.answer(known.encrypted(none)) == "inside")
            #expect(try await known.answer(known.encrypted(claims)) == "invalid_request_object")
            #expect(try await known.answer(known.encrypted(none + "AAAA")) == "invalid_request_object")
        }
    }

    @Test("altered, truncated, to another key or under another name: refused, all alike") func altered() async throws {
        try await ConformanceFixture.run { fixture in
            let known = try await Known(fixture)
            for algorithm in [KeyManagementAlgorithm.ecdhES, .ecdhESA128KW, .rsaOAEP] {
                let parts = try known.encrypted(try known.signed(), algorithm).split(
                    separator: ".", omittingEmptySubsequences: false
                ).map(String.init)
                for index in parts.indices {
                    var cut = parts
                    cut[index] = String(parts[index].dropLast(4))
                    guard cut != parts else { continue }
                    #expect(await known.answer(cut.joined(separator: ".")) == "invalid_request_object", "\(index)")
                    var turned = parts
                    let first: Character = parts[index].first == "A" ? "B" : "A"
                    turned[index] = String(first) + parts[index].dropFirst()
                    #expect(await known.answer(turned.joined(separator: ".")) == "invalid_request_object", "\(index)")
                }
                #expect(await known.answer(parts.dropLast().joined(separator: ".")) == "invalid_request_object")
                #expect(await known.answer((parts + [""]).joined(separator: ".")) == "invalid_request_object")
            }
            let other = try DecryptionKey.generate(.ec(.p256)).publicKey
            for name in ["enc-ec", "enc-rsa", "es-1", "rs-1", "unknown"] {
                let recipient = try JWERecipient(other, algorithm: .ecdhES, keyID: name)
                let object = try JWE.encrypt(
                    signed: try known.signed(), to: recipient, encryption: .a128GCM, random: .system)
                #expect(await known.answer(object) == "invalid_request_object", "\(name)")
            }
        }
    }

    @Test("a header that asks for something else: compressed, critical, its own key, another content, a password")
    func headers() async throws {
        try await ConformanceFixture.run { fixture in
            let known = try await Known(fixture)
            let usual = #""enc":"A128GCM","kid":"enc-rsa""#
            for header in [
                #"{"alg":"RSA-OAEP-256",\#(usual),"zip":"DEF"}"#, #"{"alg":"RSA-OAEP-256",\#(usual),"crit":["exp"]}"#,
                #"{"alg":"RSA-OAEP-256",\#(usual),"jku":"https://rp.example/"}"#,
                #"{"alg":"RSA-OAEP-256",\#(usual),"cty":"json"}"#, #"{"alg":"RSA-OAEP-256","kid":"enc-rsa"}"#,
                #"{"alg":"RSA-OAEP-256","enc":"A128CTR","kid":"enc-rsa"}"#, #"{"alg":"RSA1_5",\#(usual)}"#,
                #"{"alg":"RSA-OAEP",\#(usual)}"#, #"{"alg":"none",\#(usual)}"#, #"{"alg":"dir",\#(usual)}"#,
                #"{"alg":"PBES2-HS256+A128KW",\#(usual),"p2s":"c2FsdA","p2c":100000000}"#,
                #"{"alg":"ECDH-ES",\#(usual)}"#,
            ] {
                let object = try handMade(header, try known.signed())
                #expect(await known.answer(object) == "invalid_request_object", "\(header)")
            }
            let shared: [(KeyManagementAlgorithm, Int)] = [(.a128KW, 16), (.a128GCMKW, 16), (.dir, 16)]
            for (algorithm, size) in shared {
                // Nothing, the secret of the client, and our own public key: what a careless server would key it with.
                for secret in [[UInt8](repeating: 0, count: size), Array(known.client.secret.utf8.prefix(size))] {
                    let recipient = try JWERecipient(shared: Secret(secret), algorithm: algorithm, keyID: "enc-ec")
                    let object = try JWE.encrypt(
                        signed: try known.signed(), to: recipient, encryption: .a128GCM, random: .system)
                    #expect(await known.answer(object) == "invalid_request_object", "\(algorithm)")
                }
            }
        }
    }

    @Test("what a client registered is the only way its objects may be encrypted") func pinned() async throws {
        try await ConformanceFixture.run { fixture in
            let known = try await Known(
                fixture,
                ["request_object_encryption_alg": "ECDH-ES+A256KW", "request_object_encryption_enc": "A256GCM"])
            #expect(known.client.registration["request_object_encryption_alg"] == "ECDH-ES+A256KW")
            let token = try known.signed()
            #expect(try await known.answer(known.encrypted(token, .ecdhESA256KW, .a256GCM)) == "inside")
            #expect(await known.answer(token) == "inside", "Registration §2: it may still send one in clear")
            for (algorithm, encryption) in [
                (KeyManagementAlgorithm.ecdhESA256KW, ContentEncryption.a128GCM), (.ecdhES, .a256GCM),
                (.ecdhESA128KW, .a256GCM), (.rsaOAEP256, .a256GCM),
            ] {
                let object = try known.encrypted(token, algorithm, encryption)
                #expect(await known.answer(object) == "invalid_request_object", "\(algorithm) \(encryption)")
            }
        }
        try await ConformanceFixture.run { fixture in
            let known = try await Known(fixture, ["request_object_encryption_alg": "RSA-OAEP"])
            #expect(known.client.registration["request_object_encryption_enc"] == "A128CBC-HS256")
            let token = try known.signed()
            #expect(try await known.answer(known.encrypted(token, .rsaOAEP)) == "inside")
            #expect(try await known.answer(known.encrypted(token, .rsaOAEP, .a256GCM)) == "invalid_request_object")
        }
    }

    @Test("a way to encrypt that needs a shared secret, or is unknown, cannot be registered") func registration()
        async throws
    {
        try await ConformanceFixture.run { fixture in
            for change: JSONObject in [
                ["request_object_encryption_alg": "dir"], ["request_object_encryption_alg": "A128KW"],
                ["request_object_encryption_alg": "RSA1_5"], ["request_object_encryption_alg": "none"],
                ["request_object_encryption_enc": "A128GCM"],
                ["request_object_encryption_alg": "ECDH-ES", "request_object_encryption_enc": "A128CTR"],
            ] {
                let error = try await fixture.refusal(change)
                #expect(error == "invalid_client_metadata", "\(change.names)")
            }
        }
    }
}
