// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A day of the Gregorian calendar, such as a date of birth. It has no time and no zone.
package struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Shape: `1948-03-15`; nil for a day that does not exist.
    package init?(_ text: String) {
        guard text.utf8.count == 10, let midnight = Instant(iso8601: "\(text)T00:00:00Z"),
            midnight.description.prefix(10) == text,
            let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)), let day = Int(text.suffix(2))
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    package var description: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

    package static func < (a: CalendarDate, b: CalendarDate) -> Bool {
        (a.year, a.month, a.day) < (b.year, b.month, b.day)
    }

    /// The midnight that opens the anniversary of this date, in metropolitan France.
    ///
    /// A person born on 29 February reaches an age on 1 March of a common year.
    package func anniversary(_ years: Int) -> Instant? {
        let target = year + years
        let text = "\(padded(target, 4))-\(padded(month, 2))-\(padded(day, 2))T00:00:00Z"
        let leapDay = month == 2 && day == 29
        guard
            let midnight = Instant(iso8601: text)
                ?? (leapDay ? Instant(iso8601: "\(padded(target, 4))-03-01T00:00:00Z") : nil)
        else { return nil }
        // Civil midnight in France is one or two hours before midnight UTC.
        let winter = midnight - .hours(1)
        let summer = midnight - .hours(2)
        return FrenchTime.isSummer(summer) ? summer : winter
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

/// The legal time of metropolitan France since 1996: UTC+1, and UTC+2 from the last Sunday of March to the last of
/// October, changing at 01:00 UTC (directive 2000/84/CE).
package enum FrenchTime {
    package static func isSummer(_ instant: Instant) -> Bool {
        guard let year = Int(instant.description.prefix(4)),
            let start = change(year: year, month: 3), let end = change(year: year, month: 10)
        else { return false }
        return start <= instant && instant < end
    }

    private static func change(year: Int, month: Int) -> Instant? {
        guard let last = Instant(iso8601: "\(year)-\(month < 10 ? "0" : "")\(month)-31T01:00:00Z") else { return nil }
        // 1970-01-01 was a Thursday: day 3 of a week that starts on Monday, so Sunday is (days + 3) % 7 == 6.
        let days = last.milliseconds / 86_400_000
        let sinceSunday = (days + 4) % 7
        return last - .days(sinceSunday)
    }
}
