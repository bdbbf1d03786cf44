// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The unpadded codec under both alphabets; PHC strings use the standard one.
///
/// Every token passes here several times: plain arrays and whole groups, since a generic collection read byte by
/// byte costs twenty times as much.
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

    func encode(_ bytes: [UInt8]) -> [UInt8] {
        let digits = digits.span
        let bytes = bytes.span
        return [UInt8](unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { output, written in
            func put(_ group: UInt32, _ count: Int) {
                for place in 0..<count {
                    output[written] = digits[Int(group >> UInt32(18 - 6 * place) & 63)]
                    written += 1
                }
            }
            var index = 0
            while index + 3 <= bytes.count {
                put(UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]), 4)
                index += 3
            }
            switch bytes.count - index {
            case 1: put(UInt32(bytes[index]) << 16, 2)
            case 2: put(UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8, 3)
            default: break
            }
        }
    }

    func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        let values = values.span
        let text = text.span
        // Every value is below 64, so that a bit above them shows a byte that is no digit, found out at the end.
        var seen: UInt8 = 0
        var last: UInt32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count * 3 / 4) { output, written in
            func group(_ index: Int, _ count: Int) -> UInt32 {
                var group: UInt32 = 0
                for place in 0..<count {
                    let value = values[Int(text[index + place])]
                    seen |= value
                    group |= UInt32(value) << UInt32(18 - 6 * place)
                }
                return group
            }
            func put(_ group: UInt32, _ count: Int) {
                for place in 0..<count {
                    output[written] = UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place))
                    written += 1
                }
            }
            var index = 0
            while index + 4 <= text.count {
                put(group(index, 4), 3)
                index += 4
            }
            let rest = text.count - index
            guard rest > 0 else { return }
            let final = group(index, rest)
            put(final, rest - 1)
            last = final & (rest == 2 ? 0xFFFF : 0xFF)
        }
        return seen & 0xC0 == 0 && last == 0 ? bytes : nil
    }
}
