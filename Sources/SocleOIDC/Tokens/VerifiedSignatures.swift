// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Tokens whose signature was verified, by the digest of their text: a bounded memory in two generations, so that
/// what is asked for often stays and nothing has to be sorted.
final class VerifiedSignatures: Sendable {
    /// A class, so that what is found is shared and not copied.
    final class Entry: Sendable {
        let claims: AccessTokenClaims
        let keyID: String

        init(claims: AccessTokenClaims, keyID: String) {
            self.claims = claims
            self.keyID = keyID
        }
    }

    /// A digest is random: a few of its bytes are as good a hash as all of them, one by one.
    struct Key: Hashable {
        let digest: [UInt8]

        func hash(into hasher: inout Hasher) {
            hasher.combine(digest.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
        }
    }

    private struct Generations {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
    }

    private let generations = Mutex(Generations())
    private let half: Int

    init(limit: Int) { half = max(1, limit / 2) }

    subscript(digest: [UInt8]) -> Entry? {
        let digest = Key(digest: digest)
        return generations.withLock { generations in
            if let entry = generations.young[digest] { return entry }
            guard let entry = generations.old.removeValue(forKey: digest) else { return nil }
            insert(entry, digest, into: &generations)
            return entry
        }
    }

    func remember(_ digest: [UInt8], _ entry: Entry) {
        generations.withLock { insert(entry, Key(digest: digest), into: &$0) }
    }

    private func insert(_ entry: Entry, _ digest: Key, into generations: inout Generations) {
        if generations.young.count >= half {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[digest] = entry
    }
}
