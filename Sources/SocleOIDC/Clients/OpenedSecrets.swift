// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import Synchronization

/// The digests of client secrets already opened, by client and sealed text: a secret changed is sealed to another text,
/// so that nothing kept here outlives its secret, and a text moved to another client opens no more than before.
/// Bounded; emptied when it is full.
final class OpenedSecrets: Sendable {
    private struct Sealed: Hashable {
        var client: String
        var text: [UInt8]
    }

    private let digests = Mutex<[Sealed: [UInt8]]>([:])
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The SHA-256 of the client's secret; nil when it does not open.
    func digest(_ client: String, sealed text: [UInt8], opening open: () -> [UInt8]?) -> [UInt8]? {
        let key = Sealed(client: client, text: text)
        if let known = digests.withLock({ $0[key] }) { return known }
        guard let secret = open() else { return nil }
        let digest = SHA256.digest(secret)
        digests.withLock { digests in
            if digests.count >= limit { digests = [:] }
            digests[key] = digest
        }
        return digest
    }
}
