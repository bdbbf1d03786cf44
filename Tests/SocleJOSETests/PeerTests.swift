// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import SocleJOSE
import SocleJSON
import TestSupport
import Testing

/// A JOSE library in Python, run by `Tests/Journeys/jose_peer.py` in the environment `.ci/setup --tests` makes.
enum Peer: String, CaseIterable, Sendable {
    case joserfc
    case jwcrypto

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let python = root.appending(path: ".build-venv/bin/python")

    /// An absent environment is a skip on a developer's machine, and a failure in continuous integration.
    static let isExpected: Bool =
        FileManager.default.isExecutableFile(atPath: python.path)
        || ProcessInfo.processInfo.environment["CI"] == "true"

    func run(_ command: String, _ given: JSONValue = []) throws -> [JSONValue] {
        let script = Self.root.appending(path: "Tests/Journeys/jose_peer.py").path
        let outcome = try Program.run(
            Self.python.path, ["-W", "ignore", script, rawValue, command], input: given.bytes)
        guard outcome.status == 0 else { throw Program.Failure(detail: outcome.error) }
        let answer = try JSONValue(parsing: outcome.output, limits: JSONLimits(bytes: 8 << 20))
        return try #require(answer.array)
    }
}

@Suite(
    "Both directions with other implementations · joserfc, jwcrypto",
    .enabled(if: Peer.isExpected, "needs .build-venv: run `.ci/setup --tests`"), .timeLimit(.minutes(10)))
struct PeerTests {
    private static let content = Array(#"{"iss":"https://peer","sub":"é"}"#.utf8)

    /// A key of the peer's and what it is used for.
    private struct Item {
        let algorithm: String
        let encryption: ContentEncryption?
        let object: JSONObject
        let key: PrivateJWK

        init(_ json: JSONValue) throws {
            algorithm = try #require(json["alg"]?.string)
            encryption = json["enc"]?.string.flatMap(ContentEncryption.init)
            object = try #require(json["key"]?.object)
            key = try PrivateJWK(object)
        }

        /// The peer's token, as Socle reads it.
        func read(_ token: String) throws -> [UInt8] {
            if let encryption {
                let set = try PrivateJWKSet(["keys": [.object(object)]])
                return try set.plaintext(of: try EncryptedToken(compact: token), encryptions: [encryption])
            }
            let unverified = try UnverifiedToken(compact: token)
            if let mac = MACAlgorithm(rawValue: algorithm) {
                return try unverified.signedPayload(by: try key.macKey(mac))
            }
            let set = JWKSet([try JWK(object.withoutPrivateMembers)])
            let (key, algorithm) = try #require(set.key(for: unverified.header))
            return try unverified.signedPayload(by: key, algorithm: algorithm)
        }

        /// Socle's token, and the key for the peer to read it with: what Socle publishes, where it publishes.
        func make() throws -> JSONValue {
            var answer: JSONObject = ["alg": .string(algorithm)]
            if let encryption, let algorithm = KeyManagementAlgorithm(rawValue: algorithm) {
                let recipient =
                    algorithm.isSymmetric
                    ? try JWERecipient(shared: try key.sharedSecret(algorithm), algorithm: algorithm)
                    : try #require(JWKSet([try JWK(object.withoutPrivateMembers)]).recipient(algorithm))
                answer["enc"] = .string(encryption.rawValue)
                answer["key"] = .object(object)
                answer["token"] = .string(
                    try JWE.encrypt(PeerTests.content, to: recipient, encryption: encryption, random: .system))
            } else if let mac = MACAlgorithm(rawValue: algorithm) {
                answer["key"] = .object(object)
                answer["token"] = .string(JWS.sign(payload: PeerTests.content, with: try key.macKey(mac)))
            } else {
                let signing = try key.signingKey(try #require(SignatureAlgorithm(rawValue: algorithm)))
                let jwk = JWK(key: signing.publicKey, keyID: "k", algorithm: signing.algorithm)
                answer["key"] = .object(jwk.json)
                answer["token"] = .string(try JWS.sign(payload: PeerTests.content, with: signing, keyID: "k"))
            }
            return .object(answer)
        }
    }

    @Test(
        "every algorithm with every encryption and kind of key, made there and read here, and the other way",
        arguments: Peer.allCases)
    func bothDirections(peer: Peer) throws {
        let made = try peer.run("make")
        let items = try made.map { try Item($0) }
        let signatures = items.filter { $0.encryption == nil }
        #expect(
            Set(signatures.map(\.algorithm))
                == Set(SignatureAlgorithm.allCases.map(\.rawValue) + MACAlgorithm.allCases.map(\.rawValue)))
        #expect(Set(items.map(\.algorithm)).isSuperset(of: KeyManagementAlgorithm.allCases.map(\.rawValue)))
        #expect(Set(items.compactMap(\.encryption)) == Set(ContentEncryption.allCases))

        for (item, json) in zip(items, made) {
            let what = "\(peer) \(item.algorithm) \(item.encryption?.rawValue ?? "")"
            let token = try #require(json["token"]?.string)
            #expect(try item.read(token) == Self.content, "\(what)")
            #expect(throws: JOSEError.self, "\(what)") { try item.read(String(token.dropLast(4)) + "AAAA") }
            if item.object["kty"] != "oct" {
                let thumbprint = try JWK(item.object.withoutPrivateMembers).thumbprint
                #expect(thumbprint == json["thumbprint"]?.string, "\(what)")
            }
        }
        let answers = try peer.run("read", .array(try items.map { try $0.make() }))
        #expect(answers.count == items.count)
        for (item, answer) in zip(items, answers) {
            #expect(answer.string.map { Array($0.utf8) } == Self.content, "\(peer) \(item.algorithm)")
        }
        print(
            "\(peer): \(signatures.count) signatures and \(items.count - signatures.count) encryptions, each both ways")
    }
}
