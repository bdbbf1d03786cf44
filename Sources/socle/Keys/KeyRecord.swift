// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON

/// One line of the key directory's register: which key, for what, in which state. The key itself is `<id>.pem`.
struct KeyRecord: Equatable, Sendable {
    /// What a key may do. A journal key never signs a token, nor is it published.
    enum Use: String, Sendable {
        case tokens
        case journal
        /// Opens what clients encrypt to this server.
        case encryption
    }

    /// Of each algorithm: one `current` signs; one `next` is published ahead of its turn, so that clients hold it
    /// before they meet it; those `previous` are published until what they signed has expired. Of a key that is
    /// encrypted to only the current one is published, and there is no next: clients use what they find.
    enum State: String, Sendable, CaseIterable {
        case next
        case current
        case previous
    }

    /// The first 16 bytes of the key's RFC 7638 thumbprint, 22 characters: the `kid`.
    var id: String
    /// Of a key that is encrypted to, `ECDH-ES` or `RSA-OAEP-256`: it serves every algorithm of its kind.
    var algorithm: KeyAlgorithm
    var use: Use
    var state: State
    /// When it took that state.
    var since: Instant
}

extension KeyRecord {
    init?(_ json: JSONValue) {
        // The identifier names a file: nothing but base64url characters.
        guard let id = json["id"]?.string, Base64URL.decode(id)?.count == 16,
            let algorithm = json["algorithm"]?.string.flatMap({ KeyAlgorithm(name: $0) }),
            let use = json["use"]?.string.flatMap(Use.init), let state = json["state"]?.string.flatMap(State.init),
            let since = json["since"]?.string.flatMap({ Instant(iso8601: $0) })
        else { return nil }
        switch (use, algorithm) {
        case (.tokens, .signature), (.journal, .signature), (.encryption, .keyManagement): break
        default: return nil
        }
        self.init(id: id, algorithm: algorithm, use: use, state: state, since: since)
    }

    var json: JSONValue {
        [
            "id": .string(id), "algorithm": .string(algorithm.name), "use": .string(use.rawValue),
            "state": .string(state.rawValue), "since": .string(since.description),
        ]
    }
}
