// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Glibc

/// A range of internet addresses, as `10.0.0.0/8`, `::1` or `2001:db8::/32`.
package struct AddressBlock: Hashable, Sendable {
    private let bytes: [UInt8]
    private let bits: Int

    /// - Returns: nil for anything else than an address with an optional prefix length.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let bytes = Self.bytes(of: String(first)) else { return nil }
        var bits = bytes.count * 8
        if parts.count == 2 {
            // Digits alone: `Int` would take a sign and leading zeroes.
            guard let given = Int(parts[1]), (0...bits).contains(given), String(given) == parts[1] else { return nil }
            bits = given
        }
        self.bytes = bytes
        self.bits = bits
    }

    /// - Parameter address: 4 or 16 bytes; an IPv4 address mapped to IPv6 must come as its 4.
    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == bytes.count else { return false }
        return (0..<bits).allSatisfy { bit in
            (address[bit / 8] ^ bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }

    static func bytes(of text: String) -> [UInt8]? {
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var v4 = [UInt8](repeating: 0, count: 4)
        var v6 = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &v4) == 1 { return v4 }
        return inet_pton(AF_INET6, text, &v6) == 1 ? Self.unmapped(v6) : nil
    }

    /// An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is its IPv4 address: no rule is passed by spelling.
    static func unmapped(_ bytes: [UInt8]) -> [UInt8] {
        bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] ? Array(bytes.suffix(4)) : bytes
    }
}
