// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A change to stored records. The module that owns the records declares its changes as values; the store applies
/// them in the same transaction as the journal entry that tells of them.
package protocol RecordChange: Sendable {}

/// A record whose change can alter an answer. Its revision is bumped in the transaction of any change.
package struct RecordKey: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case patient, person, structure, client, application, account, session, grant, policy, episode
    }
    package var kind: Kind
    package var id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }

    /// By the identifier alone, which few records share: the standard library would hash the text of the kind as well.
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// One unit for the lane: its changes and its entry are applied together or not at all.
package struct Submission: Sendable {
    package var changes: [any RecordChange]
    /// nil only for what is not journalled (an interaction, a throttle counter, a queue row).
    package var entry: EntryDraft?
    package var stamp: Stamp

    package init(changes: [any RecordChange] = [], entry: EntryDraft?, stamp: Stamp = Stamp()) {
        self.changes = changes
        self.entry = entry
        self.stamp = stamp
    }
}

package enum CommitOutcome: Equatable, Sendable {
    /// Durable. The position is nil when there was no entry.
    case committed(EntryPosition?)
    /// A record of the stamp has another revision now; nothing was applied.
    case conflict(RecordKey)
    /// The change at that index found its precondition false (a code already redeemed); nothing was applied.
    case refused(changeIndex: Int)
}

/// The lane could not make the submission durable: nothing of it may be answered.
package struct LaneUnavailable: Error, Equatable {
    package var detail: String
    package init(detail: String) { self.detail = detail }
}

/// One per node: one transaction at a time, entries numbered and chained in order, outcomes released after commit.
package protocol CommitLane: Sendable {
    func commit(_ submission: Submission) async throws(LaneUnavailable) -> CommitOutcome
}
