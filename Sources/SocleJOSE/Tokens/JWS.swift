// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

/// Signing in compact form (RFC 7515 §3.1).
package enum JWS {
    /// - Parameters:
    ///   - keyID: the `kid` under which the key is published.
    ///   - type: the `typ`, for instance `at+jwt`.
    package static func sign(
        payload: [UInt8], with key: SigningKey, keyID: String, type: String? = nil
    ) throws(CryptoError) -> String {
        try JWSSigner(key: key, keyID: keyID, type: type).sign(payload)
    }

    package static func sign(
        claims: JSONObject, with key: SigningKey, keyID: String, type: String? = nil
    ) throws(CryptoError) -> String {
        try sign(payload: JSONValue.object(claims).bytes, with: key, keyID: keyID, type: type)
    }

    /// Made with a shared secret. No `kid` unless one is given: the reader has one secret for this sender.
    package static func sign(
        payload: [UInt8], with key: MACKey, keyID: String? = nil, type: String? = nil
    ) -> String {
        var header: JSONObject = ["alg": .string(key.algorithm.rawValue)]
        header["kid"] = keyID.map(JSONValue.string)
        header["typ"] = type.map(JSONValue.string)
        let signed = Base64URL.encode(JSONValue.object(header).bytes) + "." + Base64URL.encode(payload)
        return signed + "." + Base64URL.encode(key.code(Array(signed.utf8)))
    }

    package static func sign(
        claims: JSONObject, with key: MACKey, keyID: String? = nil, type: String? = nil
    ) -> String {
        sign(payload: JSONValue.object(claims).bytes, with: key, keyID: keyID, type: type)
    }
}

/// A key with its header serialised and encoded once: the same bytes begin every token of a kind.
package struct JWSSigner: Sendable {
    package let key: SigningKey
    package let keyID: String
    /// The encoded header and its dot.
    private let prefix: [UInt8]

    package init(key: SigningKey, keyID: String, type: String? = nil) {
        self.key = key
        self.keyID = keyID
        var header: JSONObject = ["alg": .string(key.algorithm.rawValue), "kid": .string(keyID)]
        header["typ"] = type.map(JSONValue.string)
        prefix = Base64URL.encoded(JSONValue.object(header).bytes) + [UInt8(ascii: ".")]
    }

    package func sign(_ payload: [UInt8]) throws(CryptoError) -> String {
        var token = prefix + Base64URL.encoded(payload)
        let signature = Base64URL.encoded(try key.sign(token))
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: signature)
        return String(decoding: token, as: UTF8.self)
    }
}
