// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Where this process is delivering at the moment: one at a time to each destination, so that what is queued for it
/// arrives in order.
final class DestinationsUnderWay: Sendable {
    private let state = Mutex((destinations: Set<PushDestination>(), isLooking: false))

    /// One at a time looks what is due: while the store is slow, nobody queues up to ask it again.
    /// - Returns: false while another does.
    func beginLooking() -> Bool {
        state.withLock { state in
            defer { state.isLooking = true }
            return !state.isLooking
        }
    }

    func endLooking() { state.withLock { $0.isLooking = false } }

    func contains(_ destination: PushDestination) -> Bool {
        state.withLock { $0.destinations.contains(destination) }
    }

    func begin(_ destinations: [PushDestination]) {
        state.withLock { $0.destinations.formUnion(destinations) }
    }

    func end(_ destination: PushDestination) { state.withLock { _ = $0.destinations.remove(destination) } }
}
