// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Holds every request to its time budget.
///
/// A request runs in the task of its connection from beginning to end, so that waiting for its handler costs nothing.
/// One sweep a second looks at what is late: a timer for each request would cost more than most requests. What is late
/// is given up by whoever holds the connection, then cancelled. A handler may ignore that (a store that hangs): its client
/// waits for it no longer, and its task lasts as long as it does.
package final class RequestDeadlines: Sendable {
    /// Called at most once, under the lock that every request takes: it must not come back here, nor take long. What it
    /// returns is done after that.
    package typealias Expiry = @Sendable () -> (@Sendable () -> Void)?

    private struct Waiting {
        var deadline: ContinuousClock.Instant
        var expire: Expiry
        var task: RunningTask?
    }

    /// INVARIANT: used under the lock, and only while the task has not taken its own entry away: it runs then.
    private struct RunningTask: @unchecked Sendable {
        let task: UnsafeCurrentTask
    }

    private struct State {
        var next: UInt64 = 0
        var waiting: [UInt64: Waiting] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The work's answer; nil when it came after the budget: `expire` was then called.
    package func within<Answer>(
        _ budget: Duration, expire: @escaping Expiry, _ work: () async -> Answer
    ) async -> Answer? {
        let id = withUnsafeCurrentTask { watch(budget, expire: expire, cancelling: $0.map(RunningTask.init)) }
        let answer = await work()
        return forget(id) ? answer : nil
    }

    /// Calls `expire` after the budget unless forgotten before.
    package func watch(_ budget: Duration, expire: @escaping Expiry) -> UInt64 {
        watch(budget, expire: expire, cancelling: nil)
    }

    private func watch(
        _ budget: Duration, expire: @escaping Expiry, cancelling task: RunningTask?
    ) -> UInt64 {
        let deadline = ContinuousClock.now + budget
        return state.withLock { state in
            state.next += 1
            state.waiting[state.next] = Waiting(deadline: deadline, expire: expire, task: task)
            return state.next
        }
    }

    /// - Returns: false for what has expired.
    @discardableResult
    package func forget(_ id: UInt64) -> Bool {
        state.withLock { $0.waiting.removeValue(forKey: id) } != nil
    }

    /// Ends what is late at that instant.
    package func sweep(now: ContinuousClock.Instant = .now) {
        let afterwards = state.withLock { state in
            var afterwards: [@Sendable () -> Void] = []
            for (id, waiting) in state.waiting where waiting.deadline <= now {
                state.waiting.removeValue(forKey: id)
                if let more = waiting.expire() { afterwards.append(more) }
                waiting.task?.task.cancel()
            }
            return afterwards
        }
        for more in afterwards { more() }
    }
}
