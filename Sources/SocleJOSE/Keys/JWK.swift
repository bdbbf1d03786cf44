// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

/// A public JSON Web Key (RFC 7517): EC on a prime curve, RSA, or OKP (RFC 8037).
package struct JWK: Sendable {
    package let numbers: PublicKeyNumbers
    package let keyID: String?
    /// The one algorithm the key is for; nil where the key does not say.
    package let algorithm: KeyAlgorithm?
    package let use: KeyUse?
    /// nil where the kind of key, `use`, `key_ops` or `alg` keeps it from verifying signatures.
    package let verificationKey: VerificationKey?
    /// nil where the kind of key, `use`, `key_ops` or `alg` keeps it from being encrypted to.
    package let encryptionKey: EncryptionKey?

    /// A key that verifies signatures, to be published.
    package init(key: VerificationKey, keyID: String? = nil, algorithm: SignatureAlgorithm? = nil) {
        precondition(algorithm.map(key.numbers.algorithms.contains) ?? true, "an algorithm of another kind of key")
        numbers = key.numbers
        self.keyID = keyID
        self.algorithm = algorithm.map(KeyAlgorithm.signature)
        use = .signature
        verificationKey = key
        encryptionKey = nil
    }

    /// A key to encrypt to, to be published.
    package init(key: EncryptionKey, keyID: String? = nil, algorithm: KeyManagementAlgorithm? = nil) {
        precondition(algorithm.map { $0.suits(key.numbers) } ?? true, "an algorithm of another kind of key")
        numbers = key.numbers
        self.keyID = keyID
        self.algorithm = algorithm.map(KeyAlgorithm.keyManagement)
        use = .encryption
        verificationKey = nil
        encryptionKey = key
    }

    /// - Throws: `malformedKey` for a kind not offered, members that contradict each other, or a private part: a
    ///   client that publishes its private key must hear of it. `unusableKey` for one too weak.
    package init(_ object: JSONObject) throws(JOSEError) {
        guard !JWK.isPrivate(object) else { throw .malformedKey }
        let numbers = try JWK.numbers(of: object)
        let purpose = try KeyPurpose(object)
        guard purpose.algorithm.map({ $0.suits(numbers) }) ?? true else { throw .malformedKey }
        do throws(CryptoError) {
            verificationKey = purpose.verifies && numbers.signs ? try VerificationKey(numbers) : nil
            encryptionKey = purpose.encrypts && numbers.agreesOrEncrypts ? try EncryptionKey(numbers) : nil
        } catch {
            throw error == .weakKey ? .unusableKey : .malformedKey
        }
        self.numbers = numbers
        keyID = purpose.keyID
        algorithm = purpose.algorithm
        use = purpose.use
    }

    /// The one signature algorithm to verify with: the key's own, or the only one its kind has.
    package var pinnedAlgorithm: SignatureAlgorithm? {
        if case .signature(let algorithm) = algorithm { return algorithm }
        return numbers.algorithms.count == 1 ? numbers.algorithms.first : nil
    }
}

extension JWK: Equatable {
    package static func == (a: JWK, b: JWK) -> Bool {
        a.numbers == b.numbers && a.keyID == b.keyID && a.algorithm == b.algorithm && a.use == b.use
            && a.verificationKey == b.verificationKey && a.encryptionKey == b.encryptionKey
    }
}

extension JWK {
    private static let privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

    static func isPrivate(_ object: JSONObject) -> Bool { privateMembers.contains { object[$0] != nil } }

    static func numbers(of object: JSONObject) throws(JOSEError) -> PublicKeyNumbers {
        let curve = object["crv"]?.string
        switch object["kty"]?.string {
        case "EC":
            guard let curve = curve.flatMap(EllipticCurve.init) else { throw .malformedKey }
            return .ec(curve, x: try bytes("x", in: object), y: try bytes("y", in: object))
        case "RSA" where object["crv"] == nil:
            return .rsa(modulus: try bytes("n", in: object), exponent: try bytes("e", in: object))
        case "OKP" where curve == "Ed25519": return .ed25519(point: try bytes("x", in: object))
        case "OKP" where curve == "X25519": return .x25519(point: try bytes("x", in: object))
        default: throw .malformedKey
        }
    }

    static func bytes(_ name: String, in object: JSONObject) throws(JOSEError) -> [UInt8] {
        // 8192 bits of modulus, and nothing longer, are worth decoding.
        guard let text = object[name]?.string, text.utf8.count <= 1400, let bytes = Base64URL.decode(text) else {
            throw .malformedKey
        }
        return bytes
    }
}

extension PublicKeyNumbers {
    fileprivate var signs: Bool { !algorithms.isEmpty }

    fileprivate var agreesOrEncrypts: Bool { if case .ed25519 = self { false } else { true } }
}
