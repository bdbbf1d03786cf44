// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import SocleFHIR

@Suite("Dates · FHIR R4 §2.24.0.1")
struct FHIRDateTests {
    @Test(
        "a date covers its year, month or day in France, to the midnight that follows",
        arguments: [
            ("2026", "2025-12-31T23:00:00.000Z", "2026-12-31T23:00:00.000Z"),
            ("2026-03", "2026-02-28T23:00:00.000Z", "2026-03-31T22:00:00.000Z"),
            ("2026-12", "2026-11-30T23:00:00.000Z", "2026-12-31T23:00:00.000Z"),
            ("2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"),
            ("2026-11-02T10:15:00+01:00", "2026-11-02T09:15:00.000Z", "2026-11-02T09:15:00.000Z"),
        ])
    func covers(_ text: String, _ start: String, _ end: String) throws {
        let date = try #require(FHIRDate(text))
        #expect(date.start.description == start)
        #expect(date.end?.description == end)
    }

    @Test("the last day there is has no end, nor its month and its year", arguments: ["9999", "9999-12", "9999-12-31"])
    func lasting(_ text: String) throws {
        let date = try #require(FHIRDate(text))
        #expect(date.end == nil)
        #expect(FHIRDate("9999-12-30")?.end == FHIRDate("9999-12-31")?.start)
        let period: JSONValue = ["p": ["start": "2026-01-01", "end": .string(text)]]
        #expect(Element(period, at: "x").span("p") == Span(start: FHIRDate("2026-01-01")?.start))
    }

    @Test(
        "anything else is no date",
        arguments: [
            "", "26", "2026-13", "2026-00", "2026-02-29", "2026-1-1", "2026-11-02T10:15", "2026-11-02T10:15:00",
            "2026-11-02 10:15:00Z", "0000", "9999-13", "9999-12-32", "abcd", "2026-ab", "+026",
        ])
    func refused(_ text: String) { #expect(FHIRDate(text) == nil) }
}
