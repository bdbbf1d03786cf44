// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A set of values, in the order of their hashes: finding one compares words, two sets are compared side by side.
public struct ValueSet: Sendable {
    typealias Member = (digest: Int, value: Value)

    let storage: FixedStorage<Member>

    public init() { storage = FixedStorage([]) }

    public init(_ values: some Sequence<Value>) {
        var members = values.map { (digest: $0.digest, value: $0) }
        members.sort { $0.digest < $1.digest }
        var kept: [Member] = []
        kept.reserveCapacity(members.count)
        for member in members {
            // Equal values have equal hashes, and so stand side by side.
            var place = kept.count
            while place > 0, kept[place - 1].digest == member.digest, kept[place - 1].value != member.value {
                place -= 1
            }
            if place > 0, kept[place - 1].digest == member.digest { continue }
            kept.append(member)
        }
        storage = FixedStorage(kept)
    }

    public var count: Int { storage.count }
    public var isEmpty: Bool { storage.count == 0 }

    public func contains(_ value: Value) -> Bool { read { $0.contains(value) } }

    public func isSubset(of other: ValueSet) -> Bool { read { mine in other.read { mine.isSubset(of: $0) } } }

    public func isDisjoint(with other: ValueSet) -> Bool { read { mine in other.read { mine.isDisjoint(with: $0) } } }

    private func read(_ body: (Reading) -> Bool) -> Bool { withExtendedLifetime(storage) { body(reading) } }
}

extension ValueSet: Sequence, ExpressibleByArrayLiteral {
    /// In no particular order.
    public func makeIterator() -> some IteratorProtocol<Value> { storage.lazy.map(\.value).makeIterator() }

    public init(arrayLiteral elements: Value...) { self.init(elements) }
}

extension ValueSet: Hashable {
    public static func == (a: ValueSet, b: ValueSet) -> Bool {
        a.storage === b.storage || a.count == b.count && a.isSubset(of: b)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    var digest: Int { storage.reduce(storage.count) { Digest.mix($0, $1.digest) } }
}
