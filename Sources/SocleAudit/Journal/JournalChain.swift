// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity

/// The chain of one process start: gives each entry its sequence and its hash.
///
/// A value: whoever writes works on a copy and keeps it only once the entries are durable.
package struct JournalChain: Hashable, Sendable {
    package let id: String
    package private(set) var sequence: Int64 = 0
    package private(set) var hash: [UInt8] = JournalHash.origin

    /// - Parameter seed: 16 random bytes.
    package init(seed: [UInt8]) {
        precondition(seed.count == 16, "a chain is named by 16 random bytes")
        id = Base64URL.encode(seed)
    }

    package var head: ChainHead { ChainHead(chain: id, sequence: sequence, hash: hash) }

    package mutating func append(_ draft: EntryDraft, stamp: Stamp, salt: [UInt8]) -> JournalEntry {
        let body = EntryBody.bytes(draft, stamp: stamp, salt: salt)
        let digest = SHA256.digest(body)
        let position = EntryPosition(chain: id, sequence: sequence + 1)
        let next = JournalHash.hash(previous: hash, position: position, instant: draft.instant, digest: digest)
        sequence += 1
        hash = next
        return JournalEntry(
            position: position, instant: draft.instant, kind: draft.kind.rawValue, patient: draft.patient?.value,
            patients: draft.patients.map { IndexedPatient($0.value, at: draft.instant) }, body: body, digest: digest,
            hash: next)
    }
}
