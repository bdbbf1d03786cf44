// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Hashes of names and values, kept beside them so that a look-up compares one word and computes nothing.
///
/// Multiplication folded on itself, eight bytes at a time, under two secrets drawn once per process from Swift's own
/// seed: nobody outside can choose names that collide, and a collision would cost time, never a wrong answer.
enum Digest {
    private static let secrets: (UInt64, UInt64) = (secret(0), secret(1))

    private static func secret(_ number: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(number)
        return UInt64(bitPattern: Int64(hasher.finalize())) | 1
    }

    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    static func of(_ bytes: UnsafeRawBufferPointer) -> Int {
        let (first, second) = secrets
        var state = first
        var offset = 0
        while offset + 8 <= bytes.count {
            state = fold(state ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), second)
            offset += 8
        }
        // The length multiplies: added to the bytes, it would make up for one of them whatever the secrets.
        let length = UInt64(truncatingIfNeeded: bytes.count)
        return Int(truncatingIfNeeded: fold(state ^ tail(bytes), second ^ first ^ length))
    }

    /// The last eight bytes, some of them perhaps read already; of fewer, all of them, some perhaps twice.
    private static func tail(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        if count >= 8 { return bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) }
        if count >= 4 {
            let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
            let last = bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            return UInt64(first) << 32 | UInt64(last)
        }
        guard count > 0 else { return 0 }
        return UInt64(bytes[0]) << 16 | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1])
    }

    static func of(_ text: String) -> Int {
        if let digest = text.utf8.withContiguousStorageIfAvailable({ of(UnsafeRawBufferPointer($0)) }) {
            return digest
        }
        return Array(text.utf8).withUnsafeBytes { of($0) }
    }

    /// Of two things in this order.
    static func mix(_ a: Int, _ b: Int) -> Int {
        let (first, second) = secrets
        return Int(
            truncatingIfNeeded: fold(UInt64(bitPattern: Int64(a)) ^ first, UInt64(bitPattern: Int64(b)) ^ second))
    }
}
