// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// To whom this process is delivering at the moment: one at a time to each, so that what is queued for them arrives in
/// order, wherever they want it meanwhile.
final class DestinationsUnderWay: Sendable {
    private struct Recipient: Hashable {
        var queue: PushDestination.Queue
        var client: String

        init(_ destination: PushDestination) { (queue, client) = (destination.queue, destination.client) }
    }

    private let state = Mutex((recipients: Set<Recipient>(), isLooking: false))

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
        state.withLock { $0.recipients.contains(Recipient(destination)) }
    }

    func begin(_ destinations: [PushDestination]) {
        state.withLock { $0.recipients.formUnion(destinations.map { Recipient($0) }) }
    }

    func end(_ destination: PushDestination) { state.withLock { _ = $0.recipients.remove(Recipient(destination)) } }
}
