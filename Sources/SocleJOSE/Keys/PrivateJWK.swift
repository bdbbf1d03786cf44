// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

/// A JSON Web Key that must not be seen: a key pair, or a shared secret (RFC 7517, RFC 7518 §6, RFC 8037).
package struct PrivateJWK: Sendable {
    enum Material: Sendable {
        case pair(PrivateKeyNumbers)
        case shared(Secret)
    }

    package var keyID: String? { purpose.keyID }
    package var algorithm: KeyAlgorithm? { purpose.algorithm }
    let material: Material
    private let purpose: KeyPurpose

    var isShared: Bool { if case .shared = material { true } else { false } }

    /// - Throws: `malformedKey` for a kind not offered, a public key, or members that contradict each other.
    package init(_ object: JSONObject) throws(JOSEError) {
        purpose = try KeyPurpose(object)
        if object["kty"]?.string == "oct" {
            material = .shared(Secret(try JWK.bytes("k", in: object)))
            switch purpose.algorithm {
            case .signature: throw .malformedKey
            case .keyManagement(let algorithm) where !algorithm.isSymmetric: throw .malformedKey
            default: break
            }
        } else {
            let numbers = try JWK.numbers(of: object)
            guard purpose.algorithm.map({ $0.suits(numbers) }) ?? true else { throw .malformedKey }
            material = .pair(try PrivateJWK.pair(numbers, object))
        }
    }

    /// The key to sign with.
    ///
    /// - Throws: `unusableKey` for a shared secret, a key too weak or for something else; `malformedKey` for numbers
    ///   that are no key pair.
    package func signingKey(_ algorithm: SignatureAlgorithm) throws(JOSEError) -> SigningKey {
        guard case .pair(let numbers) = material, purpose.signs, isPinned(to: .signature(algorithm)) else {
            throw .unusableKey
        }
        do throws(CryptoError) { return try SigningKey(numbers, algorithm: algorithm) } catch {
            throw error == .invalidKey ? .malformedKey : .unusableKey
        }
    }

    /// The key to open what was encrypted to its public part.
    ///
    /// - Throws: as `signingKey`.
    package func decryptionKey() throws(JOSEError) -> DecryptionKey {
        guard case .pair(let numbers) = material, purpose.decrypts else { throw .unusableKey }
        do throws(CryptoError) { return try DecryptionKey(numbers) } catch {
            throw error == .invalidKey ? .malformedKey : .unusableKey
        }
    }

    /// The shared secret to make and check codes with.
    ///
    /// - Throws: `unusableKey` for a key pair, a secret too short or for something else.
    package func macKey(_ algorithm: MACAlgorithm) throws(JOSEError) -> MACKey {
        guard case .shared(let secret) = material, purpose.authenticates, isPinned(to: .mac(algorithm)),
            let key = try? MACKey(secret, algorithm: algorithm)
        else { throw .unusableKey }
        return key
    }

    /// The shared secret to encrypt with, by that algorithm.
    ///
    /// - Throws: `unusableKey` for a key pair, or a secret of another size or for something else.
    package func sharedSecret(_ algorithm: KeyManagementAlgorithm) throws(JOSEError) -> Secret {
        guard case .shared(let secret) = material, purpose.decrypts, algorithm.isSymmetric,
            algorithm.secretSize.map({ $0 == secret.unredacted.count }) ?? true
        else { throw .unusableKey }
        if case .content = purpose.algorithm {
            guard algorithm == .dir else { throw .unusableKey }
        } else if !isPinned(to: .keyManagement(algorithm)) {
            throw .unusableKey
        }
        return secret
    }

    private func isPinned(to algorithm: KeyAlgorithm) -> Bool { (purpose.algorithm ?? algorithm) == algorithm }

    private static func pair(
        _ numbers: PublicKeyNumbers, _ object: JSONObject
    ) throws(JOSEError) -> PrivateKeyNumbers {
        func secret(_ name: String) throws(JOSEError) -> Secret { Secret(try JWK.bytes(name, in: object)) }
        switch numbers {
        case .ec(let curve, let x, let y): return .ec(curve, x: x, y: y, d: try secret("d"))
        case .ed25519(let point): return .ed25519(point: point, seed: try secret("d"))
        case .x25519(let point): return .x25519(point: point, scalar: try secret("d"))
        case .rsa(let modulus, let exponent):
            // More than two primes are nobody's practice, and each is weaker.
            guard object["oth"] == nil else { throw .malformedKey }
            return .rsa(
                modulus: modulus, exponent: exponent,
                .init(
                    d: try secret("d"), p: try secret("p"), q: try secret("q"), dp: try secret("dp"),
                    dq: try secret("dq"), qi: try secret("qi")))
        }
    }
}
