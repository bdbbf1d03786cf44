// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The text forms of `datetime` and `duration`, both counted in milliseconds.
///
/// - Source: Cedar language reference, `datetime` and `duration` (RFC 80 of the language).
enum Instants {
    static let day: Int64 = 86_400_000

    /// `YYYY-MM-DD`, alone or followed by `Thh:mm:ss`, optionally `.SSS`, then `Z` or `+hhmm` or `-hhmm`.
    static func datetime(_ text: String) -> Int64? {
        var reader = FieldReader(bytes: Array(text.utf8)[...])
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let dayOfMonth = reader.number(2), (1...12).contains(month),
            (1...length(ofMonth: month, year)).contains(dayOfMonth)
        else { return nil }
        let date = days(year, month, dayOfMonth) * day
        if reader.bytes.isEmpty { return date }
        guard reader.take("T"), let hour = reader.number(2), reader.take(":"), let minute = reader.number(2),
            reader.take(":"), let second = reader.number(2), hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if reader.take(".") {
            guard let milliseconds = reader.number(3) else { return nil }
            fraction = milliseconds
        }
        let time = ((hour * 60 + minute) * 60 + second) * 1000 + fraction
        if reader.take("Z") { return reader.bytes.isEmpty ? date + time : nil }
        let isAhead = reader.take("+")
        guard isAhead || reader.take("-"), let zoneHour = reader.number(2), let zoneMinute = reader.number(2),
            reader.bytes.isEmpty, zoneHour < 24, zoneMinute < 60
        else { return nil }
        let zone = (zoneHour * 60 + zoneMinute) * 60_000
        return date + time - (isAhead ? zone : -zone)
    }

    /// `-?` then days, hours, minutes, seconds, milliseconds (`1d2h3m4s5ms`), at least one, in this order.
    static func duration(_ text: String) -> Int64? {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        guard !bytes.isEmpty else { return nil }
        var units: ArraySlice<(name: [UInt8], length: UInt64)> = [
            (Array("d".utf8), 86_400_000), (Array("h".utf8), 3_600_000), (Array("m".utf8), 60_000),
            (Array("s".utf8), 1000), (Array("ms".utf8), 1),
        ]
        var total: UInt64 = 0
        while !bytes.isEmpty {
            let digits = bytes.prefix { (0x30...0x39).contains($0) }
            let name = bytes[digits.endIndex...].prefix { !(0x30...0x39).contains($0) }
            guard let count = Digits.unsigned(digits),
                let unit = units.firstIndex(where: { name.elementsEqual($0.name) })
            else { return nil }
            let (length, overflow) = count.multipliedReportingOverflow(by: units[unit].length)
            let (sum, carry) = total.addingReportingOverflow(length)
            guard !overflow, !carry else { return nil }
            total = sum
            units = units[(unit + 1)...]
            bytes = bytes[name.endIndex...]
        }
        return Digits.signed(total, isNegative: isNegative)
    }

    /// The start of the day; nil when it falls before the first instant that can be counted.
    static func date(of instant: Int64) -> Int64? {
        let time = time(of: instant)
        let (start, overflow) = instant.subtractingReportingOverflow(time)
        return overflow ? nil : start
    }

    /// What has passed since the start of the day, never negative.
    static func time(of instant: Int64) -> Int64 {
        let rest = instant % day
        return rest < 0 ? rest + day : rest
    }

    private static func length(ofMonth month: Int64, _ year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Int(month) - 1]
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counting years from March.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * m + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Fixed-width fields, taken from the front.
private struct FieldReader {
    var bytes: ArraySlice<UInt8>

    mutating func number(_ width: Int) -> Int64? {
        guard bytes.count >= width, let value = Digits.unsigned(bytes.prefix(width)) else { return nil }
        bytes = bytes.dropFirst(width)
        return Int64(value)
    }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: mark) else { return false }
        bytes = bytes.dropFirst()
        return true
    }
}
