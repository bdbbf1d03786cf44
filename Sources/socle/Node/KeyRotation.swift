// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Logging
import ServiceLifecycle
import SocleAudit
import SocleIdentity
import SocleJOSE
import SocleJSON

/// Turns the keys by schedule while serving. Each turn is journalled before the files change; of several servers on
/// one folder the first does it, under the folder's lock, and the others find it done.
struct KeyRotation: Service {
    let installation: Installation
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                do throws(CommandFailure) { try await turn() } catch {
                    // Tried again at the next look: the present keys go on signing.
                    logger.error("signing keys cannot be rotated", metadata: ["detail": "\(error)"])
                }
            } while (try? await Task.sleep(for: .seconds(60))) != nil
        }
    }

    /// One look: nothing most of the time.
    func turn() async throws(CommandFailure) {
        let period = installation.configuration.keys.rotation
        let due = installation.keys.due(after: period)
        guard !due.isEmpty else { return }
        try await installation.commit(
            [],
            EntryDraft(
                kind: .keyUse, instant: installation.clock(), actor: "schedule",
                details: ["event": "keys_rotated", "algorithms": JSONValue(due.map(\.name))]),
            refusal: "the rotation cannot be journalled")
        try await installation.keys.rotateDue(after: period)
        logger.info("signing keys rotated", metadata: ["algorithms": "\(due.map(\.name).joined(separator: " "))"])
    }
}
