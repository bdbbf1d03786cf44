// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit

/// Names what the store holds, journal entries aside: while it is the same, nothing that an answer may rest on was written
/// by any process, and what was found true of records still is (docs/decisions/0023-hot-paths.md).
package struct StoreEpoch: Equatable, Sendable {
    /// Never given twice in a process, and never 0.
    package var number: UInt64
    /// Commits so far, as the store counts them.
    var commits: UInt32

    /// An epoch goes on over commits that end none.
    package static func == (a: StoreEpoch, b: StoreEpoch) -> Bool { a.number == b.number }
}

extension Database {
    /// Stores that cannot tell without being asked are asked each time.
    package var epoch: StoreEpoch? { nil }

    /// Whether every record that a remembered value rests on is at the revision it was read at.
    package func stands<Key, Value>(
        _ entry: StampedMemory<Key, Value>.Entry
    ) async throws(StoreError) -> Bool {
        // The epoch is read before the revisions: what is written in between begins another one.
        let epoch = self.epoch
        if let epoch, entry.confirmed == epoch.number { return true }
        guard try await stands(entry.stamp) else { return false }
        if let epoch { entry.confirm(at: epoch.number) }
        return true
    }
}

/// The revisions that a lane has found in the store, for as long as its epoch lasts.
struct KnownRevisions {
    private var epoch: StoreEpoch?
    private var revisions: [RecordKey: Int64] = [:]

    private static let limit = 16_384

    /// Those of the records of these stamps that have another revision now than the one they were read at.
    /// - Parameter epoch: of the transaction under way; nil when the store cannot tell.
    mutating func moved(
        since stamps: some Sequence<Stamp>, at epoch: StoreEpoch?, on connection: any Connection
    ) throws(StoreError) -> Set<RecordKey> {
        if epoch == nil || epoch != self.epoch || revisions.count > KnownRevisions.limit { revisions = [:] }
        self.epoch = epoch
        var moved: Set<RecordKey> = []
        var unknown: [RecordKey: Int64] = [:]
        for stamp in stamps {
            for record in stamp.revisions {
                if let known = revisions[record.key] {
                    if known != record.value { moved.insert(record.key) }
                    continue
                }
                // Two that disagree cannot both be right.
                if let other = unknown.updateValue(record.value, forKey: record.key), other != record.value {
                    moved.insert(record.key)
                }
            }
        }
        guard !unknown.isEmpty else { return moved }
        moved.formUnion(try connection.moved(since: unknown))
        guard epoch != nil else { return moved }
        for (key, revision) in unknown where !moved.contains(key) { revisions[key] = revision }
        return moved
    }
}
