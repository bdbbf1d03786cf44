// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Unpadded base64url (RFC 4648 §5, RFC 7515 §2), one text per value.
package enum Base64URL {
    package static func encode(_ bytes: some Collection<UInt8>) -> String { Base64.url.encode(bytes) }

    /// nil for padding, white space, another alphabet, or trailing bits that are not zero: a second spelling of the
    /// same bytes would let one signed token have several texts.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { Base64.url.decode(text.utf8) }

    package static func decode(utf8 text: some Collection<UInt8>) -> [UInt8]? { Base64.url.decode(text) }
}

/// The unpadded codec under both alphabets; PHC strings use the standard one.
struct Base64: Sendable {
    static let url = Base64(last: "-_")
    static let standard = Base64(last: "+/")

    private let digits: [UInt8]
    /// 0xFF where a byte is no digit.
    private let values: [UInt8]

    private init(last: String) {
        digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8) + Array(last.utf8)
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
    }

    func encode(_ bytes: some Collection<UInt8>) -> String {
        let count = (bytes.count * 4 + 2) / 3
        return String(unsafeUninitializedCapacity: count) { output in
            var written = 0
            var pending: UInt32 = 0
            var bits = 0
            for byte in bytes {
                pending = pending << 8 | UInt32(byte)
                bits += 8
                while bits >= 6 {
                    bits -= 6
                    output[written] = digits[Int(pending >> UInt32(bits) & 63)]
                    written += 1
                }
            }
            if bits > 0 {
                output[written] = digits[Int(pending << UInt32(6 - bits) & 63)]
                written += 1
            }
            return written
        }
    }

    func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var pending: UInt32 = 0
        var bits = 0
        for digit in text {
            let value = values[Int(digit)]
            guard value != 0xFF else { return nil }
            pending = pending << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
            }
        }
        guard pending & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }
}
