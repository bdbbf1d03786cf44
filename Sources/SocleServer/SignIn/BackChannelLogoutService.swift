// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import Logging
import ServiceLifecycle
package import SocleIdentity
package import SocleOIDC

/// Delivers what the queue of ended sessions holds, each second, until shutdown. One look by index when it is empty.
package struct BackChannelLogoutService: Service {
    private let logout: BackChannelLogout
    private let clock: @Sendable () -> Instant
    private let logger: Logger

    package init(_ logout: BackChannelLogout, clock: @escaping @Sendable () -> Instant, logger: Logger) {
        self.logout = logout
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                do throws(RecordsUnavailable) {
                    // A full batch may not be all: the next follows at once.
                    while try await logout.deliverDue(now: clock()) == 32 {}
                } catch {
                    logger.error("back-channel logout failed", metadata: ["detail": "\(error.detail)"])
                }
            }
        }
    }
}
