// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// A FHIR `date` or `dateTime`, which may be known to the year, the month, the day or the second.
///
/// - Shape: `2026`, `2026-11`, `2026-11-02` or an RFC 3339 time with seconds and a zone.
/// - Source: HL7 FHIR R4 §2.24.0.1. A day has no zone of its own: it is a day in metropolitan France.
package struct FHIRDate: Hashable, Sendable {
    /// The first instant it covers.
    package let start: Instant
    /// The first instant after it. A time to the second is taken as that very instant: nothing lasts beyond it. nil for
    /// the last day there is, its month and its year: what ends on 9999-12-31 has no end.
    package let end: Instant?
    /// The day, for a date known to the day.
    package let day: CalendarDate?

    package init?(_ text: String) {
        switch text.utf8.count {
        case 4:
            guard let year = Int(text), year > 0, let from = FHIRDate.midnight("\(text)-01-01") else { return nil }
            (start, end, day) = (from, FHIRDate.midnight("\(FHIRDate.padded(year + 1, 4))-01-01"), nil)
        case 7:
            guard let year = Int(text.prefix(4)), let month = Int(text.suffix(2)), (1...12).contains(month),
                let from = FHIRDate.midnight("\(text)-01")
            else { return nil }
            let next = month == 12 ? (year + 1, 1) : (year, month + 1)
            let to = "\(FHIRDate.padded(next.0, 4))-\(FHIRDate.padded(next.1, 2))-01"
            (start, end, day) = (from, FHIRDate.midnight(to), nil)
        case 10:
            guard let date = CalendarDate(text), let from = date.anniversary(0),
                let noon = Instant(iso8601: "\(text)T12:00:00Z")
            else { return nil }
            let next = (noon + .days(1)).description.prefix { $0 != "T" }
            (start, end, day) = (from, FHIRDate.midnight(String(next)), date)
        default:
            guard let instant = Instant(iso8601: text) else { return nil }
            (start, end, day) = (instant, instant, nil)
        }
    }

    private static func midnight(_ text: String) -> Instant? { CalendarDate(text)?.anniversary(0) }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// The last day it covers, in metropolitan France.
    package var lastDay: CalendarDate? {
        day ?? end.flatMap { $0 > start ? CalendarDate(String(($0 - .hours(12)).description.prefix(10))) : nil }
    }
}
