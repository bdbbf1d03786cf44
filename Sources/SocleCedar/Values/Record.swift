// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The attributes of a record or of an entity, by name; names are compared by code point.
public struct Record: Hashable, Sendable {
    var members: [Text: Value]

    public init() { members = [:] }

    /// A later member of the same name replaces the earlier one; readers refuse duplicates before they come here.
    public init(_ members: some Sequence<(String, Value)>) {
        self.members = Dictionary(members.map { (Text($0.0), $0.1) }, uniquingKeysWith: { $1 })
    }

    init(members: [Text: Value]) { self.members = members }

    public subscript(name: String) -> Value? {
        get { members[Text(name)] }
        set { members[Text(name)] = newValue }
    }

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }

    /// The names in code point order.
    public var names: [String] { members.keys.sorted().map(\.string) }
}

extension Record: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
