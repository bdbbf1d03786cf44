// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJSON

/// One chain, walked entry by entry up to its first fault.
struct ChainWalk: Sendable {
    let chain: String
    private(set) var fault: JournalFault?
    private(set) var closed = false

    /// The furthest a signed statement says this chain went.
    private let claim: ChainHead?
    /// Bodies of that instant and later must be there.
    private let kept: Instant
    private var sequence: Int64 = 0
    private var hash = JournalHash.origin

    init(_ chain: String, claim: ChainHead?, bodiesSince kept: Instant) {
        self.chain = chain
        self.claim = claim
        self.kept = kept
    }

    mutating func add(_ entry: JournalEntry, verify: JournalSigner.Verification) {
        guard fault == nil else { return }
        fault = check(entry, verify: verify).map { JournalFault(.entry($0.position), $0.kind) }
        sequence = entry.position.sequence
        hash = entry.hash
        if ChainEvent.isClosing(entry) { closed = true }
    }

    mutating func finish() {
        guard fault == nil, let claim, claim.sequence > sequence else { return }
        fault = JournalFault(.entry(EntryPosition(chain: chain, sequence: sequence + 1)), .tailMissing)
    }

    private func check(
        _ entry: JournalEntry, verify: JournalSigner.Verification
    ) -> (position: EntryPosition, kind: JournalFault.Kind)? {
        let position = entry.position
        if position.sequence != sequence + 1 {
            let isPast = position.sequence <= sequence
            // A number from before the beginning stands where the first entry should.
            return isPast
                ? (position, .numberTwice) : (EntryPosition(chain: chain, sequence: sequence + 1), .missing)
        }
        if closed { return (position, .afterClosing) }
        if entry.digest.count != 32 || entry.hash.count != 32 { return (position, .hashMismatch) }
        if let body = entry.body {
            if SHA256.digest(body) != entry.digest { return (position, .bodyChanged) }
            guard let object = EntryBody.object(body) else { return (position, .bodyUnreadable) }
            if object["kind"]?.string != entry.kind || object["patient"]?.string != entry.patient {
                return (position, .columnChanged)
            }
            if Set(object["patients"]?.strings ?? []) != Set(entry.patients.map(\.patient)) {
                return (position, .columnChanged)
            }
        }
        // One that stood elsewhere in time would be passed over by whoever reads that patient's entries of a period.
        if entry.patients.contains(where: { $0.instant != entry.instant }) { return (position, .columnChanged) }
        let expected = JournalHash.hash(
            previous: hash, position: position, instant: entry.instant, digest: entry.digest)
        if expected != entry.hash { return (position, .hashMismatch) }
        if sequence == 0, ChainEvent.opening(entry, verify: verify) == nil { return (position, .openingNotSigned) }
        if let claim, claim.sequence == position.sequence, claim.hash != entry.hash {
            return (position, .contradictsStatement)
        }
        if entry.body == nil, entry.instant >= kept { return (position, .bodyErased) }
        return nil
    }
}
