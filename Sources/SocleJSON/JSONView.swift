// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One value of a text that was read and checked whole, looked into where it stands: no tree is made of what nobody asks
/// for. `value` makes one.
package struct JSONView: Sendable {
    private final class Document: Sendable {
        let bytes: [UInt8]
        let nodes: [JSONNode]

        init(_ reader: consuming JSONReader) {
            bytes = reader.bytes
            nodes = reader.nodes
        }
    }

    private let document: Document
    private let place: Int

    private init(_ document: Document, _ place: Int) {
        self.document = document
        self.place = place
    }

    /// Reads one JSON text, whole (RFC 8259; I-JSON's unique members, RFC 7493 §2.3).
    package init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        // Before they are copied.
        guard bytes.count <= limits.bytes else { throw JSONError(fault: .tooLarge, offset: limits.bytes) }
        try self.init(parsing: Array(bytes), limits: limits)
    }

    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytes else { throw JSONError(fault: .tooLarge, offset: limits.bytes) }
        var reader = JSONReader(bytes: bytes, limits: limits)
        try reader.text()
        self.init(Document(reader), 0)
    }

    /// The same value, as a text.
    package init(_ value: JSONValue) {
        let bytes = value.bytes
        do throws(JSONError) {
            try self.init(
                parsing: bytes, limits: JSONLimits(bytes: bytes.count, depth: 512, values: bytes.count))
        } catch {
            preconditionFailure("a value has no text: \(error)")
        }
    }

    private var node: JSONNode { document.nodes[place] }

    package var isNull: Bool { node.kind == .null }
    package var isObject: Bool { node.kind == .object }
    package var string: String? { node.kind == .string ? node.string(in: document.bytes) : nil }
    package var integer: Int64? { node.kind == .integer ? node.integer(in: document.bytes) : nil }
    package var bool: Bool? {
        switch node.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// The elements of an array; nil for anything else.
    package var elements: [JSONView]? {
        let node = node
        guard node.kind == .array else { return nil }
        var elements: [JSONView] = []
        elements.reserveCapacity(Int(node.count))
        var place = place + 1
        for _ in 0..<node.count {
            elements.append(JSONView(document, place))
            place = Int(document.nodes[place].next)
        }
        return elements
    }

    /// The elements of an array of strings; nil when any element is something else.
    package var strings: [String]? {
        guard let elements else { return nil }
        let strings = elements.compactMap(\.string)
        return strings.count == elements.count ? strings : nil
    }

    /// The names of an object's members, in order; none for anything else.
    package var names: [String] {
        let node = node
        guard node.kind == .object else { return [] }
        var names: [String] = []
        names.reserveCapacity(Int(node.count))
        var name = place + 1
        for _ in 0..<node.count {
            names.append(document.nodes[name].string(in: document.bytes))
            name = Int(document.nodes[name + 1].next)
        }
        return names
    }

    /// A member of an object; nil for anything else.
    package subscript(name: String) -> JSONView? {
        var name = name
        return name.withUTF8(member).map { JSONView(document, $0) }
    }

    /// Where the value of that member stands.
    private func member(_ wanted: UnsafeBufferPointer<UInt8>) -> Int? {
        let (bytes, nodes) = (document.bytes, document.nodes)
        guard nodes[place].kind == .object else { return nil }
        var name = place + 1
        for _ in 0..<nodes[place].count {
            let node = nodes[name]
            let length = Int(node.end - node.start)
            let isFound =
                node.spelling == .escaped
                // Six bytes at most for a character: most names are told apart without being read.
                ? (wanted.count...6 * wanted.count).contains(length)
                    && node.string(in: bytes).utf8.elementsEqual(wanted)
                : length == wanted.count && wanted.indices.allSatisfy { bytes[Int(node.start) + $0] == wanted[$0] }
            if isFound { return name + 1 }
            name = Int(nodes[name + 1].next)
        }
        return nil
    }

    /// The tree of this value.
    package var value: JSONValue {
        var place = place
        return tree(&place)
    }

    private func tree(_ place: inout Int) -> JSONValue {
        let node = document.nodes[place]
        place += 1
        switch node.kind {
        case .null: return .null
        case .no: return .bool(false)
        case .yes: return .bool(true)
        // INVARIANT: numbers are read once before a text is accepted.
        case .integer: return .integer(node.integer(in: document.bytes) ?? 0)
        case .double: return .double(node.double(in: document.bytes) ?? 0)
        case .string: return .string(node.string(in: document.bytes))
        case .array:
            var elements: [JSONValue] = []
            elements.reserveCapacity(Int(node.count))
            for _ in 0..<node.count { elements.append(tree(&place)) }
            return .array(elements)
        case .object:
            var object = JSONObject(reservingCapacity: Int(node.count))
            for _ in 0..<node.count {
                let name = document.nodes[place].string(in: document.bytes)
                place += 1
                object.append(unique: name, tree(&place))
            }
            return .object(object)
        }
    }
}
