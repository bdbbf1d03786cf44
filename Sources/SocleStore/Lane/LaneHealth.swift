// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import Synchronization

/// What a lane could not do in some time, of which the operator must hear.
package struct LaneFailures: Sendable {
    /// Submissions that could not be made durable: whoever submitted them answered that it is unavailable.
    package fileprivate(set) var unwritten = 0
    /// Checkpoints that could not be written: what is durable is not proven yet.
    package fileprivate(set) var unsigned = 0
    /// What was wrong with the last of them.
    package fileprivate(set) var detail = ""
}

/// How a lane is, as its thread tells it and the server asks.
final class LaneHealth: Sendable {
    private struct State {
        var failures = LaneFailures()
        var isFailing = false
    }

    private let state = Mutex(State())

    /// Whether nothing was written since the last failure.
    var isFailing: Bool { state.withLock { $0.isFailing } }

    func failed(_ detail: String) {
        state.withLock { state in
            state.failures.unwritten += 1
            state.failures.detail = detail
            state.isFailing = true
        }
    }

    func failed(checkpoint error: StoreError) {
        state.withLock { state in
            state.failures.unsigned += 1
            state.failures.detail = error.description
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

    /// Those there were since this was last asked; nil for none.
    func takeFailures() -> LaneFailures? {
        state.withLock { state in
            defer { state.failures = LaneFailures() }
            return state.failures.unwritten + state.failures.unsigned > 0 ? state.failures : nil
        }
    }
}

/// Nothing, written as anything is: the head of the chain moves with it.
struct LaneProbe: StoredChange {
    func apply(on connection: any Connection) throws(StoreError) -> Bool { true }
}
