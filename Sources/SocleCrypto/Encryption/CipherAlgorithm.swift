// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// A cipher fetched once.
///
/// INVARIANT: the `EVP_CIPHER` is immutable and lives as long as the process.
final class CipherAlgorithm: @unchecked Sendable {
    enum Mode: Hashable {
        case gcm(keySize: Int)
        case cbc(keySize: Int)
        case wrap(keySize: Int)
    }

    static let aes256CBC = CipherAlgorithm("AES-256-CBC")

    private static let all: [Mode: CipherAlgorithm] = {
        var all: [Mode: CipherAlgorithm] = [:]
        for size in [16, 24, 32] {
            all[.gcm(keySize: size)] = CipherAlgorithm("AES-\(size * 8)-GCM")
            all[.cbc(keySize: size)] = CipherAlgorithm("AES-\(size * 8)-CBC")
            all[.wrap(keySize: size)] = CipherAlgorithm("AES-\(size * 8)-WRAP")
        }
        return all
    }()

    /// nil for a size AES has not.
    static subscript(mode: Mode) -> CipherAlgorithm? { all[mode] }

    let pointer: OpaquePointer

    private init(_ name: String) {
        guard let pointer = EVP_CIPHER_fetch(nil, name, nil) else { fatalError("libcrypto offers no \(name)") }
        self.pointer = pointer
    }
}
