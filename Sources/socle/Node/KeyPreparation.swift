// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Logging
import ServiceLifecycle

/// Makes the RSA key while the server already listens: it takes up to a second, and nobody needs it yet.
struct KeyPreparation: Service {
    let keys: KeyDirectory
    let logger: Logger

    func run() async throws {
        do { try await keys.prepare() } catch {
            logger.error("signing keys cannot be made", metadata: ["detail": "\(error)"])
        }
        try? await gracefulShutdown()
    }
}
