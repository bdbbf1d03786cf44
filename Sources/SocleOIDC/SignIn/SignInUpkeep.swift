// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
import SocleJSON

/// The periodic work of sign-in: failures told to the journal, and what nothing needs any more deleted.
package struct SignInUpkeep: Sendable {
    private let failures: any FailureRecords
    private let lane: any CommitLane
    private let kept: Duration

    /// - Parameter kept: how long ended sessions and reported failures stay: at least the window of the back-off.
    package init(failures: any FailureRecords, lane: any CommitLane, kept: Duration = .hours(1)) {
        self.failures = failures
        self.lane = lane
        self.kept = kept
    }

    /// One entry for each account, address and minute with failures that the journal does not tell of (DESIGN 7).
    ///
    /// A failure counted late in its minute, after its entry, makes a second entry with the difference; the count and
    /// what is told of it change in one transaction, so nothing is told twice or never.
    /// - Returns: how many entries were written.
    package func reportFailures(now: Instant) async throws(RecordsUnavailable) -> Int {
        let counts = try await failures.unreported(beforeMinute: FailureCount.minute(of: now), limit: 1000)
        var written = 0
        for count in counts {
            let submission = Submission(
                changes: [SignInChange.reportFailures(count)],
                entry: EntryDraft(
                    kind: .signIn, instant: now, actor: nil,
                    details: [
                        "event": "failures", "account": .string(count.account), "address": .string(count.address),
                        "minute": .string(Instant(seconds: count.minute * 60).description),
                        "count": .integer(count.count - count.reported),
                    ]))
            if case .committed = try await commit(submission) { written += 1 }
        }
        return written
    }

    /// Deletes in steps of at most 1,000 rows, until nothing is left: anyone can begin an interaction, and a fixed number
    /// of deletions a minute could be outrun.
    package func deleteExpired(now: Instant) async throws(RecordsUnavailable) {
        let changes: [any RecordChange] = [
            SignInChange.deleteExpired(before: now - kept, limit: 1000),
            // A day late, so that a code or refresh token that comes back soon after its end is still known as a replay.
            OAuthChange.deleteExpired(before: now - .days(1), limit: 1000),
        ]
        for change in changes {
            while case .committed = try await commit(Submission(changes: [change], entry: nil)) { await Task.yield() }
        }
    }

    private func commit(_ submission: Submission) async throws(RecordsUnavailable) -> CommitOutcome {
        do throws(LaneUnavailable) {
            return try await lane.commit(submission)
        } catch {
            throw RecordsUnavailable(detail: error.detail)
        }
    }
}
