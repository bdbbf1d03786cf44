// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension IPRange {
    /// Four decimal octets, none with a leading zero.
    static func v4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let octets = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard octets.count == 4 else { return nil }
        var address: UInt32 = 0
        for octet in octets {
            guard octet.count <= 3, octet.count == 1 || octet.first != UInt8(ascii: "0"),
                let value = Digits.unsigned(octet), value <= 255
            else { return nil }
            address = address << 8 | UInt32(value)
        }
        return address
    }

    /// Eight groups of hexadecimal digits, one run of zero groups possibly written `::`.
    static func v6(_ bytes: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64)? {
        let colon = UInt8(ascii: ":")
        let groups: [UInt16]
        if let gap = bytes.indices.dropLast().first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon }) {
            guard let head = group(bytes[..<gap]), let tail = group(bytes[(gap + 2)...]),
                head.count + tail.count < 8
            else { return nil }
            groups = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        } else {
            guard let all = group(bytes), all.count == 8 else { return nil }
            groups = all
        }
        func word(_ four: ArraySlice<UInt16>) -> UInt64 { four.reduce(0) { $0 << 16 | UInt64($1) } }
        return (word(groups[..<4]), word(groups[4...]))
    }

    /// Groups of one to four digits between colons; none at all for an empty text.
    private static func group(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        if bytes.isEmpty { return [] }
        var groups: [UInt16] = []
        for digits in bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard (1...4).contains(digits.count), let value = hexadecimal(digits) else { return nil }
            groups.append(value)
        }
        return groups
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
        var value: UInt16 = 0
        for digit in digits {
            guard let nibble = StringLiteral.hexadecimal(digit) else { return nil }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }
}

extension IPRange: CustomStringConvertible {
    public var description: String {
        if isV4 {
            let octets = [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".")
            return prefix == 32 ? octets : "\(octets)/\(prefix)"
        }
        let groups = [high, low].flatMap { word in
            [48, 32, 16, 0].map { String(word >> UInt64($0) & 0xFFFF, radix: 16) }
        }
        return prefix == 128 ? groups.joined(separator: ":") : "\(groups.joined(separator: ":"))/\(prefix)"
    }
}
