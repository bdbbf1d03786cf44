// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Something in the journal that Socle did not write, and where it is first seen.
package struct JournalFault: Hashable, Sendable, CustomStringConvertible {
    package enum Place: Hashable, Sendable {
        case entry(EntryPosition)
        case checkpoint(Int64)
    }

    package enum Kind: String, Sendable {
        case bodyChanged = "the body is not the one written"
        case bodyErased = "the body was erased before the time that it must be kept"
        case bodyUnreadable = "the body is not an entry's"
        case columnChanged = "an indexed column differs from the body"
        case hashMismatch = "the entry was changed, moved, or does not follow the one before it"
        case missing = "the entry is missing"
        case numberTwice = "an entry has a number that was already passed"
        case tailMissing = "the entry is missing: the journal once held it, and ends before"
        case chainMissing = "the chain is missing"
        case contradictsStatement = "the entry is not the one that a signed statement names"
        case openingNotSigned = "the chain does not begin with an opening signed by a known key"
        case afterClosing = "an entry follows the closing of its chain"
        case checkpointUnreadable = "the checkpoint cannot be read"
        case checkpointNotSigned = "the checkpoint is not signed by a known key"
        case checkpointChanged = "the checkpoint is not the one that was signed, or does not follow the one before it"
        case checkpointMissing = "the checkpoint is missing"
    }

    package var place: Place
    package var kind: Kind

    package init(_ place: Place, _ kind: Kind) {
        self.place = place
        self.kind = kind
    }

    package var description: String {
        switch place {
        case .entry(let position): "chain \(position.chain), sequence \(position.sequence): \(kind.rawValue)"
        case .checkpoint(let number): "checkpoint \(number): \(kind.rawValue)"
        }
    }
}

/// What a verification found, and what that proves.
package struct JournalReport: Sendable {
    package struct Proof: Hashable, Sendable {
        package var checkpoint: Int64
        package var instant: Instant
    }

    package var entries: Int64
    package var chains: Int
    /// Of entries older than the retention: of any other it is a fault.
    package var erasedBodies: Int64
    package var retention: JournalRetention
    /// Chains without a closing entry: of running processes, or of processes that were killed.
    package var openChains: Int
    package var checkpoints: Int64
    package var lastCheckpoint: Proof?
    /// The checkpoint kept outside that the journal still agrees with.
    package var outside: Proof?
    /// The first fault of each chain and of the checkpoints, at most `JournalVerifier.faultLimit`.
    package var faults: [JournalFault]

    package var isSound: Bool { faults.isEmpty }

    private var bodies: String { "no body of the last \(retention.years) years was erased" }

    /// What is proved and what is not, in one sentence. A store and its keys in the same hands can be rewritten
    /// together: only a checkpoint kept elsewhere proves anything against whoever holds both.
    package var conclusion: String {
        if let fault = faults.first { return "NOT SOUND, first fault: \(fault)" }
        if let outside {
            return
                "proved up to checkpoint \(outside.checkpoint) of \(outside.instant): no entry before it was changed,"
                + " removed, reordered or inserted, and no chain is missing; unproven since, internally consistent; \(bodies)"
        }
        guard let lastCheckpoint else {
            return "internally consistent; \(bodies); unproven since the beginning: it holds no signed checkpoint"
        }
        return
            "internally consistent, signed up to checkpoint \(lastCheckpoint.checkpoint) of \(lastCheckpoint.instant);"
            + " \(bodies); unproven since the beginning against whoever holds the signing keys: give a checkpoint kept outside"
    }
}
