// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// How long failures keep an account or an address waiting. Pure; what is counted is durable and shared by all nodes.
///
/// A hospital is one address: an address alone is slowed much later than one account from one address. While waiting
/// nothing is tried, so nothing more is counted: an attacker cannot hold an account locked by insisting.
package struct FailureBackOff: Hashable, Sendable {
    /// Failures without any wait.
    package var freePair: Int64
    package var freeAccount: Int64
    package var freeAddress: Int64
    /// The wait after the first failure too many; doubled by each further one.
    package var first: Duration
    package var longest: Duration
    /// Failures older than that are forgotten.
    package var window: Duration

    package init(
        freePair: Int64 = 5, freeAccount: Int64 = 20, freeAddress: Int64 = 100, first: Duration = .seconds(5),
        longest: Duration = .minutes(5), window: Duration = .minutes(15)
    ) {
        self.freePair = freePair
        self.freeAccount = freeAccount
        self.freeAddress = freeAddress
        self.first = first
        self.longest = longest
        self.window = window
    }

    /// How long to wait from now; nil when an attempt may be made.
    package func wait(after failures: RecentFailures, at now: Instant) -> Duration? {
        let waits = [
            wait(failures.pair, free: freePair, at: now), wait(failures.account, free: freeAccount, at: now),
            wait(failures.address, free: freeAddress, at: now),
        ]
        return waits.compactMap(\.self).max()
    }

    /// What an attempt waits for others under way, which may all fail.
    func wait(pair: Int64, account: Int64, address: Int64, others: AttemptsUnderWay.Tally) -> Duration? {
        func mayBeTooMany(_ count: Int64, _ others: Int, free: Int64) -> Bool {
            others > 0 && count + Int64(others) >= free
        }
        return mayBeTooMany(pair, others.pair, free: freePair)
            || mayBeTooMany(account, others.account, free: freeAccount)
            || mayBeTooMany(address, others.address, free: freeAddress) ? first : nil
    }

    private func wait(_ tally: RecentFailures.Tally, free: Int64, at now: Instant) -> Duration? {
        guard tally.count >= free, let last = tally.last else { return nil }
        // Sixteen doublings of any wait are past every limit, and the shift cannot overflow.
        let doublings = min(tally.count - free, 16)
        let wait = min(first * (1 << Int(doublings)), longest)
        let until = last + wait
        return now < until ? until - now : nil
    }
}
