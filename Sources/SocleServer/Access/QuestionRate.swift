// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
import SocleIdentity
package import SocleJSON
import Synchronization

/// How many questions a second each application may put to this process: one that loops must not take the answers of
/// the others.
///
/// What a call asks is known once it is read, so it is counted then, and the call after it waits: the questions of one
/// call are never split. Up to one second's worth may come at once (a leaky bucket, as GCRA keeps it: one instant an
/// application).
package final class QuestionRate: Sendable {
    package typealias Clock = @Sendable () -> ContinuousClock.Instant

    /// Applications kept before those that owe nothing are dropped.
    private static let kept = 1024

    private let share: Duration
    private let clock: Clock
    /// When what each application asked so far is worked off, at the rate.
    private let settled = Mutex<[String: ContinuousClock.Instant]>([:])

    /// - Parameter perSecond: above zero.
    package init(perSecond: Int, clock: @escaping Clock = { .now }) {
        share = .nanoseconds(1_000_000_000 / Int64(max(1, perSecond)))
        self.clock = clock
    }

    /// nil for an application that may ask now; otherwise how long it has to wait.
    package func wait(of client: String) -> Duration? {
        let now = clock()
        guard let settled = settled.withLock({ $0[client] }), settled > now + .seconds(1) else { return nil }
        return now.duration(to: settled) - .seconds(1)
    }

    package func count(_ questions: Int, of client: String) {
        let now = clock()
        settled.withLock { settled in
            if settled.count >= QuestionRate.kept, settled[client] == nil {
                settled = settled.filter { $0.value > now }
            }
            settled[client] = max(settled[client] ?? now, now) + (questions > 1 ? share * questions : share)
        }
    }

    /// How many decisions a call asks for: its questions with the candidates of each, or the results that a search wants.
    /// Never more than one call is answered: what asks for more is refused, and owes no more than the longest.
    package static func questions(in request: JSONView, _ operation: AccessOperation) -> Int {
        switch operation {
        case .evaluation: min(1 + candidates(in: request), longest)
        case .evaluations:
            min(questions(of: request["evaluations"]?.elements ?? [], sharing: candidates(in: request)), longest)
        case .search: Int(clamping: min(max(request["page"]?["limit"]?.integer ?? 100, 1), 1000))
        }
    }

    private static let longest = 1 + AccessQuestion.Limit.candidates

    /// A question without a resource of its own takes the call's, with its candidates; a call without a list is one.
    private static func questions(of list: [JSONView], sharing candidates: Int) -> Int {
        guard !list.isEmpty else { return 1 + candidates }
        return list.reduce(0) { $0 + 1 + ($1["resource"] == nil ? candidates : QuestionRate.candidates(in: $1)) }
    }

    private static func candidates(in question: JSONView) -> Int {
        question["resource"]?["properties"]?["candidates"]?.elements?.count ?? 0
    }
}
