// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON
import Testing

@Suite(
    "Wycheproof · json_web_signature, json_web_encryption, json_web_key, json_web_crypto",
    .enabled(if: Vectors.areExpected, "needs shared/vectors/jose (SOCLE_VECTORS)"))
struct WycheproofTests {
    /// The keys of a group, read as Socle reads keys of clients and of its own. Refused keys leave nothing to accept
    /// anything with.
    private struct Keys {
        var published: JWKSet?
        var own: PrivateJWKSet?

        init(_ group: JSONValue) {
            func set(_ given: JSONValue?) -> JSONObject? {
                given?.object.map { $0["keys"] == nil ? ["keys": [.object($0)]] : $0 }
            }
            published = set(group["public"]).flatMap { try? JWKSet($0) }
            own = set(group["private"]).flatMap { try? PrivateJWKSet($0) }
        }

        /// A signature is checked by what the signer published, or by the one secret the token names.
        func verify(_ token: String) -> Bool {
            guard let token = try? UnverifiedToken(compact: token) else { return false }
            if let published {
                guard let (key, algorithm) = published.key(for: token.header) else { return false }
                return (try? token.signedPayload(by: key, algorithm: algorithm)) != nil
            }
            guard let key = own?.macKey(for: token.header) else { return false }
            return (try? token.signedPayload(by: key)) != nil
        }

        func open(_ token: String) -> [UInt8]? {
            guard let own, let token = try? EncryptedToken(compact: token) else { return nil }
            return try? own.plaintext(of: token)
        }
    }

    /// Why a valid case is refused by design; nil where there is no excuse.
    private func reason(_ token: String, _ group: JSONValue) -> String? {
        let segments = token.split(separator: ".", omittingEmptySubsequences: false)
        guard segments.allSatisfy({ Base64URL.decode($0) != nil }),
            let header = try? JSONValue(parsing: Base64URL.decode(segments[0]) ?? [])
        else { return "a segment with a character that is not base64url" }
        if header["alg"] == "RSA1_5" { return "RSA1_5" }
        if header["zip"] != nil { return "zip" }
        // RFC 7520's PS384 example under a key that says PS256, and its ES512 one under a key that says `ES521`.
        let named = group["public"]?["alg"]?.string
        return named != nil && named != header["alg"]?.string ? "the key names another algorithm" : nil
    }

    /// Labelled invalid for padding they do not have: byte for byte the token of case 357, which is valid
    /// (https://github.com/C2SP/wycheproof/issues/236).
    private static let mislabelled: Set<Int64> = [367, 370]

    @Test(
        "every invalid case is refused, every valid one accepted but for the listed ones refused by design",
        arguments: [
            (
                "json_web_signature_test.json", 401,
                ["a segment with a character that is not base64url": 2, "the key names another algorithm": 4]
            ),
            ("json_web_encryption_test.json", 139, ["RSA1_5": 8, "zip": 1]),
            ("json_web_key_test.json", 26, [:]), ("json_web_crypto_test.json", 83, [:]),
        ])
    func replay(file: String, expected: Int, refused: [String: Int]) throws {
        let groups = try #require(try Vectors.json("wycheproof/" + file)["testGroups"]?.array)
        var counts: [String: Int] = [:]
        var byDesign: [String: Int] = [:]
        var valid: Set<String> = []
        for group in groups {
            let keys = Keys(group)
            for test in group["tests"]?.array ?? [] {
                let id = try #require(test["tcId"]?.integer)
                let comment = test["comment"]?.string ?? ""
                let given = try #require(test["jws"] ?? test["jwe"])
                let token = given.string ?? given.text
                let plaintext = test["jws"] == nil ? keys.open(token) : nil
                let accepted = test["jws"] == nil ? plaintext != nil : keys.verify(token)
                switch test["result"]?.string {
                case "invalid" where file.contains("signature") && Self.mislabelled.contains(id):
                    #expect(accepted && valid.contains(token), "case \(id) is no longer the valid case 357")
                    counts["mislabelled invalid upstream, accepted", default: 0] += 1
                case "invalid":
                    #expect(!accepted, "case \(id) must be refused: \(comment)")
                    counts["invalid, refused", default: 0] += 1
                case "valid":
                    if let reason = reason(token, group) {
                        #expect(!accepted, "case \(id): \(reason)")
                        byDesign[reason, default: 0] += 1
                        continue
                    }
                    #expect(accepted, "case \(id) must be accepted: \(comment)")
                    if let expected = test["pt"]?.string {
                        #expect(plaintext.map { Hex.encode($0) } == expected, "case \(id)")
                    }
                    counts["valid, accepted", default: 0] += 1
                    valid.insert(token)
                default: Issue.record("case \(id) has an unknown result")
                }
            }
        }
        #expect(byDesign == refused)
        #expect(counts.values.reduce(0, +) + byDesign.values.reduce(0, +) == expected)
        for (line, count) in counts.sorted(by: { $0.key < $1.key }) { print("\(file): \(count) \(line)") }
        for (line, count) in byDesign.sorted(by: { $0.key < $1.key }) {
            print("\(file): \(count) valid, refused by design: \(line)")
        }
    }
}
