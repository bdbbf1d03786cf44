// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJOSE
import Synchronization

/// The public keys of clients: registered with them, or fetched from their `jwks_uri` and kept for a while.
package final class ClientKeys: Sendable {
    private struct Fetched {
        var set: JWKSet
        var at: Instant
    }

    private let fetch: OutboundFetch
    private let fetched = Mutex<[String: Fetched]>([:])

    /// How long a fetched set is good for.
    private static let kept = Duration.minutes(10)
    /// How soon it is fetched again for a key it does not hold: a client that rotates is believed within that time, and
    /// a stranger who makes keys up cannot have the client called more often (OpenID Connect Core §10.1.1).
    private static let earliest = Duration.seconds(15)
    private static let limit = 1000

    package init(fetch: OutboundFetch) { self.fetch = fetch }

    /// - Parameter keyID: the `kid` looked for, for which a set is fetched again.
    /// - Returns: nil when the client has no key, or it cannot be had.
    package func keys(of client: Client, for keyID: String?, now: Instant) async -> JWKSet? {
        if let keys = client.metadata.keys { return try? JWKSet(keys) }
        guard let uri = client.metadata.keysURI else { return nil }
        if let known = fetched.withLock({ $0[uri] }), now < known.at + Self.kept {
            let holds = keyID.map { id in known.set.keys.contains { $0.keyID == id } } ?? true
            if holds || now < known.at + Self.earliest { return known.set }
        }
        guard let bytes = try? await fetch.document(uri), let set = try? JWKSet(parsing: bytes) else { return nil }
        fetched.withLock { fetched in
            if fetched.count >= Self.limit { fetched.removeAll() }
            fetched[uri] = Fetched(set: set, at: now)
        }
        return set
    }
}
