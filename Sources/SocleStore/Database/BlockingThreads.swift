// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import Foundation
import Synchronization

/// The one route by which blocking store calls leave the cooperative threads.
///
/// A fixed number of threads, each owning one resource (a connection) made on that thread. Jobs wait in one bounded
/// queue; beyond the bound a caller is refused at once instead of piling up behind a store that does not answer.
final class BlockingThreads<Resource>: Sendable {
    private let core: Core

    init(name: String, count: Int, bound: Int = 4096) {
        core = Core(bound: bound)
        for index in 1...count {
            let thread = Thread { [core] in core.work() }
            thread.name = "\(name)-\(index)"
            thread.stackSize = 1 << 20
            thread.start()
        }
        self.count = count
    }

    private let count: Int

    deinit { core.stop(waking: count) }

    /// Runs the body on one of the threads. The resource is nil until a body has made it, and after one dropped it.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (inout Resource?) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { (waiter: CheckedContinuation<Result<Value, StoreError>, Never>) in
            let accepted = core.submit { resource in
                do throws(StoreError) {
                    waiter.resume(returning: .success(try body(&resource)))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
            if !accepted {
                waiter.resume(returning: .failure(StoreError(.unavailable, "too many reads are waiting")))
            }
        }
        return try result.get()
    }

    private final class Core: Sendable {
        private struct State {
            var jobs: [@Sendable (inout Resource?) -> Void] = []
            var next = 0
            var stopped = false
        }
        private let state = Mutex(State())
        private let wake = DispatchSemaphore(value: 0)
        private let bound: Int

        init(bound: Int) { self.bound = bound }

        func submit(_ job: @escaping @Sendable (inout Resource?) -> Void) -> Bool {
            let accepted = state.withLock { state in
                guard !state.stopped, state.jobs.count - state.next < bound else { return false }
                state.jobs.append(job)
                return true
            }
            if accepted { wake.signal() }
            return accepted
        }

        func stop(waking count: Int) {
            state.withLock { $0.stopped = true }
            for _ in 0..<count { wake.signal() }
        }

        func work() {
            var resource: Resource?
            while true {
                wake.wait()
                let (job, stopped) = state.withLock { state -> ((@Sendable (inout Resource?) -> Void)?, Bool) in
                    guard state.next < state.jobs.count else { return (nil, state.stopped) }
                    let job = state.jobs[state.next]
                    state.next += 1
                    if state.next == state.jobs.count {
                        state.jobs.removeAll(keepingCapacity: true)
                        state.next = 0
                    }
                    return (job, false)
                }
                if let job { job(&resource) } else if stopped { return }
            }
        }
    }
}
