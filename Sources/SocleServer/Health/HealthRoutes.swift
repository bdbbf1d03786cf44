// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import ServiceLifecycle
import SocleJSON
import Synchronization

/// Whether this node should be sent requests. It says yes only while it serves: not before, and no more once shutdown
/// has begun.
package final class Readiness: Service, Sendable {
    private let serving = Mutex(false)
    private let drain: Duration

    /// - Parameter drain: how long a node that is shutting down still serves, for load balancers to notice.
    package init(drain: Duration = .zero) { self.drain = drain }

    package var isServing: Bool { serving.withLock(\.self) }

    /// Called once connections are accepted.
    package func begin() { serving.withLock { $0 = true } }

    /// Put last in the service group: services stop in reverse order, and this one first.
    package func run() async throws {
        try? await gracefulShutdown()
        serving.withLock { $0 = false }
        try? await Task.sleep(for: drain)
    }
}

/// `/health/live` and `/health/ready`.
package struct HealthRoutes: Sendable {
    /// Something without which no request can be served.
    package struct Check: Sendable {
        package var name: String
        package var passes: @Sendable () async -> Bool

        package init(_ name: String, passes: @escaping @Sendable () async -> Bool) {
            self.name = name
            self.passes = passes
        }
    }

    private let readiness: Readiness
    private let checks: [Check]

    /// - Parameter checks: the store by a read, the lane by its state.
    package init(readiness: Readiness, checks: [Check]) {
        self.readiness = readiness
        self.checks = checks
    }

    package var routes: [Route] {
        [
            // The process answers: no more is claimed, so that a store that is down does not get it killed.
            Route(.get, "/health/live") { _ in .json(["status": "live"]) },
            Route(.get, "/health/ready") { _ in await ready() },
        ]
    }

    /// 200 when serving and every check passes, otherwise 503 with the names of those that do not.
    private func ready() async -> WebResponse {
        guard readiness.isServing else { return .json(["status": "stopping"], status: .serviceUnavailable) }
        var failing: [String] = []
        for check in checks where await !check.passes() { failing.append(check.name) }
        guard failing.isEmpty, readiness.isServing else {
            return .json(["status": "not ready", "failing": JSONValue(failing)], status: .serviceUnavailable)
        }
        return .json(["status": "ready"])
    }
}
