// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL
import Glibc
import Synchronization

/// Where unpredictable bytes come from; tests give fixed ones.
package struct SecureRandom: Sendable {
    package var bytes: @Sendable (_ count: Int) -> [UInt8]

    package init(bytes: @escaping @Sendable (Int) -> [UInt8]) { self.bytes = bytes }

    /// libcrypto's generator, seeded by the kernel.
    package static let system: SecureRandom = {
        let pools = (0..<8).map { _ in RandomPool() }
        return SecureRandom { pools[place(among: pools.count)].take($0) }
    }()

    /// Another for most other threads: one pool for all made them wait for each other, each time the one at it had lost
    /// its processor.
    private static func place(among count: Int) -> Int {
        // The thread's address; the multiplication lets its bits that differ between threads reach those that are taken.
        Int(((UInt(pthread_self()) &* 0x9E37_79B9_7F4A_7C15) >> 32) % UInt(count))
    }

    /// 256 bits as 43 base64url characters: codes, handles, identifiers, cookies.
    package func token() -> String { Base64URL.encode(bytes(32)) }
}

/// Random bytes drawn by the kilobyte: a call of libcrypto's generator costs as much for sixteen as for hundreds. Each byte
/// is given once and not kept.
private final class RandomPool: Sendable {
    private static let drawn = 1024
    private let left = Mutex<[UInt8]>([])

    func take(_ count: Int) -> [UInt8] {
        guard count <= RandomPool.drawn / 8 else { return RandomPool.draw(count) }
        return [UInt8](unsafeUninitializedCapacity: count) { taken, initialized in
            left.withLock { left in
                if left.count < count { left = RandomPool.draw(RandomPool.drawn) }
                let start = left.count - count
                for index in 0..<count {
                    taken.initializeElement(at: index, to: left[start + index])
                    left[start + index] = 0
                }
                left.removeLast(count)
            }
            initialized = count
        }
    }

    private static func draw(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            // A process that cannot draw randomness must not go on with anything less.
            guard RAND_bytes(buffer.baseAddress, Int32(count)) == 1 else { fatalError("no randomness available") }
            initialized = count
        }
    }
}
