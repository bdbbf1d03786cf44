// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleOIDC
import Testing

@Suite("Back-off on failures · DESIGN 9")
struct FailureBackOffTests {
    let now = Instant(seconds: 1_793_610_000)
    let backOff = FailureBackOff()

    func tally(_ count: Int64, ago: Duration = .zero) -> RecentFailures.Tally { .init(count: count, last: now - ago) }

    @Test("the first failures of a pair cost nothing, then each doubles the wait up to the longest") func doubling() {
        let waits = [4, 5, 6, 7, 11, 12, 1000].map { backOff.wait(after: RecentFailures(pair: tally($0)), at: now) }
        #expect(waits == [nil, .seconds(5), .seconds(10), .seconds(20), .minutes(5), .minutes(5), .minutes(5)])
    }

    @Test("a wait is over when its time has passed since the last failure, not since the first") func over() {
        #expect(backOff.wait(after: RecentFailures(pair: tally(5, ago: .seconds(4))), at: now) == .seconds(1))
        #expect(backOff.wait(after: RecentFailures(pair: tally(5, ago: .seconds(5))), at: now) == nil)
    }

    @Test("an account attacked from everywhere is slowed later, an address shared by a hospital last") func thresholds()
    {
        #expect(backOff.wait(after: RecentFailures(account: tally(19)), at: now) == nil)
        #expect(backOff.wait(after: RecentFailures(account: tally(20)), at: now) == .seconds(5))
        #expect(backOff.wait(after: RecentFailures(address: tally(99)), at: now) == nil)
        #expect(backOff.wait(after: RecentFailures(address: tally(100)), at: now) == .seconds(5))
    }

    @Test("the longest of the three waits holds") func longest() {
        let failures = RecentFailures(pair: tally(5), account: tally(22), address: tally(3))
        #expect(backOff.wait(after: failures, at: now) == .seconds(20))
    }
}

@Suite("Logins")
struct LoginTests {
    @Test("case and surrounding space are the keyboard's affair") func spelling() {
        #expect(Login(" Marie.DURAND@ch-meaux.example\t")?.value == "marie.durand@ch-meaux.example")
    }

    @Test(
        "what is no plain ASCII login is nobody's",
        arguments: [
            "", " ", "a b", "mаrie", "marie\u{0}", "marié", "ﬀ", "*", "marie)(uid=*", "\u{200B}marie", "Ｍarie",
            String(repeating: "a", count: 129),
        ])
    func refused(text: String) { #expect(Login(text) == nil) }

    @Test("what is typed for an unknown account does not show in its key") func unknown() {
        let key = UnknownAccount.key("my password")
        #expect(key.count == "unknown:".count + 6 && !key.contains("password"))
        #expect(key == UnknownAccount.key("my password") && key != UnknownAccount.key("my passwore"))
    }
}
