// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON
import Testing

@Suite(
    "Wycheproof · json_web_signature_test, json_web_key_test",
    .enabled(if: Vectors.areExpected, "needs shared/vectors/jose (SOCLE_VECTORS)"))
struct WycheproofTests {
    /// How Socle meets a token and a key set: the set names the one key and algorithm, or there is none.
    private func isAccepted(_ token: String, keys: JWKSet) -> Bool {
        guard let unverified = try? UnverifiedToken(compact: token),
            let (key, algorithm) = keys.key(for: unverified.header)
        else { return false }
        return (try? unverified.signedPayload(by: key, algorithm: algorithm)) != nil
    }

    /// A set of the group's keys, as Socle would read it; empty when the set itself is refused.
    private func keys(_ group: JSONValue) throws -> JWKSet {
        let given = try #require((group["public"] ?? group["private"])?.object)
        let keys = given["keys"]?.array ?? [.object(given)]
        let published = keys.compactMap(\.object).map { JSONValue.object($0.withoutPrivateMembers) }
        return (try? JWKSet(["keys": .array(published)])) ?? JWKSet([])
    }

    /// Why a valid case need not be accepted: the algorithm its token names is not one of the four.
    private func reasonNotOffered(_ token: String) -> String? {
        guard let head = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).first
        else { return "not the compact form" }
        // Two HMAC cases put a stray character inside the header and call it valid; no offered algorithm is hidden.
        guard let bytes = Base64URL.decode(utf8: Array(head)), let header = try? JSONValue(parsing: bytes) else {
            return "not strict base64url"
        }
        guard let name = header["alg"]?.string, SignatureAlgorithm(rawValue: name) == nil else { return nil }
        return "\(name) is not offered"
    }

    @Test(
        "every invalid case is refused, every valid one of an offered algorithm accepted",
        arguments: [
            ("json_web_signature_test.json", 401), ("json_web_key_test.json", 26),
        ])
    func replay(file: String, expected: Int) throws {
        let groups = try #require(try Vectors.json("wycheproof/" + file)["testGroups"]?.array)
        var counts: [String: Int] = [:]
        for group in groups {
            let keys = try keys(group)
            for test in group["tests"]?.array ?? [] {
                let id = try #require(test["tcId"]?.integer)
                let comment = test["comment"]?.string ?? ""
                let jws = try #require(test["jws"])
                let token = jws.string ?? jws.text
                let accepted = isAccepted(token, keys: keys)
                switch test["result"]?.string {
                case "invalid":
                    #expect(!accepted, "case \(id) must be refused: \(comment)")
                    counts["invalid, refused", default: 0] += 1
                case "valid":
                    if let reason = reasonNotOffered(token) {
                        #expect(!accepted, "case \(id): \(reason)")
                        counts["valid, refused: \(reason)", default: 0] += 1
                    } else {
                        #expect(accepted, "case \(id) must be accepted: \(comment)")
                        counts["valid, accepted", default: 0] += 1
                    }
                default: Issue.record("case \(id) has an unknown result")
                }
            }
        }
        #expect(counts.values.reduce(0, +) == expected)
        for (line, count) in counts.sorted(by: { $0.key < $1.key }) { print("\(file): \(count) \(line)") }
    }
}
