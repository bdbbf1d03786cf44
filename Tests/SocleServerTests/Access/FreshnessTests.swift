// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import SocleStore
import Synchronization
import Testing

/// A lane before which something happens to the records, as from another node, a number of times.
private final class Interruptions: CommitLane {
    private let lane: StoreLane
    private let remaining: Mutex<Int>
    private let change: @Sendable (Int) -> any RecordChange

    init(_ lane: StoreLane, times: Int, change: @escaping @Sendable (Int) -> any RecordChange) {
        self.lane = lane
        self.change = change
        remaining = Mutex(times)
    }

    func commit(_ submission: Submission) async throws(LaneUnavailable) -> CommitOutcome {
        let left = remaining.withLock { left in
            defer { left = max(0, left - 1) }
            return left
        }
        // A decision gathered from the records as they were; now they change, and only then is it journalled.
        if left > 0 { _ = try await lane.commit(Submission(changes: [change(left)], entry: nil)) }
        return try await lane.commit(submission)
    }
}

private struct BrokenLane: CommitLane {
    func commit(_ submission: Submission) async throws(LaneUnavailable) -> CommitOutcome {
        throw LaneUnavailable(detail: "broken")
    }
}

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
        let lane: (StoreLane) -> any CommitLane = { lane in
            Interruptions(lane, times: 1) { _ in Self.opposition("late") }
        }
        try await AccessFixture.with(now: Ward.now, decidingThrough: lane) { fixture in
            try await Ward.load(fixture)
            let answer = try await fixture.ask(Ward.question())
            #expect(answer["context"]?["reason"]?.string == "opposition")
        }
    }

    @Test("records that change at each attempt make a refusal, journalled") func conflict() async throws {
        let lane: (StoreLane) -> any CommitLane = { lane in
            Interruptions(lane, times: 3) { Self.opposition("late-\($0)") }
        }
        try await AccessFixture.with(now: Ward.now, decidingThrough: lane) { fixture in
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
