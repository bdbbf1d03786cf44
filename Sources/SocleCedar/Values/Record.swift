// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The attributes of a record or of an entity, by name; names are compared by code point.
///
/// Members stand in the order of their names' hashes: finding one is comparing a few words, comparing two records is
/// comparing them member by member.
public struct Record: Sendable {
    typealias Member = (name: Text, value: Value)

    let members: FixedStorage<Member>

    public init() { self.init(sorted: []) }

    /// A later member of the same name replaces the earlier one; readers refuse duplicates before they come here.
    public init(_ members: some Sequence<(String, Value)>) {
        self.init(members: Dictionary(members.map { (Text($0.0), $0.1) }, uniquingKeysWith: { $1 }))
    }

    init(members: [Text: Value]) {
        self.init(sorted: members.map { ($0.key, $0.value) }.sorted { Record.precedes($0.name, $1.name) })
    }

    private init(sorted members: [Member]) { self.members = FixedStorage(members) }

    /// Setting a member makes a new record of all of them.
    public subscript(name: String) -> Value? {
        get { self[Text(name)] }
        set {
            let name = Text(name)
            var members = Array(members)
            let place = members.firstIndex { !Record.precedes($0.name, name) } ?? members.endIndex
            let isPresent = place < members.endIndex && members[place].name == name
            switch (newValue, isPresent) {
            case (let value?, true): members[place].value = value
            case (let value?, false): members.insert((name, value), at: place)
            case (nil, true): members.remove(at: place)
            case (nil, false): break
            }
            self = Record(sorted: members)
        }
    }

    subscript(name: Text) -> Value? { withUnsafePointer(to: name) { pointer(to: $0)?.pointee } }

    public var isEmpty: Bool { members.count == 0 }
    public var count: Int { members.count }

    /// The names in code point order.
    public var names: [String] { members.map(\.name).sorted().map(\.string) }

    private static func precedes(_ a: Text, _ b: Text) -> Bool { (a.digest, a) < (b.digest, b) }

    /// Where the value of a member lies, as long as the record is held.
    func pointer(to name: UnsafePointer<Text>) -> UnsafePointer<Value>? {
        let digest = name.pointee.digest
        let (base, count) = (members.base, members.count)
        var low = 0
        // Few attributes are looked through; many are halved first.
        if count > 8 {
            var high = count
            while low < high {
                let middle = (low + high) / 2
                if base[middle].name.digest < digest { low = middle + 1 } else { high = middle }
            }
        }
        while low < count {
            let found = base[low].name.digest
            if found == digest, base[low].name == name.pointee {
                return UnsafeRawPointer(base + low).advanced(by: Record.valueOffset)
                    .assumingMemoryBound(to: Value.self)
            }
            if found > digest { return nil }
            low += 1
        }
        return nil
    }

    /// Of the value within a member.
    private static var valueOffset: Int {
        let alignment = MemoryLayout<Value>.alignment
        return (MemoryLayout<Text>.size + alignment - 1) / alignment * alignment
    }
}

extension Record: Hashable {
    public static func == (a: Record, b: Record) -> Bool {
        a.members === b.members
            || a.members.count == b.members.count
                && zip(a.members, b.members).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    var digest: Int {
        members.reduce(members.count) { Digest.mix($0, Digest.mix($1.name.digest, $1.value.digest)) }
    }
}

extension Record: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
