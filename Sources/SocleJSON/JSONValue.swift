// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A JSON value (RFC 8259), members in the order they were written.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object: unique names, kept in order.
package struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var members: [(name: String, value: JSONValue)]

    package init() { members = [] }

    /// - Parameter capacity: how many members there will be, about.
    package init(reservingCapacity capacity: Int) {
        members = []
        members.reserveCapacity(capacity)
    }

    /// - Precondition: no name is given twice.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(reservingCapacity: elements.count)
        for (name, value) in elements { append(unique: name, value) }
    }

    /// The member of that name; setting nil removes it, setting a new name appends it.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }

    package var isEmpty: Bool { members.isEmpty }
    package var names: [String] { members.map(\.name) }

    /// Appends without looking for the name: for whoever knows that it is not there yet.
    package mutating func append(unique name: String, _ value: JSONValue) { members.append((name, value)) }

    /// Nothing for nil.
    package mutating func append(unique name: String, _ value: String?) {
        if let value { append(unique: name, .string(value)) }
    }

    package static func == (a: JSONObject, b: JSONObject) -> Bool {
        a.members.count == b.members.count && a.members.allSatisfy { b[$0.name] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        for member in members.sorted(by: { $0.name < $1.name }) {
            hasher.combine(member.name)
            hasher.combine(member.value)
        }
    }
}

extension JSONValue {
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    package var isNull: Bool { if case .null = self { true } else { false } }

    /// A member of an object; nil for anything else.
    package subscript(name: String) -> JSONValue? { object?[name] }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject(reservingCapacity: elements.count)
        for (name, value) in elements { object.append(unique: name, value) }
        self = .object(object)
    }
}

extension JSONValue {
    /// Strings as a JSON array.
    package init(_ strings: some Sequence<String>) { self = .array(strings.map(JSONValue.string)) }
    package init(_ strings: [String]) { self = .array(strings.map(JSONValue.string)) }

    /// The elements of an array of strings; nil when any element is something else.
    package var strings: [String]? {
        guard let array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }
}
