// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Records read lately, by key, each with the revisions it was read at.
///
/// Nothing found here is known to be still so: whoever takes a value compares its stamp with the revisions of now, in
/// the snapshot or the transaction that the answer rests on (DESIGN 4.4). What is kept of instants keeps its dates.
///
/// Bounded by weight, in two generations: what is asked for often stays, and nothing has to be sorted.
package final class StampedMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A class, so that what is found is shared and not copied.
    package final class Entry: Sendable {
        package let value: Value
        package let stamp: Stamp
        fileprivate let weight: Int
        private let confirmation = Atomic<UInt64>(0)

        fileprivate init(_ value: Value, stamp: Stamp, weight: Int) {
            self.value = value
            self.stamp = stamp
            self.weight = weight
        }

        /// The epoch of the store in which the stamp was last found to hold; 0 when it was not yet.
        package var confirmed: UInt64 { confirmation.load(ordering: .acquiring) }

        /// The stamp was found to hold in that epoch.
        package func confirm(at epoch: UInt64) { confirmation.store(epoch, ordering: .releasing) }
    }

    private struct Generations {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngWeight = 0
        var oldWeight = 0
        var hits = 0
        var misses = 0
    }

    private let generations = Mutex(Generations())
    private let half: Int

    /// - Parameter limit: the weight of all entries together is never more. In entries, or in bytes: as `remember` is
    ///   told. Nothing is kept when it is zero.
    package init(limit: Int) { half = limit / 2 }

    package subscript(key: Key) -> Entry? {
        generations.withLock { generations in
            if let entry = generations.young[key] {
                generations.hits += 1
                return entry
            }
            guard let entry = generations.old[key] else {
                generations.misses += 1
                return nil
            }
            generations.hits += 1
            insert(key, entry, into: &generations)
            return entry
        }
    }

    /// Keeps a value in place of what was kept under that key. One that weighs more than half the limit is not kept.
    /// - Parameter epoch: of the store, in which it was read; 0 when it cannot tell.
    package func remember(_ key: Key, _ value: Value, stamp: Stamp, weight: Int = 1, at epoch: UInt64 = 0) {
        let entry = Entry(value, stamp: stamp, weight: weight)
        if epoch != 0 { entry.confirm(at: epoch) }
        generations.withLock { insert(key, entry, into: &$0) }
    }

    /// Drops what was found to be no longer so.
    package func forget(_ key: Key) {
        generations.withLock { remove(key, from: &$0) }
    }

    /// Since the start: what was found, what was not, and the weight kept now.
    package var figures: (hits: Int, misses: Int, weight: Int) {
        generations.withLock { ($0.hits, $0.misses, $0.youngWeight + $0.oldWeight) }
    }

    private func insert(_ key: Key, _ entry: Entry, into generations: inout Generations) {
        remove(key, from: &generations)
        guard entry.weight <= half else { return }
        if generations.youngWeight + entry.weight > half {
            generations.old = generations.young
            generations.oldWeight = generations.youngWeight
            generations.young = [:]
            generations.youngWeight = 0
        }
        generations.young[key] = entry
        generations.youngWeight += entry.weight
    }

    private func remove(_ key: Key, from generations: inout Generations) {
        if let entry = generations.young.removeValue(forKey: key) { generations.youngWeight -= entry.weight }
        if let entry = generations.old.removeValue(forKey: key) { generations.oldWeight -= entry.weight }
    }
}
