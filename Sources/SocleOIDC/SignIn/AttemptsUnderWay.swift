// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Attempts whose outcome this node does not know yet. A failure is counted once it is known: without these, a
/// thousand guesses sent at the same moment would each find the count of before the first.
final class AttemptsUnderWay: Sendable {
    struct Tally: Hashable {
        var pair = 0
        var account = 0
        var address = 0
    }

    private enum Key: Hashable {
        case pair(account: String, address: String)
        case account(String)
        case address(String)
    }

    private let counts = Mutex<[Key: Int]>([:])

    /// Enters one attempt.
    /// - Returns: the others under way.
    func enter(account: String, address: String) -> Tally {
        counts.withLock { counts in
            func others(_ key: Key) -> Int {
                let others = counts[key, default: 0]
                counts[key] = others + 1
                return others
            }
            return Tally(
                pair: others(.pair(account: account, address: address)), account: others(.account(account)),
                address: others(.address(address)))
        }
    }

    func leave(account: String, address: String) {
        counts.withLock { counts in
            for key in [Key.pair(account: account, address: address), .account(account), .address(address)] {
                let left = counts[key, default: 0] - 1
                counts[key] = left > 0 ? left : nil
            }
        }
    }
}
