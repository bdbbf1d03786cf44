// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import Logging
import ServiceLifecycle

/// Work done again and again until shutdown: upkeep, and the delivery of what is queued in the store.
///
/// A turn that fails is logged and tried again at the next: what it works through is durable.
package struct PeriodicService: Service {
    private let name: String
    private let pause: Duration
    private let overlaps: Bool
    private let logger: Logger
    private let turn: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - pause: between the end of a turn and the next.
    ///   - overlaps: whether the next begins all the same while a turn lasts. Turns then leave alone what another is
    ///     working through, so that they are few.
    package init(
        _ name: String, every pause: Duration, overlapping overlaps: Bool = false, logger: Logger,
        turn: @escaping @Sendable () async throws -> Void
    ) {
        self.name = name
        self.pause = pause
        self.overlaps = overlaps
        self.logger = logger
        self.turn = turn
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { turns in
                while (try? await Task.sleep(for: pause)) != nil {
                    guard overlaps else {
                        await once()
                        continue
                    }
                    turns.addTask { await once() }
                }
            }
        }
    }

    private func once() async {
        do { try await turn() } catch {
            logger.error("\(name) failed", metadata: ["detail": "\(error)"])
        }
    }
}
