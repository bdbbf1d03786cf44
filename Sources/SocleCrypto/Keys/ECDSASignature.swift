// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The two forms of a P-256 signature: JOSE's r and s side by side (RFC 7518 §3.4), libcrypto's DER sequence.
enum ECDSASignature {
    static let size = 64

    /// nil unless it is the DER of two positive integers below 2^256.
    static func joined(der: [UInt8]) -> [UInt8]? {
        var rest = der[...]
        guard rest.popFirst() == 0x30, let length = rest.popFirst(), length < 0x80, Int(length) == rest.count,
            let r = integer(&rest), let s = integer(&rest), rest.isEmpty
        else { return nil }
        return r + s
    }

    /// nil unless it has exactly 64 bytes.
    static func der(joined: [UInt8]) -> [UInt8]? {
        guard joined.count == size else { return nil }
        let body = encoded(joined[..<32]) + encoded(joined[32...])
        return [0x30, UInt8(body.count)] + body
    }

    private static func integer(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.popFirst() == 0x02, let length = rest.popFirst(), (1...33).contains(length),
            rest.count >= Int(length)
        else { return nil }
        let value = rest.prefix(Int(length)).drop { $0 == 0 }
        rest = rest.dropFirst(Int(length))
        guard value.count <= 32 else { return nil }
        return [UInt8](repeating: 0, count: 32 - value.count) + value
    }

    private static func encoded(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(value.drop { $0 == 0 })
        // Zero needs a digit, and a set top bit would read as negative.
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }
}
