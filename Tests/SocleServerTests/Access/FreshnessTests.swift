// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import SocleStore
import Testing

@Suite("Freshness · DESIGN 4.4: an answer never rests on what was withdrawn before it")
struct FreshnessTests {
    private static func opposition(_ id: String) -> any RecordChange {
        guard let patient = PatientIdentifier("PAT-1") else { preconditionFailure("an identifier") }
        return ConsentChange.choose(
            PatientChoice(
                id: id, patient: patient, kind: .oppositionToSharing,
                period: Period(start: Instant(seconds: 1_700_000_000)), recordedAt: Ward.now))
    }

    @Test("an opposition recorded between facts and journal is in the answer") func regathered() async throws {
        let late = Interruptions([Self.opposition("late")])
        try await AccessFixture.with(now: Ward.now, decidingThrough: late.before) { fixture in
            try await Ward.load(fixture)
            let answer = try await fixture.ask(Ward.question())
            #expect(answer["context"]?["reason"]?.string == "opposition")
        }
    }

    @Test("records that change at each attempt make a refusal, journalled") func conflict() async throws {
        let late = Interruptions((0..<3).map { Self.opposition("late-\($0)") })
        try await AccessFixture.with(now: Ward.now, decidingThrough: late.before) { fixture in
            try await Ward.load(fixture)
            let before = try await fixture.entries()
            let answer = try await fixture.ask(Ward.question())
            #expect(answer["decision"]?.bool == false)
            #expect(answer["context"]?["reason"]?.string == "conflict")
            #expect(try await fixture.entries() == before + 1)
        }
    }

    @Test("a journal that cannot be written refuses what the policies permit") func journal() async throws {
        let lane: (StoreLane) -> any CommitLane = { _ in BrokenLane() }
        try await AccessFixture.with(now: Ward.now, decidingThrough: lane) { fixture in
            try await Ward.load(fixture)
            let answer = try await fixture.ask(Ward.question())
            #expect(answer["decision"]?.bool == false)
            #expect(answer["context"]?["reason"]?.string == "unavailable")
            #expect(answer["context"]?["id"] == nil)
        }
    }

    @Test("without a policy in force nothing is permitted") func noPolicy() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            let answer = try await fixture.ask(Ward.question())
            #expect(answer["context"]?["reason"]?.string == "unavailable")
        }
    }

    @Test("a withdrawal acknowledged before the question binds at its answer") func withdrawal() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            #expect(try await fixture.ask(Ward.question())["decision"]?.bool == true)
            try await fixture.write([Self.opposition("now")])
            #expect(try await fixture.ask(Ward.question())["context"]?["reason"]?.string == "opposition")
        }
    }
}
