// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

/// A public JSON Web Key (RFC 7517): EC P-256, RSA or OKP Ed25519.
package struct JWK: Sendable {
    package let key: VerificationKey
    package let keyID: String?
    /// The one algorithm the key is for; nil where the key does not say.
    package let algorithm: SignatureAlgorithm?
    /// False when `use` or `key_ops` keeps the key from verifying signatures.
    package let verifiesSignatures: Bool

    package init(key: VerificationKey, keyID: String? = nil, algorithm: SignatureAlgorithm? = nil) {
        precondition(algorithm.map(key.numbers.algorithms.contains) ?? true, "an algorithm of another kind of key")
        self.key = key
        self.keyID = keyID
        self.algorithm = algorithm
        verifiesSignatures = true
    }

    /// - Throws: `malformedKey` for a kind not offered, members that contradict each other, or a private part: a
    ///   client that publishes its private key must hear of it. `unusableKey` for one too weak.
    package init(_ object: JSONObject) throws(JOSEError) {
        guard !JWK.privateMembers.contains(where: { object[$0] != nil }) else { throw .malformedKey }
        let numbers = try JWK.numbers(of: object)
        do throws(CryptoError) { key = try VerificationKey(numbers) } catch {
            throw error == .weakKey ? .unusableKey : .malformedKey
        }
        keyID = try JWK.text("kid", in: object)
        if let name = try JWK.text("alg", in: object) {
            guard let named = SignatureAlgorithm(rawValue: name), numbers.algorithms.contains(named) else {
                throw .malformedKey
            }
            algorithm = named
        } else {
            algorithm = nil
        }
        let use = try JWK.text("use", in: object)
        var operations: [String]?
        if let value = object["key_ops"] {
            guard let strings = value.strings, Set(strings).count == strings.count else { throw .malformedKey }
            operations = strings
        }
        verifiesSignatures = (use ?? "sig") == "sig" && (operations?.contains("verify") ?? true)
    }

    /// The one algorithm to verify with: the key's own, or the only one its kind has.
    package var pinnedAlgorithm: SignatureAlgorithm? {
        algorithm ?? (key.numbers.algorithms.count == 1 ? key.numbers.algorithms.first : nil)
    }

    private static let privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

    private static func numbers(of object: JSONObject) throws(JOSEError) -> PublicKeyNumbers {
        switch (object["kty"]?.string, object["crv"]?.string) {
        case ("EC", "P-256"):
            return .p256(x: try bytes("x", in: object), y: try bytes("y", in: object))
        case ("RSA", nil):
            return .rsa(modulus: try bytes("n", in: object), exponent: try bytes("e", in: object))
        case ("OKP", "Ed25519"):
            return .ed25519(point: try bytes("x", in: object))
        default: throw .malformedKey
        }
    }

    private static func bytes(_ name: String, in object: JSONObject) throws(JOSEError) -> [UInt8] {
        // 8192 bits of modulus, and nothing longer, are worth decoding.
        guard let text = object[name]?.string, text.utf8.count <= 1400, let bytes = Base64URL.decode(text) else {
            throw .malformedKey
        }
        return bytes
    }

    private static func text(_ name: String, in object: JSONObject) throws(JOSEError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw .malformedKey }
        return text
    }
}

extension JWK: Equatable {
    package static func == (a: JWK, b: JWK) -> Bool {
        a.key == b.key && a.keyID == b.keyID && a.algorithm == b.algorithm
            && a.verifiesSignatures == b.verifiesSignatures
    }
}
