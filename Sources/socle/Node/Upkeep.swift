// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Logging
import ServiceLifecycle
import SocleAudit
import SocleIdentity
import SocleOIDC

/// Deletes, each minute, codes, grants and tokens that have long expired: at most 1,000 of each kind at a time.
struct GrantExpiry: Service {
    let lane: any CommitLane
    let clock: @Sendable () -> Instant
    let logger: Logger

    /// A replayed code or refresh token must still be known for what it was, to revoke what its first use issued.
    static let kept: Duration = .days(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(60))) != nil {
                let change = OAuthChange.deleteExpired(before: clock() - Self.kept, limit: 1000)
                do {
                    _ = try await lane.commit(Submission(changes: [change], entry: nil))
                } catch {
                    logger.error("expired grants are not deleted", metadata: ["detail": "\(error)"])
                }
            }
        }
    }
}

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
