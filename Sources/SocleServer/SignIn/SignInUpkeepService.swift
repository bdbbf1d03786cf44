// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import Logging
import ServiceLifecycle
package import SocleIdentity
package import SocleOIDC

/// Runs the sign-in's periodic work, every half minute, until shutdown.
package struct SignInUpkeepService: Service {
    private let upkeep: SignInUpkeep
    private let clock: @Sendable () -> Instant
    private let logger: Logger

    package init(_ upkeep: SignInUpkeep, clock: @escaping @Sendable () -> Instant, logger: Logger) {
        self.upkeep = upkeep
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(30))) != nil {
                do throws(RecordsUnavailable) {
                    _ = try await upkeep.reportFailures(now: clock())
                    try await upkeep.deleteExpired(now: clock())
                } catch {
                    // Tried again at the next turn: the counters are durable.
                    logger.error("sign-in upkeep failed", metadata: ["detail": "\(error.detail)"])
                }
            }
        }
    }
}
