// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Dispatch
import SocleAudit
import Synchronization

/// What waits for the lane: a bounded queue between the tasks that submit and the one thread that commits.
final class LaneQueue: Sendable {
    struct Item: Sendable {
        let submission: Submission
        /// INVARIANT: resumed once, by the lane for what it took and by `finish` for what it left.
        let waiter: UnsafeContinuation<Result<CommitOutcome, LaneUnavailable>, Never>
    }

    private struct State {
        var waiting: [Item] = []
        var sleeping = false
        var closing = false
        var closed = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let bound: Int
    private let health: LaneHealth

    init(bound: Int, health: LaneHealth) {
        self.bound = bound
        self.health = health
    }

    func commit(_ submission: Submission) async -> Result<CommitOutcome, LaneUnavailable> {
        await withUnsafeContinuation { waiter in
            let (refusal, asleep) = state.withLock { state -> (String?, Bool) in
                if state.closing { return ("the lane is closed", false) }
                if state.waiting.count >= bound { return ("too many submissions are waiting", false) }
                state.waiting.append(Item(submission: submission, waiter: waiter))
                defer { state.sleeping = false }
                return (nil, state.sleeping)
            }
            if asleep { summon() }
            if let refusal {
                health.failed(refusal)
                waiter.resume(returning: .failure(LaneUnavailable(detail: refusal)))
            }
        }
    }

    /// Refuses what comes from now on, and returns once the lane has written what was waiting and its closing entry.
    func close() async {
        await withCheckedContinuation { closer in
            let (done, asleep) = state.withLock { state -> (Bool, Bool) in
                if state.closed { return (true, false) }
                state.closing = true
                state.closers.append(closer)
                defer { state.sleeping = false }
                return (false, state.sleeping)
            }
            if asleep { summon() }
            if done { closer.resume() }
        }
    }

    enum Turn {
        case group([Item])
        case idle
        case close
    }

    /// All that waits, up to the limit; blocks until there is something, the queue closes, or the time is over.
    func take(limit: Int, until deadline: DispatchTime) -> Turn {
        while true {
            let isAwaited = state.withLock { state in
                state.sleeping = state.waiting.isEmpty && !state.closing
                return !state.sleeping
            }
            if isAwaited { summon() }
            if wake.wait(timeout: deadline) == .timedOut {
                // A summons given in between only makes the next wait return at once.
                state.withLock { $0.sleeping = false }
                return .idle
            }
            let turn = state.withLock { state -> Turn? in
                if state.waiting.isEmpty { return state.closing ? .close : nil }
                if state.waiting.count <= limit {
                    let group = state.waiting
                    state.waiting = []
                    // The next group is about as large.
                    state.waiting.reserveCapacity(group.count)
                    return .group(group)
                }
                let group = Array(state.waiting.prefix(limit))
                state.waiting.removeFirst(limit)
                return .group(group)
            }
            if let turn { return turn }
        }
    }

    /// Wakes the lane, behind the tasks that are ready to run by now: those about to submit come along in one group, and
    /// the lane takes no processor from them (docs/decisions/0023-hot-paths.md).
    private func summon() { Task { wake.signal() } }

    /// The lane has ended: nobody is left waiting.
    func finish() {
        let (items, closers) = state.withLock { state in
            state.closing = true
            state.closed = true
            defer {
                state.waiting = []
                state.closers = []
            }
            return (state.waiting, state.closers)
        }
        for item in items {
            item.waiter.resume(returning: .failure(LaneUnavailable(detail: "the lane is closed")))
        }
        for closer in closers { closer.resume() }
    }
}
