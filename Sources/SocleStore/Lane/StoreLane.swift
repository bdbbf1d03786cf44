// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
package import SocleAudit
package import SocleCrypto
package import SocleIdentity

/// The commit lane on a store: one thread, one transaction at a time.
///
/// A group is what queued while the group before was committing, and what was ready to submit when it ended: alone, a
/// submission is committed at once; under load, one `fdatasync` serves many. Nobody is answered before the commit.
package final class StoreLane: CommitLane {
    package struct Settings: Sendable {
        /// Submissions in one transaction at most.
        package var groupLimit = 1024
        /// Submissions waiting at most; beyond it they are refused at once.
        package var queueLimit = 8192
        /// Entries are covered by a signed checkpoint at most this long after they are written.
        package var checkpointInterval: Duration = .seconds(60)
        /// How long the outcome of an unanswered COMMIT is looked for before those who wait for it are refused.
        package var recoveryTime: Duration = .seconds(10)

        package init() {}
    }

    /// The chain this process writes.
    package let chain: String
    private let queue: LaneQueue
    private let health: LaneHealth

    private init(chain: String, queue: LaneQueue, health: LaneHealth) {
        self.chain = chain
        self.queue = queue
        self.health = health
    }

    deinit {
        // Without close() the chain ends unclosed, as after a crash; the thread must still end.
        let queue = queue
        Task { await queue.close() }
    }

    /// Opens a chain and starts its thread. The schema must be up to date.
    /// - Throws: when the opening entry cannot be signed or made durable, or the store is not durable.
    package static func open(
        _ database: some WritableDatabase, signer: JournalSigner, random: SecureRandom,
        clock: @escaping @Sendable () -> Instant, settings: Settings = Settings()
    ) async throws(StoreError) -> StoreLane {
        let health = LaneHealth()
        let queue = LaneQueue(bound: settings.queueLimit, health: health)
        let opened = await withCheckedContinuation {
            (waiter: CheckedContinuation<Result<String, StoreError>, Never>) in
            let thread = Thread {
                do throws(StoreError) {
                    try database.assertDurable()
                    let writer = JournalWriter(
                        database: database, signer: signer, random: random, clock: clock, settings: settings)
                    try writer.openChain()
                    waiter.resume(returning: .success(writer.chain.id))
                    StoreLane.run(writer, queue, health, settings)
                } catch {
                    waiter.resume(returning: .failure(error))
                }
                queue.finish()
            }
            thread.name = "commit-lane"
            thread.stackSize = 8 << 20
            thread.start()
        }
        return StoreLane(chain: try opened.get(), queue: queue, health: health)
    }

    package func commit(_ submission: Submission) async throws(LaneUnavailable) -> CommitOutcome {
        try await queue.commit(submission).get()
    }

    /// Whether it takes its turn, and can write: after a failure, by writing.
    package func isWorking() async -> Bool {
        let changes: [any RecordChange] = health.isFailing ? [LaneProbe()] : []
        return (try? await commit(Submission(changes: changes, entry: nil))) != nil
    }

    /// What could not be made durable, or proven, since this was last asked.
    package func takeFailures() -> LaneFailures? { health.takeFailures() }

    /// Commits what waits, then the closing entry and a last checkpoint. Later submissions are refused.
    package func close() async { await queue.close() }

    private static func run(
        _ writer: JournalWriter, _ queue: LaneQueue, _ health: LaneHealth, _ settings: Settings
    ) {
        let interval = Double(settings.checkpointInterval.milliseconds) / 1000
        var due = DispatchTime.now() + interval
        while true {
            switch queue.take(limit: settings.groupLimit, until: due) {
            case .group(let items):
                let outcomes = writer.commit(items.map(\.submission))
                health.note(outcomes, of: items)
                for (item, outcome) in zip(items, outcomes) { item.waiter.resume(returning: outcome) }
            case .idle: break
            case .close:
                do throws(StoreError) { try writer.closeChain() } catch { health.failed(checkpoint: error) }
                return
            }
            if DispatchTime.now() >= due {
                do throws(StoreError) { try writer.checkpoint() } catch { health.failed(checkpoint: error) }
                due = .now() + interval
            }
        }
    }
}
