// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Verifies a journal from a stream of its rows; pure, and bounded in memory by the number of chains.
///
/// Three passes, in this order: every checkpoint by number, the first entry of every chain, then every entry by
/// (chain, sequence). Statements are read before entries, so that on a journal that is being written every statement
/// read must be borne out by the entries read after it.
package struct JournalVerifier: Sendable {
    package static let faultLimit = 100

    private let verify: JournalSigner.Verification
    private let outside: SignedCheckpoint?
    private let retention: JournalRetention
    private let kept: Instant

    /// Where signed statements say each chain stood: the furthest of them.
    private var claims: [String: ChainHead] = [:]
    private var faults: [JournalFault] = []

    private var checkpoints: Int64 = 0
    private var previousCheckpoint: SignedCheckpoint?
    private var lastCheckpoint: JournalReport.Proof?
    private var checkpointsFaulty = false
    private var proof: JournalReport.Proof?

    private var current: ChainWalk?
    private var entries: Int64 = 0
    private var erased: Int64 = 0
    private var chains = 0
    private var open = 0

    /// - Parameters:
    ///   - outside: a checkpoint that was kept where the store's holders cannot reach it.
    ///   - retention: how old an entry is before its body may be erased.
    package init(
        verify: @escaping JournalSigner.Verification, outside: SignedCheckpoint? = nil,
        retention: JournalRetention = .usual, at now: Instant
    ) {
        self.verify = verify
        self.outside = outside
        self.retention = retention
        kept = retention.start(at: now)
    }

    // MARK: Pass 1, checkpoints by number

    package mutating func add(_ stored: SignedCheckpoint) {
        checkpoints += 1
        // After a fault the rest proves nothing more; what it claims is still held against the entries.
        guard let checkpoint = stored.checkpoint else {
            report(.init(.checkpoint(checkpoints), .checkpointUnreadable))
            previousCheckpoint = stored
            return
        }
        if checkpoint.number > checkpoints {
            report(.init(.checkpoint(checkpoints), .checkpointMissing))
            checkpoints = checkpoint.number
        } else if checkpoint.number < checkpoints || checkpoint.previous != previousCheckpoint?.digest {
            report(.init(.checkpoint(checkpoint.number), .checkpointChanged))
        }
        previousCheckpoint = stored
        lastCheckpoint = .init(checkpoint: checkpoint.number, instant: checkpoint.instant)
        claim(checkpoint.heads)
        if let outside, outside.checkpoint?.number == checkpoint.number {
            if outside.body != stored.body {
                report(.init(.checkpoint(checkpoint.number), .checkpointChanged))
            } else if outside.isSigned(verify: verify) != true {
                report(.init(.checkpoint(checkpoint.number), .checkpointNotSigned))
            } else if !checkpointsFaulty {
                proof = lastCheckpoint
            }
        }
    }

    // MARK: Pass 2, the first entry of every chain

    package mutating func addOpening(_ entry: JournalEntry) {
        // One without a signature is reported when its chain is walked.
        guard let opening = ChainEvent.opening(entry, verify: verify) else { return }
        claim(opening.heads)
        guard let named = opening.checkpoint, named.number >= checkpoints else { return }
        if named.number > checkpoints {
            report(.init(.checkpoint(named.number), .checkpointMissing))
        } else if named.digest != previousCheckpoint?.digest {
            report(.init(.checkpoint(named.number), .checkpointChanged))
        }
    }

    // MARK: Pass 3, every entry by chain and sequence

    package mutating func add(_ entry: JournalEntry) {
        if current?.chain != entry.position.chain {
            finishChain()
            current = ChainWalk(entry.position.chain, claim: claims[entry.position.chain], bodiesSince: kept)
            chains += 1
        }
        entries += 1
        if entry.body == nil { erased += 1 }
        current?.add(entry, verify: verify)
    }

    package mutating func report() -> JournalReport {
        finishChain()
        for chain in claims.keys.sorted() {
            report(.init(.entry(EntryPosition(chain: chain, sequence: 1)), .chainMissing))
        }
        // One signature covers all before it, through the digests.
        if let last = previousCheckpoint, last.isSigned(verify: verify) != true {
            report(.init(.checkpoint(checkpoints), .checkpointNotSigned))
        }
        if let outside {
            let number = outside.checkpoint?.number
            if number.map({ $0 > checkpoints }) ?? true {
                report(.init(.checkpoint(number ?? 0), number == nil ? .checkpointUnreadable : .checkpointMissing))
            }
        }
        return JournalReport(
            entries: entries, chains: chains, erasedBodies: erased, retention: retention, openChains: open,
            checkpoints: checkpoints, lastCheckpoint: lastCheckpoint, outside: faults.isEmpty ? proof : nil,
            faults: faults)
    }

    private mutating func claim(_ heads: [ChainHead]) {
        for head in heads where (claims[head.chain]?.sequence ?? 0) < head.sequence { claims[head.chain] = head }
    }

    private mutating func finishChain() {
        guard var walk = current else { return }
        current = nil
        claims[walk.chain] = nil
        walk.finish()
        if let fault = walk.fault { report(fault) }
        if !walk.closed { open += 1 }
    }

    private mutating func report(_ fault: JournalFault) {
        if case .checkpoint = fault.place {
            // The first is enough: each rests on the one before.
            guard !checkpointsFaulty else { return }
            checkpointsFaulty = true
        }
        if faults.count < JournalVerifier.faultLimit { faults.append(fault) }
    }
}
