// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// AES in the modes that work on whole blocks: CBC with padding, and key wrapping.
enum AESBlocks {
    /// nil when libcrypto refuses: a wrong length, padding, or integrity check.
    static func run(
        _ mode: CipherAlgorithm.Mode, key: some Collection<UInt8>, nonce: [UInt8]?, _ input: [UInt8], encrypt: Bool
    ) -> [UInt8]? {
        guard let algorithm = CipherAlgorithm[mode], let context = EVP_CIPHER_CTX_new() else { return nil }
        defer {
            EVP_CIPHER_CTX_free(context)
            ERR_clear_error()
        }
        // Wrapping is refused by libcrypto unless it is clear that it is meant.
        EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
        guard EVP_CipherInit_ex2(context, algorithm.pointer, Array(key), nonce, encrypt ? 1 : 0, nil) == 1 else {
            return nil
        }
        var written: Int32 = 0
        var last: Int32 = 0
        var output = [UInt8](repeating: 0, count: input.count + 32)
        guard EVP_CipherUpdate(context, &output, &written, input, Int32(input.count)) == 1 else { return nil }
        let finished = output.withUnsafeMutableBufferPointer { buffer in
            EVP_CipherFinal_ex(context, buffer.baseAddress.map { $0 + Int(written) }, &last)
        }
        guard finished == 1 else { return nil }
        return Array(output[..<Int(written + last)])
    }
}
