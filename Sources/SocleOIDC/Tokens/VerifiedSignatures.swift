// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Tokens whose signature was verified, by the digest of their text: a bounded memory in two generations, so that
/// what is asked for often stays and nothing has to be sorted.
final class VerifiedSignatures: Sendable {
    struct Entry: Sendable {
        var claims: AccessTokenClaims
        var keyID: String
    }

    private struct Generations {
        var young: [[UInt8]: Entry] = [:]
        var old: [[UInt8]: Entry] = [:]
    }

    private let generations = Mutex(Generations())
    private let half: Int

    init(limit: Int) { half = max(1, limit / 2) }

    subscript(digest: [UInt8]) -> Entry? {
        generations.withLock { generations in
            if let entry = generations.young[digest] { return entry }
            guard let entry = generations.old.removeValue(forKey: digest) else { return nil }
            insert(entry, digest, into: &generations)
            return entry
        }
    }

    func remember(_ digest: [UInt8], _ entry: Entry) {
        generations.withLock { insert(entry, digest, into: &$0) }
    }

    private func insert(_ entry: Entry, _ digest: [UInt8], into generations: inout Generations) {
        if generations.young.count >= half {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[digest] = entry
    }
}
