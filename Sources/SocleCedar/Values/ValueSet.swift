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

    public func contains(_ value: Value) -> Bool { contains(value.digest) { $0 == value } }

    func contains(_ uid: EntityUID) -> Bool { contains(EntityReference(uid)) }

    func contains(_ entity: EntityReference) -> Bool {
        contains(entity.digest) { value in
            guard case .entity(let uid) = value else { return false }
            return EntityReference(uid) == entity
        }
    }

    /// Valid as long as the set is held.
    func pointer(at place: Int) -> UnsafePointer<Value> {
        UnsafeRawPointer(storage.base + place).advanced(by: MemoryLayout<Int>.stride)
            .assumingMemoryBound(to: Value.self)
    }

    public func isSubset(of other: ValueSet) -> Bool {
        guard count <= other.count else { return false }
        for place in 0..<count {
            let member = storage.base + place
            guard other.contains(member.pointee.digest, { $0 == member.pointee.value }) else { return false }
        }
        return true
    }

    public func isDisjoint(with other: ValueSet) -> Bool {
        let (few, many) = count <= other.count ? (self, other) : (other, self)
        for place in 0..<few.count {
            let member = few.storage.base + place
            if many.contains(member.pointee.digest, { $0 == member.pointee.value }) { return false }
        }
        return true
    }

    private func contains(_ digest: Int, _ isSame: (Value) -> Bool) -> Bool {
        var low = 0
        // A few are looked through; many are halved first.
        if storage.count > 8 {
            var high = storage.count
            while low < high {
                let middle = (low + high) / 2
                if storage.base[middle].digest < digest { low = middle + 1 } else { high = middle }
            }
        }
        while low < storage.count {
            let found = storage.base[low].digest
            if found == digest, isSame(storage.base[low].value) { return true }
            if found > digest { return false }
            low += 1
        }
        return false
    }
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
