// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// AES-CBC with PKCS #7 padding, authenticated by HMAC (RFC 7518 §5.2.2).
///
/// Encrypted, then authenticated: the tag is checked before a byte is decrypted, so that padding tells nobody anything.
enum AESCBCHMAC {
    static func seal(
        _ plaintext: [UInt8], key: Secret, nonce: [UInt8], context: [UInt8]
    ) -> (ciphertext: [UInt8], tag: [UInt8])? {
        let half = key.unredacted.count / 2
        guard
            let ciphertext = AESBlocks.run(
                .cbc(keySize: half), key: key.unredacted[half...], nonce: nonce, plaintext, encrypt: true)
        else { return nil }
        return (ciphertext, tag(key: key, nonce: nonce, context: context, ciphertext))
    }

    static func open(
        _ ciphertext: [UInt8], tag: [UInt8], key: Secret, nonce: [UInt8], context: [UInt8]
    ) -> [UInt8]? {
        let expected = self.tag(key: key, nonce: nonce, context: context, ciphertext)
        guard ConstantTime.equals(tag, expected) else { return nil }
        let half = key.unredacted.count / 2
        return AESBlocks.run(
            .cbc(keySize: half), key: key.unredacted[half...], nonce: nonce, ciphertext, encrypt: false)
    }

    /// HMAC over the context, the nonce, the ciphertext and the context's length in bits, cut to half.
    private static func tag(key: Secret, nonce: [UInt8], context: [UInt8], _ ciphertext: [UInt8]) -> [UInt8] {
        let half = key.unredacted.count / 2
        let bits = UInt64(context.count) * 8
        let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
        let message = context + nonce + ciphertext + length
        let authenticator = Array(key.unredacted[..<half])
        let code =
            switch half {
            case 16: HMAC.sha256(key: authenticator, message)
            case 24: HMAC.sha384(key: authenticator, message)
            default: HMAC.sha512(key: authenticator, message)
            }
        return Array(code[..<half])
    }
}
