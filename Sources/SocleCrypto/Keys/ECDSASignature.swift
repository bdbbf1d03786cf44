// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The two forms of an ECDSA signature: JOSE's r and s side by side (RFC 7518 §3.4), libcrypto's DER sequence.
enum ECDSASignature {
    /// nil unless it is the DER of two positive integers that fit the curve.
    static func joined(der: [UInt8], _ curve: EllipticCurve) -> [UInt8]? {
        var rest = der[...]
        guard rest.popFirst() == 0x30, var length = rest.popFirst() else { return nil }
        // Only P-521 is long enough for the second form.
        if length == 0x81 {
            guard let second = rest.popFirst(), second >= 0x80 else { return nil }
            length = second
        } else {
            guard length < 0x80 else { return nil }
        }
        guard Int(length) == rest.count, let r = integer(&rest, curve.size), let s = integer(&rest, curve.size),
            rest.isEmpty
        else { return nil }
        return r + s
    }

    /// nil unless it has exactly the curve's size twice.
    static func der(joined: [UInt8], _ curve: EllipticCurve) -> [UInt8]? {
        guard joined.count == curve.size * 2 else { return nil }
        let body = encoded(joined[..<curve.size]) + encoded(joined[curve.size...])
        return (body.count < 0x80 ? [0x30, UInt8(body.count)] : [0x30, 0x81, UInt8(body.count)]) + body
    }

    private static func integer(_ rest: inout ArraySlice<UInt8>, _ size: Int) -> [UInt8]? {
        guard rest.popFirst() == 0x02, let length = rest.popFirst(), (1...size + 1).contains(Int(length)),
            rest.count >= Int(length)
        else { return nil }
        let value = rest.prefix(Int(length)).drop { $0 == 0 }
        rest = rest.dropFirst(Int(length))
        guard value.count <= size else { return nil }
        return [UInt8](repeating: 0, count: size - value.count) + value
    }

    private static func encoded(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(value.drop { $0 == 0 })
        // Zero needs a digit, and a set top bit would read as negative.
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }
}
