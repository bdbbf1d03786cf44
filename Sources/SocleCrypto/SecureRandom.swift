// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// Where unpredictable bytes come from; tests give fixed ones.
package struct SecureRandom: Sendable {
    package var bytes: @Sendable (_ count: Int) -> [UInt8]

    package init(bytes: @escaping @Sendable (Int) -> [UInt8]) { self.bytes = bytes }

    /// libcrypto's generator, seeded by the kernel.
    package static let system = SecureRandom { count in
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            // A process that cannot draw randomness must not go on with anything less.
            guard RAND_bytes(buffer.baseAddress, Int32(count)) == 1 else { fatalError("no randomness available") }
            initialized = count
        }
    }

    /// 256 bits as 43 base64url characters: codes, handles, identifiers, cookies.
    package func token() -> String { Base64URL.encode(bytes(32)) }
}
