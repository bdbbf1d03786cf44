// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto

/// One transaction of the lane under way: each submission applied whole, or undone without touching its neighbours.
struct LaneGroup {
    /// The chain as it will be once this group is committed.
    private(set) var chain: JournalChain
    private(set) var outcomes: [JournalWriter.Outcome] = []
    /// Whether there is anything to commit.
    private(set) var wrote = false

    /// Of the salts.
    private let random: SecureRandom
    /// The only submission of its transaction needs no savepoint: undoing it is undoing the transaction.
    private let alone: Bool
    /// Records of which some submission was read at another revision than the present one.
    private var moved: Set<RecordKey> = []
    /// A submission has changed records: more than entries is written, and `moved` is no longer the whole truth.
    private(set) var changed = false

    init(chain: JournalChain, random: SecureRandom, alone: Bool) {
        self.chain = chain
        self.random = random
        self.alone = alone
    }

    /// Looks at the revisions of all submissions at once. They are read inside the transaction, after every submission
    /// was received: a change acknowledged before one of them was received is seen.
    mutating func readRevisions(
        of submissions: [Submission], known: inout KnownRevisions, at epoch: StoreEpoch?, on connection: any Connection
    ) throws(StoreError) {
        moved = try known.moved(
            since: submissions.lazy.filter { $0.changes.isEmpty }.map { $0.stamp }, at: epoch, on: connection)
    }

    mutating func apply(
        _ submission: Submission, on connection: any Connection
    ) throws(StoreError) {
        if let changed = try conflict(submission, on: connection) {
            outcomes.append(.success(.conflict(changed)))
            return
        }
        if submission.changes.isEmpty {
            // An entry alone is one statement: it fails whole by itself.
            outcomes.append(.success(.committed(try insert(submission, on: connection))))
            wrote = wrote || submission.entry != nil
            return
        }
        let before = chain
        if !alone { try connection.execute(Transaction.savepoint) }
        var outcome: JournalWriter.Outcome
        do throws(StoreError) {
            if let index = try refusal(submission, on: connection) {
                outcome = .success(.refused(changeIndex: index))
            } else {
                // What an answer opens (an emergency) changes no record of the patient.
                if let entry = submission.entry, entry.kind != .decision {
                    let patients = entry.patients.isEmpty ? [entry.patient].compactMap(\.self) : entry.patients
                    try connection.changed(patients, at: entry.instant)
                }
                outcome = .success(.committed(try insert(submission, on: connection)))
            }
        } catch {
            guard !alone, error.kind == .constraint || error.kind == .failed else { throw error }
            outcome = .failure(LaneUnavailable(detail: error.description))
        }
        if case .success(.committed) = outcome {
            changed = true
            wrote = true
            if !alone { try connection.execute(Transaction.release) }
        } else {
            chain = before
            if !alone {
                try connection.execute(Transaction.undo)
                try connection.execute(Transaction.release)
            }
        }
        outcomes.append(outcome)
    }

    private func conflict(_ submission: Submission, on connection: any Connection) throws(StoreError) -> RecordKey? {
        guard !submission.stamp.revisions.isEmpty else { return nil }
        if !submission.changes.isEmpty {
            // In the order of their keys, so that two nodes lock in the same order.
            for record in submission.stamp.revisions {
                let key = record.key
                let found = try connection.row(Revisions.locked, [.text(key.kind.rawValue), .text(key.id)])?.integer(0)
                if found ?? 0 != record.value { return key }
            }
            return nil
        }
        guard changed || submission.stamp.revisions.keys.contains(where: moved.contains) else { return nil }
        let current = try connection.revision(of: submission.stamp.revisions.keys)
        return submission.stamp.revisions.first { current.revisions[$0.key] != $0.value }?.key
    }

    /// The index of the first change whose precondition does not hold.
    private func refusal(_ submission: Submission, on connection: any Connection) throws(StoreError) -> Int? {
        for (index, change) in submission.changes.enumerated() {
            guard let stored = change as? any StoredChange else {
                throw StoreError(.failed, "\(type(of: change)) has no storage")
            }
            if !(try stored.apply(on: connection)) { return index }
        }
        return nil
    }

    private mutating func insert(
        _ submission: Submission, on connection: any Connection
    ) throws(StoreError) -> EntryPosition? {
        guard let draft = submission.entry else { return nil }
        var next = chain
        let entry = next.append(draft, stamp: submission.stamp, salt: random.bytes(EntryBody.saltSize))
        try connection.insert(entry)
        chain = next
        return entry.position
    }
}
