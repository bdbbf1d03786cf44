// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import Logging
import ServiceLifecycle
package import SocleAccess

/// Delivers change events every two seconds, until shutdown.
package struct EventDeliveryService: Service {
    private let delivery: EventDelivery
    private let logger: Logger

    package init(_ delivery: EventDelivery, logger: Logger) {
        self.delivery = delivery
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(2))) != nil {
                do throws(RecordsUnavailable) {
                    for failure in try await delivery.deliverDue().failures {
                        logger.warning("a change event was not delivered", metadata: ["detail": "\(failure)"])
                    }
                } catch {
                    // Tried again at the next turn: the queue is durable.
                    logger.error("change events cannot be delivered", metadata: ["detail": "\(error.detail)"])
                }
            }
        }
    }
}
