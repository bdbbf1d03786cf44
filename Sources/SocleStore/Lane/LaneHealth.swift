// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import Synchronization

/// What the lane could not make durable: whoever submitted it answers that it is unavailable, and the operator must
/// hear of it.
final class LaneHealth: Sendable {
    private struct State {
        var failures = 0
        var detail = ""
        var isFailing = false
    }

    private let state = Mutex(State())

    /// Whether nothing was written since the last failure.
    var isFailing: Bool { state.withLock { $0.isFailing } }

    func failed(_ detail: String) {
        state.withLock { state in
            state.failures += 1
            state.detail = detail
            state.isFailing = true
        }
    }

    /// One group, once its outcomes are known.
    func note(_ outcomes: [JournalWriter.Outcome], of items: [LaneQueue.Item]) {
        var wrote = false
        for (item, outcome) in zip(items, outcomes) {
            switch outcome {
            case .success(.committed(_)):
                wrote = wrote || item.submission.entry != nil || !item.submission.changes.isEmpty
            case .success: break
            case .failure(let failure): failed(failure.detail)
            }
        }
        if wrote { state.withLock { $0.isFailing = false } }
    }

    /// How many there were since this was last asked, and what was wrong with the last.
    func takeFailures() -> (count: Int, detail: String)? {
        state.withLock { state in
            defer { state.failures = 0 }
            return state.failures > 0 ? (state.failures, state.detail) : nil
        }
    }
}

/// Nothing, written as anything is: the head of the chain moves with it.
struct LaneProbe: StoredChange {
    func apply(on connection: any Connection) throws(StoreError) -> Bool { true }
}
