// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// The hash of RSAES-OAEP and of its MGF1 (RFC 8017 §7.1): RSA-OAEP has SHA-1, for which collisions do not matter,
/// RSA-OAEP-256 has SHA-256.
package enum OAEPDigest: Sendable {
    case sha1
    case sha256

    private var digest: DigestAlgorithm { self == .sha1 ? .sha1 : .sha256 }

    /// nil for another kind of key, and for whatever libcrypto refuses.
    func run(_ key: KeyHandle, _ input: [UInt8], encrypt: Bool) -> [UInt8]? {
        guard EVP_PKEY_is_a(key.pointer, "RSA") == 1, let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil)
        else { return nil }
        defer {
            EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        let started = encrypt ? EVP_PKEY_encrypt_init(context) : EVP_PKEY_decrypt_init(context)
        guard started == 1, EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            EVP_PKEY_CTX_set_rsa_oaep_md(context, digest.pointer) == 1,
            EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest.pointer) == 1
        else { return nil }
        // The longest: 8192-bit RSA.
        var size = 1024
        var output = [UInt8](repeating: 0, count: size)
        let done =
            encrypt
            ? EVP_PKEY_encrypt(context, &output, &size, input, input.count)
            : EVP_PKEY_decrypt(context, &output, &size, input, input.count)
        return done == 1 ? Array(output[..<size]) : nil
    }
}
