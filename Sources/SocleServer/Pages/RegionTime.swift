// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// An instant as people of the region read it: in the legal time of metropolitan France, to the minute.
struct RegionTime: Sendable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int

    init(_ instant: Instant) {
        // `2026-11-02T09:15:00.000Z`, moved by the offset: its digits are then the local ones.
        let digits = (instant + .hours(Self.isSummer(instant) ? 2 : 1)).description.utf8.map { Int($0) - 0x30 }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        (hour, minute) = (number(11..<13), number(14..<16))
    }

    /// From the last Sunday of March to the last Sunday of October, at 01:00 UTC (directive 2000/84/EC, decree 2001-386).
    private static func isSummer(_ instant: Instant) -> Bool {
        let year = instant.description.prefix(4)
        guard let march = lastSunday("\(year)-03-31T01:00:00Z"), let october = lastSunday("\(year)-10-31T01:00:00Z")
        else { return false }
        return march <= instant && instant < october
    }

    /// - Parameter end: the last day of a month of 31 days.
    private static func lastSunday(_ end: String) -> Instant? {
        guard let end = Instant(iso8601: end) else { return nil }
        // 1970-01-01 was a Thursday.
        let weekday = (end.seconds / 86_400 + 4) % 7
        return end - .days(weekday)
    }

    func text(_ language: Language) -> String {
        let clock = "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
        switch language {
        case .french: return "\(day == 1 ? "1er" : String(day)) \(Self.mois[month - 1]) \(year) à \(clock)"
        case .english: return "\(day) \(Self.months[month - 1]) \(year) at \(clock)"
        }
    }

    private static let mois = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
