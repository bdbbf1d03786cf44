// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What an answer rests on: each record read, with its revision before or at the time of reading.
/// A record never changed has revision 0.
package struct Stamp: Hashable, Sendable {
    package var revisions: RecordRevisions

    package init(_ revisions: RecordRevisions = [:]) { self.revisions = revisions }

    /// Of two readings of one record the older is kept: a change between them must be noticed.
    package mutating func merge(_ other: Stamp) { revisions.merge(other.revisions) }
}

/// Records and their revisions, in the order of their keys. There are a handful, and most are only ever merged, compared
/// and written: a table to hash them into would cost more than all of that.
package struct RecordRevisions: Hashable, Sendable, RandomAccessCollection, ExpressibleByDictionaryLiteral {
    package struct Element: Hashable, Sendable {
        package let key: RecordKey
        package var value: Int64

        package init(key: RecordKey, value: Int64) {
            self.key = key
            self.value = value
        }
    }

    private var elements: [Element] = []

    package init() {}

    package init(dictionaryLiteral elements: (RecordKey, Int64)...) {
        for (key, revision) in elements { self[key] = revision }
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { elements.count }
    package subscript(position: Int) -> Element { elements[position] }

    package var keys: some RandomAccessCollection<RecordKey> { elements.lazy.map(\.key) }

    /// The revision of that record; setting nil forgets the record.
    package subscript(key: RecordKey) -> Int64? {
        get {
            let index = place(of: key)
            return index < elements.count && elements[index].key == key ? elements[index].value : nil
        }
        set {
            let index = place(of: key)
            let isPresent = index < elements.count && elements[index].key == key
            switch (isPresent, newValue) {
            case (true, let value?): elements[index].value = value
            case (true, nil): elements.remove(at: index)
            case (false, let value?): elements.insert(Element(key: key, value: value), at: index)
            case (false, nil): break
            }
        }
    }

    /// Where the key stands, or would stand.
    private func place(of key: RecordKey) -> Int {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if elements[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The lower revision of each record of either.
    fileprivate mutating func merge(_ other: RecordRevisions) {
        guard !elements.isEmpty else {
            self = other
            return
        }
        guard 8 * other.count >= count else {
            // A few into many, as a search gathers: each finds its place.
            for element in other { self[element.key] = Swift.min(element.value, self[element.key] ?? element.value) }
            return
        }
        let (own, others) = (elements, other.elements)
        var merged: [Element] = []
        merged.reserveCapacity(own.count + others.count)
        var (left, right) = (0, 0)
        while left < own.count, right < others.count {
            if own[left].key < others[right].key {
                merged.append(own[left])
                left += 1
            } else if others[right].key < own[left].key {
                merged.append(others[right])
                right += 1
            } else {
                merged.append(own[left].value <= others[right].value ? own[left] : others[right])
                left += 1
                right += 1
            }
        }
        merged += own[left...]
        merged += others[right...]
        elements = merged
    }
}

extension RecordKey: Comparable {
    /// By kind, then by identifier.
    package static func < (a: RecordKey, b: RecordKey) -> Bool {
        a.kind == b.kind ? a.id < b.id : a.kind.rank < b.kind.rank
    }
}

extension RecordKey.Kind {
    /// In the order of their names, which is the order of an entry.
    fileprivate var rank: Int {
        switch self {
        case .account: 0
        case .application: 1
        case .client: 2
        case .episode: 3
        case .grant: 4
        case .patient: 5
        case .person: 6
        case .policy: 7
        case .session: 8
        case .structure: 9
        }
    }
}
