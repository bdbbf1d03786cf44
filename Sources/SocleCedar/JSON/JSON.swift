// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A JSON value (RFC 8259) as Cedar uses it: integers of 64 bits, names unique in an object and kept in order.
indirect enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case string(String)
    case array([JSON])
    case object([(name: String, value: JSON)])
}

/// A JSON text that cannot be read, or does not say what it should.
public struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Names and indices from the outermost value: `entities[3].attrs.name`; empty for a fault of the text itself.
    public let path: String
    /// Lower case, no final stop.
    public let message: String

    init(path: JSONPath, message: String) {
        self.path = path.text
        self.message = message
    }

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

extension JSON {
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { Text.areSame($0.name, name) }?.value
    }

    var string: String? { if case .string(let value) = self { value } else { nil } }
    var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    var object: [(name: String, value: JSON)]? { if case .object(let value) = self { value } else { nil } }

    /// How many objects and arrays stand in one another.
    var nesting: Int {
        switch self {
        case .null, .bool, .integer, .string: 0
        case .array(let elements): 1 + (elements.lazy.map(\.nesting).max() ?? 0)
        case .object(let members): 1 + (members.lazy.map(\.value.nesting).max() ?? 0)
        }
    }

    /// The member of an object of exactly one.
    var single: (name: String, value: JSON)? {
        guard case .object(let members) = self, members.count == 1 else { return nil }
        return members[0]
    }
}
