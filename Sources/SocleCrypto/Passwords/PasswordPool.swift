// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Password hashing off the cooperative threads, with admission control: `threads` hashes at once, `capacity` waiting,
/// and beyond that nil, which a caller answers with "try again" and never with a right or a wrong.
package final class PasswordPool: Sendable {
    private let pool: BlockingPool
    private let parameters: PasswordHash.Parameters
    private let random: SecureRandom
    /// The hash of a password nobody knows, made once with the current parameters.
    private let decoy: String

    /// - Parameter capacity: 64 waiting on two threads is about a second and a half of work.
    package init(
        threads: Int = 2, capacity: Int = 64, parameters: PasswordHash.Parameters = .standard,
        random: SecureRandom = .system
    ) {
        pool = BlockingPool(threads: threads, capacity: capacity)
        self.parameters = parameters
        self.random = random
        decoy = PHCString(parameters: parameters, salt: random.bytes(16), hash: random.bytes(32)).text
    }

    /// nil when the queue is full.
    package func verify(_ password: String, against phc: String) async -> Bool? {
        await pool.run { PasswordHash.verify(password, phc) }
    }

    /// For an account that does not exist, or is disabled: the cost of a wrong password, always false.
    package func verifyAgainstNothing(_ password: String) async -> Bool? {
        // The decoy is drawn at random: no password has it, whatever the caller tries.
        await verify(password, against: decoy).map { _ in false }
    }

    /// The PHC string of a new password; nil when the queue is full.
    package func hash(_ password: String) async -> String? {
        await pool.run { [parameters, random] in
            PasswordHash.make(password, parameters: parameters, random: random)
        }
    }

    /// How much waits now, for the operator's metrics.
    package var waiting: Int { pool.waiting }
}
