// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// SHA-256 (FIPS 180-4): 32 bytes.
package enum SHA256 {
    package static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] { DigestAlgorithm.sha256.digest(bytes) }
    package static func digest(_ bytes: [UInt8]) -> [UInt8] { DigestAlgorithm.sha256.digest(bytes) }
}

/// SHA-384 (FIPS 180-4): 48 bytes.
package enum SHA384 {
    package static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] { DigestAlgorithm.sha384.digest(bytes) }
}

/// SHA-512 (FIPS 180-4): 64 bytes.
package enum SHA512 {
    package static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] { DigestAlgorithm.sha512.digest(bytes) }
}

/// A digest fetched once: an implicit fetch at each use halves the rate of short messages.
///
/// INVARIANT: the `EVP_MD` is immutable and reference-counted, and lives as long as the process.
final class DigestAlgorithm: @unchecked Sendable {
    /// Only for RSA-OAEP, whose default it is (RFC 8017 §7.1).
    static let sha1 = DigestAlgorithm("SHA1")
    static let sha256 = DigestAlgorithm("SHA256")
    static let sha384 = DigestAlgorithm("SHA384")
    static let sha512 = DigestAlgorithm("SHA512")

    let pointer: OpaquePointer
    private let size: Int

    private init(_ name: String) {
        guard let pointer = EVP_MD_fetch(nil, name, nil) else { fatalError("libcrypto offers no \(name)") }
        self.pointer = pointer
        size = Int(EVP_MD_get_size(pointer))
    }

    func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
        bytes.withContiguousStorageIfAvailable(digest) ?? Array(bytes).withUnsafeBufferPointer(digest)
    }

    func digest(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBufferPointer(digest) }

    private func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { output, initialized in
            guard EVP_Digest(bytes.baseAddress, bytes.count, output.baseAddress, nil, pointer, nil) == 1 else {
                fatalError("libcrypto could not digest")
            }
            initialized = size
        }
    }
}
