// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Holds every request to its time budget.
///
/// The work is a task of its own, because a task group would wait for work that ignores cancellation (a store that
/// hangs). It begins on the thread that asks, so that work which never has to wait changes no thread. One sweep a second looks at what is late: a timer for each request would cost more than most requests.
package final class RequestDeadlines: Sendable {
    private struct Waiting {
        var deadline: ContinuousClock.Instant
        /// Called at most once, outside the lock.
        var expire: @Sendable () -> Void
    }

    private struct State {
        var next: UInt64 = 0
        var waiting: [UInt64: Waiting] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The work's answer; nil when it did not come within the budget. Late work is cancelled and its answer dropped.
    package func within<Answer: Sendable>(
        _ budget: Duration, _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer? {
        let race = Race<Answer>()
        return await withUnsafeContinuation { continuation in
            race.begin(continuation)
            let id = watch(budget) { race.lose() }
            race.running(
                Task.immediate {
                    let answer = await work()
                    self.forget(id)
                    race.win(answer)
                })
        }
    }

    /// Calls `expire` after the budget unless forgotten before.
    package func watch(_ budget: Duration, expire: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            state.next += 1
            state.waiting[state.next] = Waiting(deadline: .now + budget, expire: expire)
            return state.next
        }
    }

    package func forget(_ id: UInt64) {
        state.withLock { _ = $0.waiting.removeValue(forKey: id) }
    }

    /// Ends what is late at that instant.
    package func sweep(now: ContinuousClock.Instant = .now) {
        let late = state.withLock { state in
            let late = state.waiting.filter { $0.value.deadline <= now }
            for id in late.keys { state.waiting.removeValue(forKey: id) }
            return late.values
        }
        for waiting in late { waiting.expire() }
    }
}

/// One answer or none, whichever comes first.
private final class Race<Answer: Sendable>: Sendable {
    private struct State {
        /// INVARIANT: resumed once, by whoever takes it away.
        var continuation: UnsafeContinuation<Answer?, Never>?
        var task: Task<Void, Never>?
        var lost = false
    }

    private let state = Mutex(State())

    func begin(_ continuation: UnsafeContinuation<Answer?, Never>) {
        state.withLock { $0.continuation = continuation }
    }

    func running(_ task: Task<Void, Never>) {
        let lost = state.withLock { state in
            state.task = task
            return state.lost
        }
        if lost { task.cancel() }
    }

    func win(_ answer: Answer) { take().continuation?.resume(returning: answer) }

    func lose() {
        let (continuation, task) = take(losing: true)
        task?.cancel()
        continuation?.resume(returning: nil)
    }

    private func take(losing: Bool = false) -> (
        continuation: UnsafeContinuation<Answer?, Never>?, task: Task<Void, Never>?
    ) {
        state.withLock { state in
            state.lost = losing
            defer { state.continuation = nil }
            return (state.continuation, state.task)
        }
    }
}
