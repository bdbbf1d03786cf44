// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The attributes of a record or of an entity, by name; names are compared by code point.
///
/// Members stand in the order of their names' hashes: finding one is comparing a few words, comparing two records is
/// comparing them member by member.
public struct Record: Sendable {
    typealias Member = (name: Text, value: Value)

    private(set) var members: [Member]

    public init() { members = [] }

    /// A later member of the same name replaces the earlier one; readers refuse duplicates before they come here.
    public init(_ members: some Sequence<(String, Value)>) {
        self.init(members: Dictionary(members.map { (Text($0.0), $0.1) }, uniquingKeysWith: { $1 }))
    }

    init(members: [Text: Value]) {
        self.members = members.map { ($0.key, $0.value) }
        self.members.sort { Record.precedes($0.name, $1.name) }
    }

    public subscript(name: String) -> Value? {
        get { self[Text(name)] }
        set {
            let name = Text(name)
            let place = members.firstIndex { !Record.precedes($0.name, name) } ?? members.endIndex
            let isPresent = place < members.endIndex && members[place].name == name
            switch (newValue, isPresent) {
            case (let value?, true): members[place].value = value
            case (let value?, false): members.insert((name, value), at: place)
            case (nil, true): members.remove(at: place)
            case (nil, false): break
            }
        }
    }

    subscript(name: Text) -> Value? {
        guard let place = place(of: name) else { return nil }
        return members[place].value
    }

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }

    /// The names in code point order.
    public var names: [String] { members.map(\.name).sorted().map(\.string) }

    private static func precedes(_ a: Text, _ b: Text) -> Bool { (a.digest, a) < (b.digest, b) }

    private func place(of name: Text) -> Int? {
        var low = 0
        // Few attributes are looked through; many are halved first.
        if members.count > 8 {
            var high = members.count
            while low < high {
                let middle = (low + high) / 2
                if members[middle].name.digest < name.digest { low = middle + 1 } else { high = middle }
            }
        }
        for place in low..<members.count {
            let digest = members[place].name.digest
            if digest == name.digest, members[place].name == name { return place }
            if digest > name.digest { return nil }
        }
        return nil
    }
}

extension Record: Hashable {
    public static func == (a: Record, b: Record) -> Bool {
        a.members.count == b.members.count
            && zip(a.members, b.members).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for member in members {
            hasher.combine(member.name)
            hasher.combine(member.value)
        }
    }
}

extension Record: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
