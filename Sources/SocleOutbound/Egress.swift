// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CCurl
import SocleCrypto

/// Makes the calls: each on a blocking thread, with a connection of its own.
///
/// A name is resolved once, and each address it stands for is checked where its socket is about to be opened, so that
/// what was checked is what is connected to (no second resolution to answer differently). No redirect is followed, no
/// proxy of the environment is used, and neither size nor time is the other side's choice.
package struct Egress: Sendable {
    private let policy: OutboundPolicy
    private let pool: BlockingPool

    /// - Parameters:
    ///   - threads: how many calls are made at once; as many again times sixteen may wait.
    package init(policy: OutboundPolicy = OutboundPolicy(), threads: Int = 4) {
        self.policy = policy
        pool = BlockingPool(threads: threads, capacity: threads * 16)
        Self.library
    }

    /// The library is prepared once for the process, before any thread uses it.
    private static let library: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    package func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        let policy = policy
        guard let result = await pool.run({ Transfer.perform(request, policy: policy) }) else { throw .busy }
        return try result.get()
    }
}
