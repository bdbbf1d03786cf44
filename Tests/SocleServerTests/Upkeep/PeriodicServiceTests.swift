// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Logging
import SocleServer
import Synchronization
import Testing

@Suite("Work done again and again")
struct PeriodicServiceTests {
    /// How many turns begin while the first one lasts.
    private func turnsBegun(overlapping: Bool) async throws -> Int {
        let begun = Mutex(0)
        let counter = { @Sendable in
            begun.withLock { count in
                count += 1
                return count
            }
        }
        let service = PeriodicService(
            "test", every: .milliseconds(1), overlapping: overlapping,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) {
            if counter() == 1 { try await Task.sleep(for: .seconds(86_400)) }
        }
        let task = Task { try await service.run() }
        for _ in 0..<100 where begun.withLock({ $0 }) < 3 { try await Task.sleep(for: .milliseconds(5)) }
        // Cancelled, it ends at once, and the turn that lasts with it.
        task.cancel()
        try await task.value
        return begun.withLock { $0 }
    }

    @Test("a turn waits for the one before, unless turns overlap; all end with the service") func turns() async throws {
        #expect(try await turnsBegun(overlapping: false) == 1)
        #expect(try await turnsBegun(overlapping: true) >= 3)
    }
}
