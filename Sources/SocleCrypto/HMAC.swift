// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// HMAC (RFC 2104).
package enum HMAC {
    /// Only for one-time codes, whose authenticators offer nothing else (RFC 6238 §1.2).
    package static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        HMACTemplate.sha1.code(key: key, message)
    }

    package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        HMACTemplate.sha256.code(key: key, message)
    }

    package static func sha384(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        HMACTemplate.sha384.code(key: key, message)
    }

    package static func sha512(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        HMACTemplate.sha512.code(key: key, message)
    }
}

/// An HMAC context with its digest chosen, copied at each use: fetching costs more than a short code.
///
/// INVARIANT: the template is never given a key nor used but as the source of `EVP_MAC_CTX_dup`.
private final class HMACTemplate: @unchecked Sendable {
    static let sha1 = HMACTemplate(digest: "SHA1", size: 20)
    static let sha256 = HMACTemplate(digest: "SHA256", size: 32)
    static let sha384 = HMACTemplate(digest: "SHA384", size: 48)
    static let sha512 = HMACTemplate(digest: "SHA512", size: 64)

    private let template: OpaquePointer
    private let size: Int

    init(digest: String, size: Int) {
        self.size = size
        guard let context = socle_hmac_template(digest) else { fatalError("libcrypto offers no HMAC with \(digest)") }
        template = context
    }

    func code(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        guard let context = EVP_MAC_CTX_dup(template) else { fatalError("libcrypto is out of memory") }
        defer { EVP_MAC_CTX_free(context) }
        // A null key would mean "the key of before": an empty one still needs an address.
        let address = key.isEmpty ? [0] : key
        return [UInt8](unsafeUninitializedCapacity: size) { output, initialized in
            guard EVP_MAC_init(context, address, key.count, nil) == 1,
                EVP_MAC_update(context, message, message.count) == 1,
                EVP_MAC_final(context, output.baseAddress, &initialized, size) == 1
            else { fatalError("libcrypto could not compute an HMAC") }
        }
    }
}
