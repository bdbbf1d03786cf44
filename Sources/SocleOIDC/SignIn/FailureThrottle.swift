// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleCrypto
package import SocleIdentity

/// Back-off on failures, for sign-in and for client authentication alike.
package protocol FailureThrottle: Sendable {
    /// How long this account from this address must wait; nil when an attempt may be made.
    func wait(account: String, address: String, at now: Instant) async throws(RecordsUnavailable) -> Duration?
    /// Counts one failure. A count that cannot be written is thrown: nothing may be tried unlimited.
    func failed(account: String, address: String, at now: Instant) async throws(RecordsUnavailable)

    /// As `wait`, for an attempt that takes time: those under way are taken for failures, so that guesses sent at the
    /// same moment are counted as guesses sent one after the other. Each call is followed by one of `end`.
    func begin(account: String, address: String, at now: Instant) async throws(RecordsUnavailable) -> Duration?
    /// After the failure was counted, where there was one.
    func end(account: String, address: String)
}

/// The throttle over durable counters: a restart forgives nothing, and every node sees the same counts.
package struct StoredFailureThrottle: FailureThrottle {
    private let records: any FailureRecords
    private let lane: any CommitLane
    private let backOff: FailureBackOff
    private let underWay = AttemptsUnderWay()

    package init(records: any FailureRecords, lane: any CommitLane, backOff: FailureBackOff = FailureBackOff()) {
        self.records = records
        self.lane = lane
        self.backOff = backOff
    }

    package func wait(
        account: String, address: String, at now: Instant
    ) async throws(RecordsUnavailable) -> Duration? {
        let recent = try await records.recent(account: account, address: address, since: now - backOff.window)
        return backOff.wait(after: recent, at: now)
    }

    package func begin(
        account: String, address: String, at now: Instant
    ) async throws(RecordsUnavailable) -> Duration? {
        // In this order: an attempt that ended before it was looked for has its failure in the records.
        let others = underWay.enter(account: account, address: address)
        let recent = try await records.recent(account: account, address: address, since: now - backOff.window)
        return backOff.wait(after: recent, at: now)
            ?? backOff.wait(
                pair: recent.pair.count, account: recent.account.count, address: recent.address.count, others: others)
    }

    package func end(account: String, address: String) { underWay.leave(account: account, address: address) }

    package func failed(account: String, address: String, at now: Instant) async throws(RecordsUnavailable) {
        let count = FailureCount(
            account: account, address: address, minute: FailureCount.minute(of: now), count: 1, last: now)
        do throws(LaneUnavailable) {
            _ = try await lane.commit(Submission(changes: [SignInChange.countFailure(count)], entry: nil))
        } catch {
            throw RecordsUnavailable(detail: error.detail)
        }
    }
}

/// Under which name failures are counted when what was typed is nobody's login: a short digest, too short to find
/// back what was typed (people type passwords there) and long enough to slow who insists.
package enum UnknownAccount {
    package static func key(_ typed: String) -> String {
        "unknown:" + Hex.encode(SHA256.digest(Array("socle unknown login:\(typed)".utf8)).prefix(3))
    }
}
