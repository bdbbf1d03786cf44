// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Glibc

/// The marked route off the cooperative threads: a few threads of its own and a bounded queue.
///
/// Work that blocks or burns (password hashing, RSA generation) runs here, so that a flood of it waits in this queue
/// and nowhere else; beyond the queue it is refused at once.
package final class BlockingPool: Sendable {
    private let queue: WorkQueue

    /// - Parameters:
    ///   - threads: how much runs at once.
    ///   - capacity: how much may wait.
    package init(threads: Int, capacity: Int) {
        precondition(threads > 0 && capacity > 0, "a pool needs a thread and a place in its queue")
        queue = WorkQueue(capacity: capacity)
        for _ in 0..<threads { queue.startThread() }
    }

    deinit { queue.close() }

    /// The work's result; nil, at once, when the queue is full.
    package func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result? {
        await withCheckedContinuation { continuation in
            let admitted = queue.add { continuation.resume(returning: work()) }
            if !admitted { continuation.resume(returning: nil) }
        }
    }

    /// How much waits now, for the operator's metrics.
    package var waiting: Int { queue.count }
}

/// INVARIANT: `pending` and `isOpen` are read and written under `mutex` only; the two POSIX objects keep their
/// address from init to deinit, and deinit comes after the last thread has ended, since each holds the queue.
private final class WorkQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let capacity: Int
    private var pending: [@Sendable () -> Void] = []
    private var isOpen = true

    init(capacity: Int) {
        self.capacity = capacity
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wakeUp, nil)
    }

    deinit {
        pthread_cond_destroy(wakeUp)
        pthread_mutex_destroy(mutex)
        wakeUp.deallocate()
        mutex.deallocate()
    }

    var count: Int { locked { pending.count } }

    func add(_ work: @escaping @Sendable () -> Void) -> Bool {
        locked {
            guard pending.count < capacity else { return false }
            pending.append(work)
            pthread_cond_signal(wakeUp)
            return true
        }
    }

    /// Threads end once what was admitted is done.
    func close() {
        locked {
            isOpen = false
            pthread_cond_broadcast(wakeUp)
        }
    }

    func startThread() {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<WorkQueue>.fromOpaque(argument).takeRetainedValue().drain() }
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard status == 0 else { fatalError("the system refuses a thread") }
        pthread_detach(thread)
    }

    private func drain() {
        while let work = next() { work() }
    }

    private func next() -> (@Sendable () -> Void)? {
        locked {
            while pending.isEmpty && isOpen { pthread_cond_wait(wakeUp, mutex) }
            return pending.isEmpty ? nil : pending.removeFirst()
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
