// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// An IP address, or a range of them written with a prefix length: `10.0.0.0/8`, `::1`.
///
/// Equality keeps what was written: `10.0.0.1/8` and `10.0.0.0/8` are the same range and not the same value.
///
/// - Source: Cedar language reference, `ipaddr`; RFC 4632 and RFC 4291 §2.2, without the dotted tail of IPv6.
public struct IPRange: Hashable, Sendable {
    public let isV4: Bool
    /// The address as a number; IPv4 in the low 32 bits of `low`.
    let high: UInt64
    let low: UInt64
    public let prefix: UInt8

    /// Nil for anything but an address with an optional prefix length.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        // The longest address with the longest prefix; more is refused before it is looked at.
        guard bytes.count <= 43 else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        if let address = IPRange.v4(parts[0]) {
            (isV4, high, low) = (true, 0, UInt64(address))
        } else if let address = IPRange.v6(parts[0]) {
            (isV4, high, low) = (false, address.high, address.low)
        } else {
            return nil
        }
        let width = isV4 ? 32 : 128
        guard parts.count == 2 else {
            prefix = UInt8(width)
            return
        }
        let digits = parts[1]
        guard digits.count <= (isV4 ? 2 : 3), digits.count == 1 || digits.first != UInt8(ascii: "0"),
            let length = Digits.unsigned(digits), length <= width
        else { return nil }
        prefix = UInt8(length)
    }

    public var isLoopback: Bool {
        isV4 ? low >> 24 == 127 && prefix >= 8 : high == 0 && low == 1 && prefix == 128
    }

    public var isMulticast: Bool {
        isV4 ? low >> 28 == 0xE && prefix >= 4 : high >> 56 == 0xFF && prefix >= 8
    }

    /// Whether every address of this range lies in the other; never across the two families.
    public func isInRange(_ other: IPRange) -> Bool {
        guard isV4 == other.isV4, prefix >= other.prefix else { return false }
        let (mine, theirs) = (network(other.prefix), other.network(other.prefix))
        return mine == theirs
    }

    private func network(_ length: UInt8) -> [UInt64] {
        if isV4 { return [low >> (32 - UInt64(length))] }
        let length = UInt64(length)
        // Swift's smart shift gives zero from 64 on, which is what a prefix of 0 or 64 needs.
        return [high >> (64 - min(length, 64)), low >> (128 - max(length, 64))]
    }
}
