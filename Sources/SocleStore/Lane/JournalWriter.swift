// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAudit
import SocleCrypto
import SocleIdentity

/// The state of the lane's thread: its chain, and what it does not know yet. Used by that thread alone.
final class JournalWriter {
    private let database: any WritableDatabase
    private let signer: JournalSigner
    private let clock: @Sendable () -> Instant
    private let recoveryTime: Duration
    private let random: SecureRandom
    private var known = KnownRevisions()

    /// INVARIANT: as the store holds it. A group works on a copy, kept once its COMMIT has been answered.
    private(set) var chain: JournalChain
    /// Groups committed in this chain, as the store counts them.
    private var groups: Int64 = 0
    /// What the chain becomes if the group whose COMMIT was not answered turns out to be there.
    private var inDoubt: JournalChain?

    init(
        database: any WritableDatabase, signer: JournalSigner, random: SecureRandom,
        clock: @escaping @Sendable () -> Instant, settings: StoreLane.Settings
    ) {
        self.database = database
        self.signer = signer
        self.clock = clock
        recoveryTime = settings.recoveryTime
        self.random = random
        chain = JournalChain(seed: random.bytes(16))
    }

    typealias Outcome = Result<CommitOutcome, LaneUnavailable>

    /// Commits those submissions in order. One outcome each, decided: what is told committed is durable, what is
    /// told anything else has left nothing behind.
    func commit(_ submissions: [Submission]) -> [Outcome] {
        var attempts = 0
        while true {
            do throws(StoreError) {
                try settleDoubt()
                return try attempt(submissions)
            } catch {
                attempts += 1
                // A lost connection or a transaction in the way: nothing was done, once more on a new footing.
                let again = error.kind == .unavailable || error.kind == .contention
                if again, attempts < 2, inDoubt == nil { continue }
                if !again, submissions.count > 1 {
                    // One of them spoils the transaction itself: each gets its own.
                    return submissions.flatMap { commit([$0]) }
                }
                return submissions.map { _ in .failure(LaneUnavailable(detail: error.description)) }
            }
        }
    }

    /// - Throws: when nothing of the group was committed, or when whether it was cannot be told (`inDoubt` is set).
    private func attempt(_ submissions: [Submission]) throws(StoreError) -> [Outcome] {
        var group = LaneGroup(chain: chain, random: random, alone: submissions.count == 1)
        var committing = false
        do throws(StoreError) {
            try database.write { connection throws(StoreError) in
                try connection.execute(Transaction.begin)
                // One writer at a time: nobody else commits before this transaction ends.
                let epoch = database.epoch
                try group.readRevisions(of: submissions, known: &known, at: epoch, on: connection)
                for submission in submissions { try group.apply(submission, on: connection) }
                guard group.wrote else {
                    try connection.execute(Transaction.rollback)
                    return
                }
                let moved = try connection.execute(
                    JournalTables.moveHead,
                    [.text(group.chain.id), .integer(group.chain.sequence), .blob(group.chain.hash)])
                guard moved == 1 else { throw StoreError(.failed, "the chain of this process is not in the store") }
                committing = true
                try connection.execute(Transaction.commit)
                // A group that changed records ends the epoch, by what it wrote.
                if let epoch, !group.changed { database.carry(epoch) }
            }
        } catch {
            guard committing else { throw error }
            inDoubt = group.chain
            let present = try settleDoubt(until: .now() + Double(recoveryTime.milliseconds) / 1000)
            guard present else { throw error }
            return group.outcomes
        }
        if group.wrote {
            chain = group.chain
            groups += 1
        }
        return group.outcomes
    }

    /// Reads back whether the group in doubt is in the store, before anything else is written.
    /// - Returns: true when it is; false when it is not, or nothing was in doubt.
    /// - Throws: when the store does not tell before the deadline: the doubt stays.
    @discardableResult
    private func settleDoubt(until deadline: DispatchTime = .now()) throws(StoreError) -> Bool {
        guard let pending = inDoubt else { return false }
        var pause = 0.02
        while true {
            do throws(StoreError) {
                let found = try database.write { connection throws(StoreError) in
                    try connection.transaction { () throws(StoreError) in
                        try connection.row(JournalTables.groups, [.text(chain.id)])?.integer(0)
                    }
                }
                guard found == groups || found == groups + 1 else {
                    throw StoreError(.failed, "the chain of this process was written by another")
                }
                inDoubt = nil
                guard found == groups + 1 else { return false }
                chain = pending
                groups += 1
                return true
            } catch {
                guard error.kind != .failed, DispatchTime.now() < deadline else { throw error }
                Thread.sleep(forTimeInterval: pause)
                pause = min(pause * 2, 1)
            }
        }
    }

    // MARK: The chain's own entries

    func openChain() throws(StoreError) {
        var opened = chain
        let instant = clock()
        try database.write { connection throws(StoreError) in
            try connection.transaction { () throws(StoreError) in
                let checkpoint = try connection.lastCheckpoint()
                let heads = try connection.uncoveredHeads()
                let draft: EntryDraft
                do {
                    draft = try ChainEvent.opening(
                        chain, at: instant, after: checkpoint, heads: heads, signer: signer)
                } catch {
                    throw StoreError(.failed, "the journal's opening entry could not be signed")
                }
                try connection.insert(opened.append(draft, stamp: Stamp(), salt: random.bytes(EntryBody.saltSize)))
                try connection.execute(
                    JournalTables.openChain,
                    [.text(opened.id), .instant(instant), .integer(opened.sequence), .blob(opened.hash)])
            }
        }
        chain = opened
    }

    /// - Throws: when its last entries stay without a checkpoint: another process covers them, or the next one here.
    func closeChain() throws(StoreError) {
        _ = commit([Submission(entry: ChainEvent.closing(at: clock()))])
        try checkpoint()
    }

    /// Signs the heads that moved since the last checkpoint, of all chains.
    /// - Throws: when they stay uncovered: the next one takes them, and verification says since when nothing is proved.
    func checkpoint() throws(StoreError) {
        guard inDoubt == nil else { return }
        let instant = clock()
        try database.write { connection throws(StoreError) in
            var epoch: StoreEpoch?
            try connection.transaction { () throws(StoreError) in
                try connection.execute(JournalTables.lockCheckpoints)
                var heads = try connection.uncoveredHeads()
                // Nothing is written then, and there is no commit of ours to carry an epoch over.
                guard !heads.isEmpty else { return }
                epoch = database.epoch
                // Its own head as this thread knows it, not as the table says.
                if let own = heads.firstIndex(where: { $0.chain == chain.id }) { heads[own] = chain.head }
                let last = try connection.lastCheckpoint()
                let number = (last?.checkpoint?.number ?? 0) + 1
                let signed: SignedCheckpoint
                do {
                    signed = try Checkpoint(
                        number: number, instant: instant, previous: last?.digest, heads: heads
                    ).signed(by: signer)
                } catch {
                    throw StoreError(.failed, "the checkpoint could not be signed")
                }
                try connection.execute(
                    JournalTables.insertCheckpoint,
                    [.integer(number), .blob(signed.body), .text(signed.keyID), .blob(signed.signature)])
                for head in heads {
                    try connection.execute(JournalTables.cover, [.text(head.chain), .integer(head.sequence)])
                }
            }
            if let epoch { database.carry(epoch) }
        }
    }
}
