// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

extension JWK {
    /// The members as published in a key set (RFC 7517 §4).
    package var json: JSONObject {
        var object = JWK.required(numbers)
        object["kid"] = keyID.map(JSONValue.string)
        object["use"] = use.map { .string($0.rawValue) }
        object["alg"] = algorithm.map { .string($0.name) }
        return object
    }

    /// SHA-256 of the required members in order (RFC 7638 §3, RFC 8037 §2), base64url: 43 characters.
    package var thumbprint: String { JWK.thumbprint(of: numbers) }

    package static func thumbprint(of numbers: PublicKeyNumbers) -> String {
        Base64URL.encode(SHA256.digest(JSONValue.object(required(numbers)).bytes))
    }

    /// In the lexicographic order thumbprints are taken in.
    static func required(_ numbers: PublicKeyNumbers) -> JSONObject {
        func text(_ bytes: [UInt8]) -> JSONValue { .string(Base64URL.encode(bytes)) }
        return switch numbers {
        case .ec(let curve, let x, let y):
            ["crv": .string(curve.rawValue), "kty": "EC", "x": text(x), "y": text(y)]
        case .rsa(let modulus, let exponent): ["e": text(exponent), "kty": "RSA", "n": text(modulus)]
        case .ed25519(let point): ["crv": "Ed25519", "kty": "OKP", "x": text(point)]
        case .x25519(let point): ["crv": "X25519", "kty": "OKP", "x": text(point)]
        }
    }
}
