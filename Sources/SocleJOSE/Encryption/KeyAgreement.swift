// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto

/// The key that ECDH-ES derives from an agreed secret: the Concat KDF with SHA-256 (RFC 7518 §4.6.2).
enum KeyAgreement {
    /// - Parameters:
    ///   - size: of the key wanted, in bytes.
    ///   - purpose: `enc` where the key is the content key, else `alg`.
    static func derive(
        _ secret: Secret, size: Int, purpose: String, producer: [UInt8], consumer: [UInt8]
    ) -> Secret {
        let context =
            counted(Array(purpose.utf8)) + counted(producer) + counted(consumer) + bigEndian(UInt32(size * 8))
        var key: [UInt8] = []
        var round: UInt32 = 1
        while key.count < size {
            key += SHA256.digest(bigEndian(round) + secret.unredacted + context)
            round += 1
        }
        return Secret(Array(key[..<size]))
    }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt32(bytes.count)) + bytes }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
    }
}
