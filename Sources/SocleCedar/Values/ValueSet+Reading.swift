// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension ValueSet {
    /// A set read where it lies, without a count of its own.
    ///
    /// INVARIANT: used only while the set is held.
    struct Reading {
        let base: UnsafePointer<Member>
        let count: Int
    }

    var reading: Reading { Reading(base: UnsafePointer(storage.base), count: storage.count) }
}

extension ValueSet.Reading {
    func pointer(at place: Int) -> UnsafePointer<Value> {
        UnsafeRawPointer(base + place).advanced(by: MemoryLayout<Int>.stride).assumingMemoryBound(to: Value.self)
    }

    func contains(_ value: Value) -> Bool { contains(value.digest) { $0.pointee == value } }

    func contains(_ entity: EntityReference) -> Bool {
        contains(entity.digest) { value in
            guard case .entity(let uid) = value.pointee else { return false }
            return EntityReference(uid) == entity
        }
    }

    func isSubset(of other: ValueSet.Reading) -> Bool {
        guard count <= other.count else { return false }
        for place in 0..<count where !other.containsMember(at: place, of: self) { return false }
        return true
    }

    func isDisjoint(with other: ValueSet.Reading) -> Bool {
        let (few, many) = count <= other.count ? (self, other) : (other, self)
        for place in 0..<few.count where many.containsMember(at: place, of: few) { return false }
        return true
    }

    private func containsMember(at place: Int, of other: ValueSet.Reading) -> Bool {
        contains(other.base[place].digest) { $0.pointee == other.pointer(at: place).pointee }
    }

    private func contains(_ digest: Int, _ isSame: (UnsafePointer<Value>) -> Bool) -> Bool {
        var low = 0
        // A few are looked through; many are halved first.
        if count > 8 {
            var high = count
            while low < high {
                let middle = (low + high) / 2
                if base[middle].digest < digest { low = middle + 1 } else { high = middle }
            }
        }
        while low < count {
            let found = base[low].digest
            if found == digest, isSame(pointer(at: low)) { return true }
            if found > digest { return false }
            low += 1
        }
        return false
    }
}
