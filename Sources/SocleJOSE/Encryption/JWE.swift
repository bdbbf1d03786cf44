// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
import SocleJSON

/// Encryption in compact form (RFC 7516 §3.1).
package enum JWE {
    /// - Parameters:
    ///   - contentType: the `cty`: `JWT` where the plaintext is itself a token (RFC 7519 §5.2).
    ///   - random: gives the content key and the nonce; a key agreed upon comes from libcrypto.
    /// - Throws: `invalidKey` when the shared secret of `dir` has another size than the content encryption wants.
    package static func encrypt(
        _ plaintext: [UInt8], to recipient: JWERecipient, encryption: ContentEncryption, type: String? = nil,
        contentType: String? = nil, random: SecureRandom
    ) throws(CryptoError) -> String {
        let delivery = try recipient.delivery(encryption, random: random)
        var header: JSONObject = ["alg": .string(recipient.algorithm.rawValue)]
        header["kid"] = recipient.keyID.map(JSONValue.string)
        for (name, value) in delivery.parameters.members { header[name] = value }
        header["enc"] = .string(encryption.rawValue)
        header["typ"] = type.map(JSONValue.string)
        header["cty"] = contentType.map(JSONValue.string)
        let head = Base64URL.encoded(JSONValue.object(header).bytes)
        let nonce = random.bytes(encryption.aead.nonceSize)
        let (ciphertext, tag) = try encryption.aead.seal(
            plaintext, key: delivery.contentKey, nonce: nonce, context: head)
        let segments = [head] + [delivery.encryptedKey, nonce, ciphertext, tag].map(Base64URL.encoded)
        return String(decoding: Array(segments.joined(separator: [UInt8(ascii: ".")])), as: UTF8.self)
    }

    /// A nested JWT (RFC 7519 §2): a signed token, encrypted.
    package static func encrypt(
        signed token: String, to recipient: JWERecipient, encryption: ContentEncryption, random: SecureRandom
    ) throws(CryptoError) -> String {
        try encrypt(Array(token.utf8), to: recipient, encryption: encryption, contentType: "JWT", random: random)
    }
}
