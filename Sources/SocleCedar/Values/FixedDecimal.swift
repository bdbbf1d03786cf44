// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A decimal number with four digits after the point, in 64 bits.
///
/// - Shape: `-?[0-9]+\.[0-9]{1,4}`, from -922337203685477.5808 to 922337203685477.5807.
/// - Source: Cedar language reference, `decimal`.
public struct FixedDecimal: Hashable, Comparable, Sendable {
    /// The number times ten thousand.
    public let tenThousandths: Int64

    public init(tenThousandths: Int64) { self.tenThousandths = tenThousandths }

    /// Nil for another shape or a number out of range.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        let fraction = bytes[(point + 1)...]
        guard (1...4).contains(fraction.count), let units = Digits.unsigned(bytes[..<point]),
            let rest = Digits.unsigned(fraction)
        else { return nil }
        let scale: UInt64 = [1000, 100, 10, 1][fraction.count - 1]
        let (scaled, overflow) = units.multipliedReportingOverflow(by: 10_000)
        let (magnitude, carry) = scaled.addingReportingOverflow(rest * scale)
        guard !overflow, !carry, let value = Digits.signed(magnitude, isNegative: isNegative) else { return nil }
        tenThousandths = value
    }

    public static func < (a: FixedDecimal, b: FixedDecimal) -> Bool { a.tenThousandths < b.tenThousandths }
}

extension FixedDecimal: CustomStringConvertible {
    public var description: String {
        let (units, rest) = tenThousandths.magnitude.quotientAndRemainder(dividingBy: 10_000)
        var digits = String(rest)
        digits = String(repeating: "0", count: 4 - digits.count) + digits
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return "\(tenThousandths < 0 ? "-" : "")\(units).\(digits)"
    }
}
