// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import Testing

@testable import SocleServer

@Suite("Legal time of metropolitan France · directive 2000/84/EC")
struct RegionTimeTests {
    @Test(
        "an hour ahead in winter, two in summer, to the second of the change",
        arguments: [
            ("2026-11-22T03:05:00Z", "22 novembre 2026 à 04:05"), ("2026-03-29T00:59:59Z", "29 mars 2026 à 01:59"),
            ("2026-03-29T01:00:00Z", "29 mars 2026 à 03:00"), ("2026-10-25T00:59:59Z", "25 octobre 2026 à 02:59"),
            ("2026-10-25T01:00:00Z", "25 octobre 2026 à 02:00"), ("2027-12-31T23:30:00Z", "1er janvier 2028 à 00:30"),
        ])
    func french(instant: String, text: String) throws {
        #expect(RegionTime(try #require(Instant(iso8601: instant))).text(.french) == text)
    }

    @Test("in English") func english() throws {
        let text = RegionTime(try #require(Instant(iso8601: "2026-07-01T12:00:00Z"))).text(.english)
        #expect(text == "1 July 2026 at 14:00")
    }
}
