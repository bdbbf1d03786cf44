// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// AES-GCM with a 12-byte nonce and a 16-byte tag; the key has 16, 24 or 32 bytes.
enum AESGCM {
    static func seal(
        _ plaintext: [UInt8], key: Secret, nonce: [UInt8], context: [UInt8]
    ) -> (ciphertext: [UInt8], tag: [UInt8])? {
        guard let algorithm = CipherAlgorithm[.gcm(keySize: key.unredacted.count)], let cipher = EVP_CIPHER_CTX_new()
        else { return nil }
        defer { EVP_CIPHER_CTX_free(cipher) }
        guard
            EVP_EncryptInit_ex2(cipher, algorithm.pointer, key.unredacted, nonce, nil) == 1,
            update(cipher, context, encrypt: true, output: nil)
        else { return nil }
        var output = [UInt8](repeating: 0, count: plaintext.count)
        var tag = [UInt8](repeating: 0, count: 16)
        var last: Int32 = 0
        var none: UInt8 = 0
        guard update(cipher, plaintext, encrypt: true, output: &output),
            EVP_EncryptFinal_ex(cipher, &none, &last) == 1,
            EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, &tag) == 1
        else { return nil }
        return (output, tag)
    }

    static func open(
        _ ciphertext: [UInt8], tag: [UInt8], key: Secret, nonce: [UInt8], context: [UInt8]
    ) -> [UInt8]? {
        guard let algorithm = CipherAlgorithm[.gcm(keySize: key.unredacted.count)], let cipher = EVP_CIPHER_CTX_new()
        else { return nil }
        defer { EVP_CIPHER_CTX_free(cipher) }
        var output = [UInt8](repeating: 0, count: ciphertext.count)
        var tag = tag
        var last: Int32 = 0
        var none: UInt8 = 0
        guard
            EVP_DecryptInit_ex2(cipher, algorithm.pointer, key.unredacted, nonce, nil) == 1,
            update(cipher, context, encrypt: false, output: nil),
            update(cipher, ciphertext, encrypt: false, output: &output),
            EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1,
            // Nothing decrypted is given out before the tag has been checked.
            EVP_DecryptFinal_ex(cipher, &none, &last) == 1
        else { return nil }
        return output
    }

    /// Without an output the input is associated data.
    private static func update(
        _ cipher: OpaquePointer, _ input: [UInt8], encrypt: Bool, output: UnsafeMutablePointer<UInt8>?
    ) -> Bool {
        guard !input.isEmpty else { return true }
        var written: Int32 = 0
        return encrypt
            ? EVP_EncryptUpdate(cipher, output, &written, input, Int32(input.count)) == 1
            : EVP_DecryptUpdate(cipher, output, &written, input, Int32(input.count)) == 1
    }
}
